// How an autoscaler came to its number, or why it comes to none: what it measures, and each of its conditions with the number that decides.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { HorizontalPodAutoscaler } from '../../engine/kinds/autoscaling/autoscaler.ts';
import { metricsText } from '../../engine/kinds/autoscaling/metrics-text.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

/** upstream: pkg/controller/podautoscaler/replica_calculator.go calculateRequests */
const NO_REQUEST = /missing request for (\S+) in container (\S+) of Pod (\S+)$/;

export const autoscaler: Question = {
  name: 'autoscaler',
  answer: (cluster, kind, object) => {
    if (kind !== 'HorizontalPodAutoscaler.autoscaling') return [];
    const scaler = object as HorizontalPodAutoscaler;
    if ((scaler.status?.conditions ?? []).length === 0) return [line('notYet', {}, { settings: { period: settings.scalePeriod } })];
    const obstacle = obstacles(cluster, scaler);
    if (obstacle.length > 0) return obstacle;
    const bounds = [...stabilized(scaler), ...limited(scaler)];
    const { currentReplicas: current = 0, desiredReplicas: desired = 0 } = scaler.status ?? {};
    if (bounds.length === 0 && current === desired) return [];
    const metrics = metricsText(scaler.spec.metrics, scaler.status?.currentMetrics);
    return [
      line(
        current === desired ? 'stays' : 'measures',
        { metrics, current, desired, tolerance: '10 %' },
        { settings: { tolerance: settings.scaleTolerance } },
      ),
      ...bounds,
    ];
  },
};

/** What keeps it from having a number at all. */
function obstacles(cluster: Cluster, { metadata, spec, status }: HorizontalPodAutoscaler): readonly WhyLine[] {
  const { kind, name } = spec.scaleTargetRef;
  const able = findCondition(status?.conditions, 'AbleToScale');
  if (able?.status === 'False') {
    const says = able.reason === 'FailedGetScale' ? 'noTarget' : 'notAble';
    return [line(says, { kind, name, reason: able.reason ?? '', message: able.message ?? '' })];
  }
  const active = findCondition(status?.conditions, 'ScalingActive');
  if (active === undefined || active.status === 'True') return [];
  const { reason = '', message = '' } = active;
  if (reason === 'ScalingDisabled') return [line('disabled', { kind, name })];
  const lines = [line('inactive', { reason, message })];
  const [, resource = '', container = '', pod] = NO_REQUEST.exec(message) ?? [];
  if (pod === undefined) return lines;
  const key = `${metadata.namespace}/${pod}`;
  const about = cluster.store.get('Pod', key) === undefined ? null : { kind: 'Pod', key };
  return [...lines, line('noRequest', { pod, container, resource, request: '0' }, { about, settings: { request: settings.requests } })];
}

/** It would have fewer or more, and waits to see whether that lasts. */
function stabilized({ spec, status }: HorizontalPodAutoscaler): readonly WhyLine[] {
  const reason = findCondition(status?.conditions, 'AbleToScale')?.reason;
  if (reason !== 'ScaleDownStabilized' && reason !== 'ScaleUpStabilized') return [];
  const isDown = reason === 'ScaleDownStabilized';
  const rules = isDown ? spec.behavior?.scaleDown : spec.behavior?.scaleUp;
  const window = `${rules?.stabilizationWindowSeconds ?? (isDown ? 300 : 0)} s`;
  const from = isDown ? settings.scaleDownWindow : settings.scaleUpWindow;
  return [line(isDown ? 'downStabilized' : 'upStabilized', { window }, { settings: { window: from } })];
}

function limited({ spec, status }: HorizontalPodAutoscaler): readonly WhyLine[] {
  const condition = findCondition(status?.conditions, 'ScalingLimited');
  if (condition?.status !== 'True') return [];
  const values = { max: spec.maxReplicas, min: spec.minReplicas ?? 1, message: condition.message ?? '' };
  if (condition.reason === 'TooManyReplicas') return [line('tooMany', values, { settings: { max: settings.scaleMax } })];
  if (condition.reason === 'TooFewReplicas') return [line('tooFew', values, { settings: { min: settings.scaleMin } })];
  return [line('tooFast', values)];
}

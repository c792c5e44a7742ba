// Why a rollout does not go on: the one number that binds it now, and the pods that would have to change.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { revisionOf } from '../../engine/controllers/deployment/annotations.ts';
import {
  desiredReplicas,
  isRollingUpdate,
  maxSurge,
  maxUnavailable,
  minAvailable,
} from '../../engine/controllers/deployment/fenceposts.ts';
import { actualReplicas, availableReplicas, type Sets, wantedReplicas } from '../../engine/controllers/deployment/sets.ts';
import { isComplete, TIMED_OUT } from '../../engine/controllers/deployment/status.ts';
import { isPodActive, isPodReady } from '../../engine/controllers/pod-state.ts';
import type { Deployment } from '../../engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../engine/kinds/apps/replica-set.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { isControlledBy } from '../../engine/meta/owner-references.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const NAMES_MAX = 20;

export const deploymentStuck: Question = {
  name: 'deploymentStuck',
  answer: (cluster, kind, object) => {
    const deployment = object as Deployment;
    if (kind !== 'Deployment.apps' || isComplete(deployment, deployment.status ?? {})) return [];
    if (deployment.spec.paused === true) return [line('paused')];
    const sets = ownedBy(cluster, 'ReplicaSet.apps', deployment) as readonly ReplicaSet[];
    const newest = sets.find((set) => revisionOf(set) === revisionOf(deployment) && revisionOf(set) > 0);
    return [...refused(deployment), ...bounds(deployment, sets, newest), ...unready(cluster, newest), ...deadline(deployment)];
  },
};

/** A quota or an admission plugin said no to a pod. */
function refused({ status }: Deployment): readonly WhyLine[] {
  const failure = findCondition(status.conditions, 'ReplicaFailure');
  return failure?.status === 'True' ? [line('refused', { reason: failure.reason ?? '', message: failure.message ?? '' })] : [];
}

/** What the deployment controller may do in its next step. upstream: pkg/controller/deployment/rolling.go */
function bounds(deployment: Deployment, sets: Sets, newest: ReplicaSet | undefined): readonly WhyLine[] {
  const desired = desiredReplicas(deployment);
  const old = sets.filter((set) => set !== newest);
  const oldPods = actualReplicas(old);
  const updated = deployment.status.updatedReplicas ?? 0;
  const available = availableReplicas(sets);
  const lines = [line('counts', { desired, updated, available, oldPods }, { settings: { desired: settings.replicas } })];
  if (!isRollingUpdate(deployment)) return oldPods > 0 ? [...lines, line('recreate', { oldPods })] : lines;
  const surge = maxSurge(deployment);
  const most = desired + surge;
  const wanted = wantedReplicas(sets);
  if (wantedReplicas(newest === undefined ? [] : [newest]) < desired && wanted >= most)
    lines.push(line('atMost', { most, wanted, surge }, { settings: { surge: settings.maxSurge } }));
  const least = minAvailable(deployment);
  if (oldPods > 0 && available <= least) {
    const unavailable = maxUnavailable(deployment);
    lines.push(line('atLeast', { least, available, unavailable }, { settings: { unavailable: settings.maxUnavailable } }));
  }
  const { minReadySeconds = 0 } = deployment.spec;
  const readyOnly = (deployment.status.readyReplicas ?? 0) - (deployment.status.availableReplicas ?? 0);
  if (minReadySeconds > 0 && readyOnly > 0)
    lines.push(line('notLongEnough', { count: readyOnly, seconds: `${minReadySeconds} s` }, { settings: { seconds: settings.minReady } }));
  return lines;
}

function unready(cluster: Cluster, newest: ReplicaSet | undefined): readonly WhyLine[] {
  if (newest === undefined) return [];
  const pods = (ownedBy(cluster, 'Pod', newest) as readonly Pod[]).filter((pod) => isPodActive(pod) && !isPodReady(pod));
  const [first] = pods;
  if (first === undefined) return [];
  const names = pods.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
  return [line('unready', { count: pods.length }, { names, about: { kind: 'Pod', key: keyOf(first) } })];
}

function deadline({ spec, status }: Deployment): readonly WhyLine[] {
  const progressing = findCondition(status.conditions, 'Progressing');
  if (progressing?.reason !== TIMED_OUT) return [];
  const seconds = `${spec.progressDeadlineSeconds ?? 600} s`;
  return [line('timedOut', { seconds }, { settings: { seconds: settings.progressDeadline } })];
}

function ownedBy(cluster: Cluster, kind: string, owner: ApiObject): readonly ApiObject[] {
  return [...cluster.store.table(kind).values()].filter((object) => isControlledBy(object, owner));
}

// How far one step may go: minimum and maximum of the autoscaler, and how fast its behavior lets a size change.
// upstream: pkg/controller/podautoscaler/horizontal.go convertDesiredReplicasWithRules, convertDesiredReplicasWithBehaviorRate
import type { Behavior, ScalingRules } from '../../kinds/autoscaling/autoscaler.ts';
import type { ScaleStep } from './autoscaler-memory.ts';

/** upstream: scaleUpLimitFactor, scaleUpLimitMinimum */
const FACTOR = 2;
const LIMIT_MIN = 4;

export interface Range {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

export interface Limited {
  readonly replicas: number;
  readonly reason: 'DesiredWithinRange' | 'ScaleUpLimit' | 'ScaleDownLimit' | 'TooManyReplicas' | 'TooFewReplicas';
  readonly message: string;
}

export interface Steps {
  readonly ups: readonly ScaleStep[];
  readonly downs: readonly ScaleStep[];
  readonly nowMs: number;
}

const messages: Readonly<Record<Limited['reason'], string>> = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
};

function limited(replicas: number, reason: Limited['reason']): Limited {
  return { replicas, reason, message: messages[reason] };
}

/** Without behavior: at most twice as many, or four. */
export function limitPlain(current: number, desired: number, { minReplicas, maxReplicas }: Range): Limited {
  const upLimit = Math.max(FACTOR * current, LIMIT_MIN);
  if (desired < minReplicas) return limited(minReplicas, 'TooFewReplicas');
  const most = Math.min(maxReplicas, upLimit);
  if (desired > most) return limited(most, maxReplicas > upLimit ? 'ScaleUpLimit' : 'TooManyReplicas');
  return limited(desired, 'DesiredWithinRange');
}

export function limitByBehavior(current: number, desired: number, range: Range, behavior: Required<Behavior>, steps: Steps): Limited {
  if (desired > current) {
    const upLimit = Math.max(scaleUpLimit(current, behavior.scaleUp, steps), current);
    const most = Math.min(range.maxReplicas, upLimit);
    if (desired > most) return limited(most, range.maxReplicas > upLimit ? 'ScaleUpLimit' : 'TooManyReplicas');
  } else if (desired < current) {
    const downLimit = Math.min(scaleDownLimit(current, behavior.scaleDown, steps), current);
    const least = Math.max(range.minReplicas, downLimit);
    if (desired < least) return limited(least, range.minReplicas < downLimit ? 'ScaleDownLimit' : 'TooFewReplicas');
  }
  return limited(desired, 'DesiredWithinRange');
}

/** upstream: calculateScaleUpLimitWithScalingRules */
export function scaleUpLimit(current: number, { selectPolicy, policies = [] }: ScalingRules, steps: Steps): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = startOf(current, periodSeconds, steps);
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** upstream: calculateScaleDownLimitWithBehaviors */
export function scaleDownLimit(current: number, { selectPolicy, policies = [] }: ScalingRules, steps: Steps): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = startOf(current, periodSeconds, steps);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** What the size was when the period began. */
function startOf(current: number, periodSeconds: number, { ups, downs, nowMs }: Steps): number {
  return current - changeWithin(ups, periodSeconds, nowMs) + changeWithin(downs, periodSeconds, nowMs);
}

/** upstream: getReplicasChangePerPeriod */
function changeWithin(steps: readonly ScaleStep[], periodSeconds: number, nowMs: number): number {
  return steps.reduce((sum, { change, atMs }) => (atMs > nowMs - periodSeconds * 1000 ? sum + change : sum), 0);
}

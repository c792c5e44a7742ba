// Which taints a pod tolerates: asked by the scheduler, by taint eviction and by daemons.
// upstream: api core/v1/toleration.go, component-helpers/scheduling/corev1/helpers.go, pkg/apis/core/v1/helper GetMatchingTolerations,
// pkg/util/tolerations MergeTolerations
import type { Taint as OpenApiTaint, Toleration as OpenApiToleration } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../base/equal.ts';
import type { Value } from './object.ts';

export type Taint = Value<OpenApiTaint>;
export type Toleration = Value<OpenApiToleration>;

/** No key matches every key, no effect every effect; no operator means Equal. */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if ((toleration.effect ?? '') !== '' && toleration.effect !== taint.effect) return false;
  if ((toleration.key ?? '') !== '' && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Exists':
      return true;
    default:
      return false;
  }
}

/** The first taint that counts and that no toleration covers. upstream: FindMatchingUntoleratedTaint */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  counts: (taint: Taint) => boolean = () => true,
): Taint | undefined {
  return taints.find((taint) => counts(taint) && !tolerations.some((toleration) => toleratesTaint(toleration, taint)));
}

/** For each taint the first toleration that covers it; undefined when a taint is not covered. upstream: GetMatchingTolerations */
export function matchingTolerations(taints: readonly Taint[], tolerations: readonly Toleration[]): readonly Toleration[] | undefined {
  const matching: Toleration[] = [];
  for (const taint of taints) {
    const toleration = tolerations.find((candidate) => toleratesTaint(candidate, taint));
    if (toleration === undefined) return undefined;
    matching.push(toleration);
  }
  return matching;
}

/** Both lists as one, without those that another one covers; of equal ones the first stays. upstream: MergeTolerations */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] {
  const all = [...first, ...second];
  return all.filter(
    (toleration, index) =>
      !all.some((other, place) => (place < index ? covers(other, toleration) : covers(other, toleration) && !equal(other, toleration))),
  );
}

/** Does the wider one tolerate all that the other does? upstream: isSuperset */
function covers(wider: Toleration, other: Toleration): boolean {
  if (equal(wider, other)) return true;
  const anyKey = (wider.key ?? '') === '' && wider.operator === 'Exists';
  if (!anyKey && (wider.key ?? '') !== (other.key ?? '')) return false;
  if ((wider.effect ?? '') !== '' && wider.effect !== other.effect) return false;
  const { tolerationSeconds } = wider;
  if (wider.effect === 'NoExecute' && tolerationSeconds !== undefined)
    if (other.tolerationSeconds === undefined || other.tolerationSeconds > tolerationSeconds) return false;
  if (wider.operator === 'Exists') return true;
  return other.operator === 'Equal' && (wider.value ?? '') === (other.value ?? '');
}

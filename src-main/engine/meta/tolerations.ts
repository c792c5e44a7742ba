// Which taints a pod tolerates: asked by the scheduler, by taint eviction and by daemons.
// upstream: api core/v1/toleration.go, component-helpers/scheduling/corev1/helpers.go, pkg/apis/core/v1/helper GetMatchingTolerations
import type { Taint as OpenApiTaint, Toleration as OpenApiToleration } from 'kubernetes-types/core/v1.d.ts';
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

// Turns the keys by which a pod's affinity names its own labels into plain requirements when the pod is made, so that schedulers read selectors only.
// upstream: pkg/registry/core/pod/strategy.go applyMatchLabelKeysAndMismatchLabelKeys
import type * as core from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';
import { mapShared, type PodSpec } from './pod-spec.ts';

type Term = Value<core.PodAffinityTerm>;
type Side = Value<core.PodAffinity>;
/** A preference may lack its term until it is validated. */
const NO_TERM: Term = { topologyKey: '' };

type Labels = Readonly<Record<string, string>>;

/** The very same spec when no term names keys. */
export function withLabelKeys(spec: PodSpec, labels: Labels = {}): PodSpec {
  const { affinity } = spec;
  if (affinity?.podAffinity === undefined && affinity?.podAntiAffinity === undefined) return spec;
  const podAffinity = affinity.podAffinity && withKeys(affinity.podAffinity, labels);
  const podAntiAffinity = affinity.podAntiAffinity && withKeys(affinity.podAntiAffinity, labels);
  if (podAffinity === affinity.podAffinity && podAntiAffinity === affinity.podAntiAffinity) return spec;
  return { ...spec, affinity: { ...affinity, ...(podAffinity && { podAffinity }), ...(podAntiAffinity && { podAntiAffinity }) } };
}

function withKeys(side: Side, labels: Labels): Side {
  const { requiredDuringSchedulingIgnoredDuringExecution: hard, preferredDuringSchedulingIgnoredDuringExecution: soft } = side;
  const required = hard && mapShared(hard, (term) => termWithKeys(term, labels));
  const preferred =
    soft &&
    mapShared(soft, (one) => {
      const podAffinityTerm = termWithKeys(one.podAffinityTerm ?? NO_TERM, labels);
      return podAffinityTerm === (one.podAffinityTerm ?? NO_TERM) ? one : { ...one, podAffinityTerm };
    });
  if (required === hard && preferred === soft) return side;
  return {
    ...side,
    ...(required && { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

/** A key that the pod has no label for says nothing, and neither do keys without a selector. */
function termWithKeys(term: Term, labels: Labels): Term {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (labelSelector === undefined) return term;
  const requirements = (keys: readonly string[], operator: string) =>
    keys.flatMap((key) => {
      const value = labels[key];
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  const own = [...requirements(matchLabelKeys, 'In'), ...requirements(mismatchLabelKeys, 'NotIn')];
  if (own.length === 0) return term;
  return { ...term, labelSelector: { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...own] } };
}

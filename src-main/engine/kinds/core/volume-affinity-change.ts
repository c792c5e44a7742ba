// Where a volume can be used stays as it was, but for labels of nodes that got their final names. upstream: pkg/apis/core/validation validatePvNodeAffinity
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import type { Value } from '../../meta/object.ts';

type Affinity = Value<core.VolumeNodeAffinity>;
type Requirements = readonly Value<core.NodeSelectorRequirement>[] | undefined;

export function keepsAffinity(next: Affinity | undefined, previous: Affinity): boolean {
  const after = next?.required?.nodeSelectorTerms;
  const before = previous.required?.nodeSelectorTerms;
  if (after === undefined || before === undefined) return equal(next, previous);
  return (
    after.length === before.length &&
    after.every(
      ({ matchExpressions, matchFields }, index) =>
        keeps(matchExpressions, before[index]?.matchExpressions) && keeps(matchFields, before[index]?.matchFields),
    )
  );
}

const finalNames: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
};

function keeps(next: Requirements = [], previous: Requirements = []): boolean {
  return (
    next.length === previous.length &&
    next.every((requirement, index) => {
      const old = previous[index];
      if (old === undefined) return false;
      const renamed = finalNames[old.key] === requirement.key ? { ...old, key: requirement.key } : old;
      return equal(requirement, renamed);
    })
  );
}

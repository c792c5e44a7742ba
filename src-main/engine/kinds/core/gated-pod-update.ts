// What may change of a pod that its gates keep from the scheduler: where it may go can be narrowed, and never widened.
// upstream: pkg/apis/core/validation/validation.go ValidatePodUpdate, validateNodeSelectorMutation, validateNodeAffinityMutation (release 1.33)
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { goStringMap } from '../go-syntax.ts';
import type { PodSpec } from './pod-spec.ts';

type Affinity = NonNullable<PodSpec['affinity']>;
type NodeAffinity = Affinity['nodeAffinity'];
type Term = NonNullable<NonNullable<NodeAffinity>['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'][number];

export function validateNarrowing(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  return [
    ...validateSelector(next.nodeSelector ?? {}, previous.nodeSelector ?? {}, path.child('nodeSelector')),
    ...validateNodeAffinity(next.affinity?.nodeAffinity, previous.affinity?.nodeAffinity),
  ];
}

/** The specification with what gated pods may change as it was before. */
export function withoutNarrowing(spec: PodSpec, { nodeSelector, affinity }: PodSpec): PodSpec {
  const { nodeSelector: _selector, affinity: own, ...rest } = spec;
  const { nodeAffinity: _changed, ...others } = own ?? {};
  const kept = affinity?.nodeAffinity === undefined ? others : { ...others, nodeAffinity: affinity.nodeAffinity };
  const isNone = Object.keys(kept).length === 0 && (own === undefined || affinity === undefined);
  return { ...rest, ...(nodeSelector && { nodeSelector }), ...(isNone && affinity === undefined ? {} : { affinity: kept }) } as PodSpec;
}

const path = new FieldPath('spec');

function validateSelector(
  next: Readonly<Record<string, string>>,
  previous: Readonly<Record<string, string>>,
  at: FieldPath,
): readonly FieldError[] {
  if (Object.entries(previous).every(([name, value]) => next[name] === value)) return [];
  return [fieldInvalid(at, goStringMap(next), 'only additions to spec.nodeSelector are allowed (no mutations or deletions)')];
}

function validateNodeAffinity(next: NodeAffinity, previous: NodeAffinity): readonly FieldError[] {
  const old = previous?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const wanted = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const at = path.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  if (old.length === 0) return [];
  if (wanted.length !== old.length)
    return [fieldInvalid(at, wanted, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  return old.flatMap((term, index) => {
    const other = wanted[index];
    if (other !== undefined && isOnlyAddedTo(other, term)) return [];
    return [fieldInvalid(at.index(index), other, 'only additions are allowed (no mutations or deletions)')];
  });
}

/** upstream: validateNodeSelectorTermHasOnlyAdditions */
function isOnlyAddedTo(next: Term, previous: Term): boolean {
  const [expressions, fields] = [previous.matchExpressions ?? [], previous.matchFields ?? []];
  // A term without requirements fits no node; with some it would.
  if (expressions.length + fields.length === 0) return (next.matchExpressions ?? []).length + (next.matchFields ?? []).length === 0;
  return (
    equal((next.matchExpressions ?? []).slice(0, expressions.length), expressions) &&
    equal((next.matchFields ?? []).slice(0, fields.length), fields)
  );
}

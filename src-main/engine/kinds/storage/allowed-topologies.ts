// Where a storage class lets volumes be made: scheduler and provisioners must agree on it.
// upstream: pkg/apis/core/v1/helper MatchTopologySelectorTerms
import type { Labels } from '../../meta/labels.ts';
import type { StorageClass } from './storage-class.ts';

/** No terms: everywhere. Terms are alternatives; within one every label must have one of the values. */
export function topologyAllowed({ allowedTopologies = [] }: Pick<StorageClass, 'allowedTopologies'>, labels: Labels): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) => {
    const all = matchLabelExpressions.every(({ key, values }) => labels[key] !== undefined && values.includes(labels[key]));
    return matchLabelExpressions.length > 0 && all;
  });
}

// Is a pod done with its volumes as far as the API shows?
import type { Pod } from '../../kinds/core/pod.ts';

/** upstream: pkg/volume/util IsPodTerminated */
export function isPodTerminated(pod: Pod): boolean {
  const { phase, containerStatuses = [] } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return true;
  if (pod.metadata.deletionTimestamp === undefined) return false;
  return containerStatuses.every(({ state }) => state?.terminated !== undefined || state?.waiting !== undefined);
}

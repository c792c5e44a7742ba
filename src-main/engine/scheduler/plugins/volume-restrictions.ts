// Lets a claim that only one pod may use be used by one pod.
// upstream: pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go

import type { Pod } from '../../kinds/core/pod.ts';
import { claimsOfPod } from '../claims-of-pod.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { FilterPlan, Rejection, SchedulerPlugin } from './plugin.ts';

const name = 'VolumeRestrictions';
const inUse: Rejection = {
  plugin: name,
  reasons: ['node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
  resolvable: true,
};

export const volumeRestrictions: SchedulerPlugin = {
  name,
  planFilter,
  mayHelp: (pod, event) => {
    const claims = claimsOfPod(pod);
    if (event.resource === 'PersistentVolumeClaim') {
      const { next } = event;
      return next !== undefined && claims.some(({ key }) => key === `${next.metadata.namespace}/${next.metadata.name}`);
    }
    if (event.resource !== 'AssignedPod' || event.next !== undefined || event.previous === undefined) return false;
    const freed = new Set(claimsOfPod(event.previous).map(({ key }) => key));
    return claims.some(({ key }) => freed.has(key));
  },
};

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const exclusive: string[] = [];
  for (const { name: claimName, key, ephemeral } of claimsOfPod(pod)) {
    if (ephemeral) continue;
    const claim = view.listers.claims.get(key);
    if (claim === undefined)
      return { rejection: { plugin: name, reasons: [`persistentvolumeclaim "${claimName}" not found`], resolvable: false } };
    if (claim.spec.accessModes?.includes('ReadWriteOncePod') === true) exclusive.push(key);
  }
  if (exclusive.length === 0) return null;
  const used = view.nodes().some(({ claims }) => exclusive.some((key) => claims.has(key)));
  return used ? { filter: () => inUse } : null;
}

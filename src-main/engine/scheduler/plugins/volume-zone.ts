// Keeps a pod to the zones that its volumes' labels name, as volumes without node affinity still have them.
// upstream: pkg/scheduler/framework/plugins/volumezone/volume_zone.go
import { equal } from '../../base/equal.ts';
import { claimClass, waitsForFirstConsumer } from '../../kinds/core/find-matching-volume.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { claimsOfPod } from '../claims-of-pod.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { FilterPlan, Rejection, SchedulerPlugin } from './plugin.ts';

const TOPOLOGY_LABELS = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
];

const name = 'VolumeZone';
const elsewhere: Rejection = { plugin: name, reasons: ['node(s) had no available volume zone'], resolvable: false };

export const volumeZone: SchedulerPlugin = {
  name,
  planFilter,
  mayHelp: (pod, event) => {
    if (event.next === undefined) return false;
    if (event.resource === 'PersistentVolumeClaim') {
      const { next } = event;
      return claimsOfPod(pod).some(({ key }) => key === `${next.metadata.namespace}/${next.metadata.name}`);
    }
    if (event.resource === 'Node') return !equal(event.next.metadata.labels, event.previous?.metadata.labels);
    return event.resource === 'PersistentVolume' || (event.resource === 'StorageClass' && event.previous === undefined);
  },
};

interface Wanted {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted: Wanted[] = [];
  for (const { name: claimName, key } of claimsOfPod(pod)) {
    const claim = view.listers.claims.get(key);
    if (claim === undefined) return refused(`persistentvolumeclaim "${claimName}" not found`);
    const volumeName = claim.spec.volumeName ?? '';
    if (volumeName === '') {
      const className = claimClass(claim);
      if (className === '') return refused('PersistentVolumeClaim had no pv name and storageClass name');
      if (waitsForFirstConsumer(view.listers.storageClasses.get(className))) continue;
      return refused('PersistentVolume had no name');
    }
    const labels = view.listers.volumes.get(volumeName)?.metadata.labels ?? {};
    for (const label of TOPOLOGY_LABELS) {
      const text = labels[label];
      if (text !== undefined) wanted.push({ label, values: new Set(text.split('__')) });
    }
  }
  if (wanted.length === 0) return null;
  return {
    filter: ({ node }) => {
      const labels = node.metadata.labels ?? {};
      if (!TOPOLOGY_LABELS.some((label) => labels[label] !== undefined)) return null;
      return wanted.every(({ label, values }) => values.has(labels[label] ?? '')) ? null : elsewhere;
    },
  };
}

function refused(reason: string): FilterPlan {
  return { rejection: { plugin: name, reasons: [reason], resolvable: false } };
}

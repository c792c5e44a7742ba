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

/** A volume's old label may be answered by the node's stable one. upstream: translateToGALabel */
const STABLE: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};

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
    if (event.resource === 'StorageClass') return event.previous === undefined && waitsForFirstConsumer(event.next);
    if (event.resource !== 'PersistentVolume') return false;
    const { next, previous } = event;
    return previous === undefined || TOPOLOGY_LABELS.some((label) => next.metadata.labels?.[label] !== previous.metadata.labels?.[label]);
  },
};

interface Wanted {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted: Wanted[] = [];
  for (const { name: claimName, key, ephemeral } of claimsOfPod(pod)) {
    if (ephemeral) continue;
    const claim = view.listers.claims.get(key);
    if (claim === undefined) return refused(`persistentvolumeclaim "${claimName}" not found`);
    const volumeName = claim.spec.volumeName ?? '';
    if (volumeName === '') {
      const className = claimClass(claim);
      if (className === '') return refused('PersistentVolumeClaim had no pv name and storageClass name');
      const storageClass = view.listers.storageClasses.get(className);
      if (storageClass === undefined) return refused(`storageclass.storage.k8s.io "${className}" not found`);
      if (storageClass.volumeBindingMode === undefined) return refused(`VolumeBindingMode not set for StorageClass "${className}"`);
      if (waitsForFirstConsumer(storageClass)) continue;
      return refused('PersistentVolume had no name');
    }
    const volume = view.listers.volumes.get(volumeName);
    if (volume === undefined) return refused(`persistentvolume "${volumeName}" not found`);
    for (const label of TOPOLOGY_LABELS) {
      const values = volume.metadata.labels?.[label]?.split('__');
      // upstream ignores a list with an empty zone. upstream: LabelZonesToSet
      if (values?.every((value) => value.trim() !== '')) wanted.push({ label, values: new Set(values.map((value) => value.trim())) });
    }
  }
  if (wanted.length === 0) return null;
  return {
    filter: ({ node }) => {
      const labels = node.metadata.labels ?? {};
      if (!TOPOLOGY_LABELS.some((label) => labels[label] !== undefined)) return null;
      return wanted.every(({ label, values }) => values.has(labels[label] ?? labels[STABLE[label] ?? label] ?? '')) ? null : elsewhere;
    },
  };
}

function refused(reason: string): FilterPlan {
  return { rejection: { plugin: name, reasons: [reason], resolvable: false } };
}

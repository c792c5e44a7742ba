// Storage at rest: disks, volumes, claims and attachments agree, nothing is left of what is gone, and kubelets remember only pods that are there.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import type { VolumeAttachment } from '../../src-main/engine/kinds/storage/volume-attachment.ts';
import type { KubeletState } from '../../src-main/engine/kubelet/kubelet-state.ts';
import { isOver, tableOf } from './convergence.ts';

/** Its volumes are mounted without being attached. */
const FILES = 'nfs.csi.k8s.io';

export function storageFaults(cluster: Cluster): readonly string[] {
  return [...volumeFaults(cluster), ...(isShort(cluster) ? [] : attachmentFaults(cluster)), ...kubeletFaults(cluster)];
}

function volumeFaults(cluster: Cluster): readonly string[] {
  const claims = tableOf<PersistentVolumeClaim>(cluster, 'PersistentVolumeClaim');
  const volumes = tableOf<PersistentVolume>(cluster, 'PersistentVolume');
  const handles = new Set(volumes.map(({ spec }) => spec.csi?.volumeHandle));
  const claimFaults = claims.flatMap(({ metadata, spec, status }) => {
    const volume = volumes.find((candidate) => candidate.metadata.name === spec.volumeName);
    if (status.phase === 'Bound')
      return volume?.spec.claimRef?.uid === metadata.uid && volume.status.phase === 'Bound'
        ? []
        : [`claim ${metadata.name} is bound to nothing`];
    if (status.phase === 'Lost') return volume === undefined ? [] : [`claim ${metadata.name} is lost, but ${spec.volumeName} is there`];
    const isDue = spec.storageClassName?.startsWith('at-once') === true || spec.storageClassName === 'files';
    return isDue && metadata.deletionTimestamp === undefined ? [`claim ${metadata.name} waits: ${status.phase}`] : [];
  });
  return [
    ...claimFaults,
    ...volumes
      .filter(({ spec, status }) => spec.persistentVolumeReclaimPolicy === 'Delete' && status.phase !== 'Bound')
      .map(({ metadata, status }) => `volume ${metadata.name} stays: ${status.phase} ${status.message ?? ''}`),
    ...[...cluster.physics.all('disk')].flatMap(([handle, { attachedTo }]) =>
      attachedTo.length > 0 && !handles.has(handle) ? [`disk ${handle} is attached for nobody`] : [],
    ),
  ];
}

/** Attached is what pods on the node use, no more and no less. */
function attachmentFaults(cluster: Cluster): readonly string[] {
  const wanted = new Map<string, Set<string>>();
  for (const pod of tableOf<Pod>(cluster, 'Pod')) {
    const { nodeName = '' } = pod.spec;
    if (nodeName === '' || isOver(pod)) continue;
    for (const key of podClaimKeys(pod)) {
      const volume = (cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined)?.spec.volumeName;
      const { spec } = (cluster.store.get('PersistentVolume', volume ?? '') as PersistentVolume | undefined) ?? {};
      if (volume !== undefined && spec?.csi?.driver !== FILES) wanted.set(volume, (wanted.get(volume) ?? new Set()).add(nodeName));
    }
  }
  const faults: string[] = [];
  const attachments = tableOf<VolumeAttachment>(cluster, 'VolumeAttachment.storage.k8s.io');
  for (const { metadata, spec, status } of attachments) {
    const volume = spec.source.persistentVolumeName ?? '';
    const handle = (cluster.store.get('PersistentVolume', volume) as PersistentVolume | undefined)?.spec.csi?.volumeHandle ?? '';
    if (wanted.get(volume)?.has(spec.nodeName) !== true)
      faults.push(`attachment ${metadata.name} of ${volume} to ${spec.nodeName} is left over`);
    else if (status?.attached !== true) faults.push(`attachment ${metadata.name} of ${volume} to ${spec.nodeName} is not done`);
    else if (cluster.physics.get('disk', handle)?.attachedTo[0] !== spec.nodeName)
      faults.push(`attachment ${metadata.name} says what its disk does not`);
  }
  for (const [volume, nodes] of wanted)
    if (!attachments.some(({ spec }) => spec.source.persistentVolumeName === volume && nodes.has(spec.nodeName)))
      faults.push(`volume ${volume} is attached to none of ${[...nodes]}`);
  for (const { metadata, status } of tableOf<Node>(cluster, 'Node')) {
    const attached = attachments.filter(({ spec }) => spec.nodeName === metadata.name).length;
    if ((status.volumesAttached ?? []).length !== attached)
      faults.push(`node ${metadata.name} tells ${status.volumesAttached?.length} attached volumes of ${attached}`);
  }
  return faults;
}

function kubeletFaults(cluster: Cluster): readonly string[] {
  const { pods, nodes } = cluster.components.memoryOf('kubelet') as KubeletState;
  const flushing = new Set(cluster.timeline.entriesOf('kubelet').flatMap(({ name, key }) => (name === 'flush' ? [key] : [])));
  const uids = new Set(tableOf<Pod>(cluster, 'Pod').map(({ metadata }) => metadata.uid));
  return [
    // A machine that was given back to its cloud keeps what nobody reads.
    ...Object.values(pods)
      .filter(({ uid, node }) => !uids.has(uid) && cluster.physics.powered(node))
      .map(({ key, node }) => `kubelet ${node} remembers ${key}`),
    ...Object.entries(nodes).flatMap(([node, { addresses, unsent }]) => [
      ...Object.values(addresses)
        .filter((uid) => !uids.has(uid))
        .map((uid) => `kubelet ${node} keeps an address for ${uid}`),
      ...(unsent.length > 0 && !flushing.has(node) ? [`kubelet ${node} has not told of ${unsent}`] : []),
    ]),
  ];
}

/** Pods that take more and more memory are evicted for ever, and their volumes go with them from node to node. */
function isShort(cluster: Cluster): boolean {
  return tableOf<Node>(cluster, 'Node').some(({ status }) =>
    status.conditions?.some(({ type, status: holds }) => type === 'MemoryPressure' && holds === 'True'),
  );
}

// Why a volume is not where it is wanted: which node still holds it, whether a pod there still wants it, and when it is let go.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Attached, AttachMemory } from '../../engine/controllers/attach-detach/attach-memory.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { claimNameOf, podClaimKeys } from '../../engine/kinds/core/pod-claims.ts';
import type { VolumeAttachment } from '../../engine/kinds/storage/volume-attachment.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { settings } from '../settings.ts';
import { absence } from './control-plane-down.ts';
import { nodeAnswers, podStateOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

const ATTACHMENT = 'VolumeAttachment.storage.k8s.io';
const BY_CONTROLLER: ReadonlySet<string> = new Set(['attaching', 'heldBy', 'claimUnbound']);

export const volumeStuck: Question = {
  name: 'volumeStuck',
  answer: (cluster, kind, object) => {
    if (kind === 'Pod') return withController(cluster, ofPod(cluster, object as Pod));
    if (kind === 'PersistentVolume')
      return [...holders(cluster, object.metadata.name, ''), ...refused(attachmentsOf(cluster, object.metadata.name))];
    if (kind !== ATTACHMENT) return [];
    const { source, nodeName } = (object as VolumeAttachment).spec;
    const held = holders(cluster, source.persistentVolumeName ?? '', '').filter(({ values }) => values['node'] === nodeName);
    return [...held, ...refused([object as VolumeAttachment])];
  },
};

/** Says so when the process that attaches, detaches and binds is not there. */
function withController(cluster: Cluster, lines: readonly WhyLine[]): readonly WhyLine[] {
  if (!lines.some(({ says }) => BY_CONTROLLER.has(says))) return lines;
  return [...lines, ...absence(cluster, 'kube-controller-manager').map((line) => ({ ...line, question: 'controlPlaneDown' }))];
}

/** What the driver said when it could not attach or detach. */
function refused(attachments: readonly VolumeAttachment[]): readonly WhyLine[] {
  return attachments.flatMap(({ metadata, spec, status }) => {
    const values = { volume: spec.source.persistentVolumeName ?? '', node: spec.nodeName };
    const attach = status.attached ? '' : (status.attachError?.message ?? '');
    const detach = metadata.deletionTimestamp === undefined ? '' : (status.detachError?.message ?? '');
    return [
      ...(attach === '' ? [] : [line('attachFails', { ...values, error: attach })]),
      ...(detach === '' ? [] : [line('detachFails', { ...values, error: detach })]),
    ];
  });
}

/** Only while its kubelet waits for volumes. */
function ofPod(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  if (podStateOf(cluster, pod)?.life.value.startsWith('work.mounting') !== true) return [];
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const { name, configMap, secret } = volume;
    const { namespace } = pod.metadata;
    const claim = claimNameOf(pod, volume);
    if (claim !== undefined) return ofClaim(cluster, pod, `${namespace}/${claim}`);
    const missing = (kind: string, wanted: string | undefined, optional: boolean | undefined): readonly WhyLine[] =>
      wanted === undefined || optional === true || cluster.store.get(kind, `${namespace}/${wanted}`) !== undefined
        ? []
        : [line('missing', { volume: name, kind, name: wanted })];
    return [...missing('ConfigMap', configMap?.name, configMap?.optional), ...missing('Secret', secret?.secretName, secret?.optional)];
  });
}

function ofClaim(cluster: Cluster, { spec }: Pod, key: string): readonly WhyLine[] {
  const claim = cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
  const about = { kind: 'PersistentVolumeClaim', key };
  if (claim === undefined) return [line('claimMissing', { claim: key })];
  const volume = claim.spec.volumeName ?? '';
  if (volume === '' || claim.status?.phase !== 'Bound') return [line('claimUnbound', { claim: key }, { about })];
  const node = spec.nodeName ?? '';
  const elsewhere = holders(cluster, volume, node);
  if (elsewhere.length > 0) return elsewhere;
  const here = attachmentsOf(cluster, volume).find((attachment) => attachment.spec.nodeName === node);
  if (here?.status?.attached === true) return [line('mounting', { volume, node })];
  const error = here?.status?.attachError?.message ?? '';
  return [line(error === '' ? 'attaching' : 'attachFails', { volume, node, error })];
}

/** Nodes that have the volume and should not: those other than `wanted`, or all that are asked to let go of it. */
function holders(cluster: Cluster, volume: string, wanted: string): readonly WhyLine[] {
  const memory = cluster.components.memoryOf('attachdetach-controller') as AttachMemory | undefined;
  return attachmentsOf(cluster, volume)
    .filter(({ spec }) => spec.nodeName !== wanted)
    .flatMap((attachment) => {
      const entry = memory?.attached[volume]?.[attachment.spec.nodeName];
      if (wanted === '' && !isUnwanted(attachment, entry)) return [];
      return ofHolder(cluster, volume, attachment, entry);
    });
}

function isUnwanted({ metadata }: VolumeAttachment, entry: Attached | undefined): boolean {
  return metadata.deletionTimestamp !== undefined || (entry !== undefined && entry.detachRequestedMs !== null);
}

function ofHolder(cluster: Cluster, volume: string, attachment: VolumeAttachment, entry: Attached | undefined): readonly WhyLine[] {
  const node = attachment.spec.nodeName;
  const values = { volume, node };
  const lines = [line('heldBy', values, { about: { kind: 'Node', key: node } })];
  if (attachment.metadata.deletionTimestamp !== undefined) return [...lines, line('detaching', values)];
  if (entry === undefined || entry.detachRequestedMs === null) {
    const pods = podsOn(cluster, node, volume);
    const [first] = pods;
    const about = first === undefined ? null : { kind: 'Pod', key: keyOf(first) };
    return [...lines, line('podWants', { ...values, count: pods.length }, { names: pods.map(({ metadata }) => metadata.name), about })];
  }
  if (!nodeAnswers(cluster, node)) lines.push(line('nodeSilent', values, { about: { kind: 'Node', key: node } }));
  const dueMs = entry.forceTimer === null ? null : cluster.timeline.dueMs(entry.forceTimer);
  if (dueMs !== null) lines.push(line('forced', { ...values, wait: '6 m' }, { settings: { wait: settings.forceDetach }, dueMs }));
  else if (entry.inUse) lines.push(line('inUse', values));
  return lines;
}

function attachmentsOf(cluster: Cluster, volume: string): readonly VolumeAttachment[] {
  return ([...cluster.store.table(ATTACHMENT).values()] as VolumeAttachment[]).filter(
    ({ spec }) => spec.source.persistentVolumeName === volume,
  );
}

/** Pods of the node that the attach/detach controller still counts as users of the volume. */
function podsOn(cluster: Cluster, node: string, volume: string): readonly Pod[] {
  return ([...cluster.store.table('Pod').values()] as Pod[]).filter(
    (pod) =>
      pod.spec.nodeName === node &&
      podClaimKeys(pod).some((key) => {
        const claim = cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
        return claim?.spec.volumeName === volume;
      }),
  );
}

// Why a claim has no volume: its class, what it waits for, and every volume with the condition that it does not meet.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import {
  accessModesContained,
  claimClass,
  isDelayedProvisioning,
  isVolumeBoundToClaim,
  volumeClass,
  volumeIsLargeEnough,
  volumeModesDiffer,
  waitsForFirstConsumer,
} from '../../engine/kinds/core/find-matching-volume.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../engine/kinds/core/pod-claims.ts';
import { selectedNodeAnnotation } from '../../engine/kinds/core/volume-annotations.ts';
import type { StorageClass } from '../../engine/kinds/storage/storage-class.ts';
import { selectorFor } from '../../engine/meta/label-selector.ts';
import { driverOfProvisioner } from '../../engine/storage/backends.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const STORAGE_CLASS = 'StorageClass.storage.k8s.io';
const NAMES_MAX = 20;

export const claimPending: Question = {
  name: 'claimPending',
  answer: (cluster, kind, object) => {
    const claim = object as PersistentVolumeClaim;
    if (kind !== 'PersistentVolumeClaim' || claim.status?.phase !== 'Pending') return [];
    return [...ofClass(cluster, claim), ...ofVolumes(cluster, claim)];
  },
};

function ofClass(cluster: Cluster, claim: PersistentVolumeClaim): readonly WhyLine[] {
  const name = claimClass(claim);
  if (name === '') return [line(claim.spec.storageClassName === '' ? 'noClassWanted' : 'noClass')];
  const storageClass = cluster.store.get(STORAGE_CLASS, name) as StorageClass | undefined;
  const about = { kind: STORAGE_CLASS, key: name };
  if (storageClass === undefined) return [line('classMissing', { class: name })];
  const mode = storageClass.volumeBindingMode ?? 'Immediate';
  const lines: WhyLine[] = [];
  if (waitsForFirstConsumer(storageClass) && !isDelayedProvisioning(claim)) lines.push(waiting(cluster, claim, name, mode));
  else lines.push(line('isMade', { class: name, provisioner: storageClass.provisioner, node: nodeOf(claim) }, { about }));
  if (driverOfProvisioner(storageClass.provisioner)?.provisions !== true)
    lines.push(line('nobodyMakes', { provisioner: storageClass.provisioner }, { about }));
  return lines;
}

function waiting(cluster: Cluster, { metadata }: PersistentVolumeClaim, name: string, mode: string): WhyLine {
  const pods = ([...cluster.store.table('Pod').values()] as Pod[]).filter((pod) =>
    podClaimKeys(pod).includes(`${metadata.namespace}/${metadata.name}`),
  );
  const values = { class: name, mode };
  const modes = { settings: { mode: settings.bindingMode } };
  const [first] = pods;
  if (first === undefined) return line('waitsForPod', values, modes);
  const about = { kind: 'Pod', key: `${first.metadata.namespace}/${first.metadata.name}` };
  return line('waitsForNode', values, { ...modes, about, names: pods.slice(0, NAMES_MAX).map((pod) => pod.metadata.name) });
}

function nodeOf({ metadata }: PersistentVolumeClaim): string {
  return metadata.annotations?.[selectedNodeAnnotation] ?? '';
}

function ofVolumes(cluster: Cluster, claim: PersistentVolumeClaim): readonly WhyLine[] {
  const volumes = [...cluster.store.table('PersistentVolume').values()] as PersistentVolume[];
  const asks = claim.spec.resources?.requests?.['storage'] ?? '';
  if (volumes.length === 0) return [line('noVolumes')];
  const groups = new Map<string, string[]>();
  for (const volume of volumes) {
    const fault = faultOf(volume, claim) ?? 'fits';
    groups.set(fault, [...(groups.get(fault) ?? []), volume.metadata.name]);
  }
  const values = { asks, class: claimClass(claim), modes: (claim.spec.accessModes ?? []).join(', ') };
  return [...groups].map(([fault, names]) =>
    line(
      `volume-${fault}`,
      { ...values, count: names.length },
      { names: names.slice(0, NAMES_MAX), settings: { asks: settings.claimRequest } },
    ),
  );
}

/** The first condition that the volume does not meet, in the order in which the binder looks. upstream: component-helpers/storage/volume FindMatchingVolume */
function faultOf(volume: PersistentVolume, claim: PersistentVolumeClaim): string | null {
  if (volume.spec.claimRef !== undefined && !isVolumeBoundToClaim(volume, claim)) return 'taken';
  if (!accessModesContained(claim, volume)) return 'modes';
  if (!volumeIsLargeEnough(claim, volume)) return 'small';
  if (volumeModesDiffer(claim, volume)) return 'mode';
  if (volume.metadata.deletionTimestamp !== undefined) return 'deleting';
  if (volume.status?.phase !== 'Available') return 'phase';
  if (volumeClass(volume) !== claimClass(claim)) return 'class';
  const { selector } = claim.spec;
  return selector !== undefined && !selectorFor(selector)(volume.metadata.labels) ? 'selector' : null;
}

// What no claim, volume or disk may ever do: claim and volume belong to each other for good, and a disk is on one node at a time.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import { keyOf } from '../../src-main/engine/meta/object.ts';

export class StorageRules {
  readonly #cluster: Cluster;
  /** By uid of the claim. */
  readonly #volumeOfClaim = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear(delta: Delta): readonly string[] {
    if (delta.kind === 'PersistentVolumeClaim') return this.#claim(delta);
    if (delta.kind === 'Pod') return this.#placed(delta);
    return delta.kind === 'PersistentVolume' ? this.#volume(delta) : [];
  }

  /** All disks, when a physical fact has changed. */
  disks(): readonly string[] {
    return [...this.#cluster.physics.all('disk')]
      .filter(([, { attachedTo }]) => attachedTo.length > 1)
      .map(([handle, { attachedTo }]) => `disk ${handle} is attached to ${attachedTo}`);
  }

  #claim({ type, object }: Delta): readonly string[] {
    const claim = object as PersistentVolumeClaim;
    const { uid } = claim.metadata;
    const known = this.#volumeOfClaim.get(uid);
    if (type === 'DELETED') {
      this.#volumeOfClaim.delete(uid);
      return this.#users(claim).map((pod) => `went while ${keyOf(pod)} used it`);
    }
    const volumeName = claim.spec.volumeName ?? '';
    if (known !== undefined) return known === volumeName ? [] : [`went from volume ${known} to ${volumeName}`];
    if (volumeName === '' || claim.status.phase !== 'Bound') return [];
    const shared = [...this.#volumeOfClaim.values()].includes(volumeName);
    this.#volumeOfClaim.set(uid, volumeName);
    const volume = this.#cluster.store.get('PersistentVolume', volumeName) as PersistentVolume | undefined;
    return [
      ...(shared ? [`has the volume ${volumeName} of another claim`] : []),
      ...(volume?.spec.claimRef?.uid === uid ? [] : [`is bound to volume ${volumeName}, which does not know it`]),
    ];
  }

  #volume({ type, object, previous }: Delta): readonly string[] {
    const volume = object as PersistentVolume;
    const { name } = volume.metadata;
    if (type === 'DELETED') {
      const claims = [...this.#cluster.store.table('PersistentVolumeClaim').values()] as PersistentVolumeClaim[];
      return claims
        .filter(({ spec, status }) => spec.volumeName === name && status.phase === 'Bound')
        .map(({ metadata }) => `went before its claim ${metadata.name}`);
    }
    const [before, now] = [(previous as PersistentVolume | null)?.spec.claimRef?.uid, volume.spec.claimRef?.uid];
    return before !== undefined && now !== undefined && before !== now ? [`went from claim ${before} to ${now}`] : [];
  }

  /** Pods on nodes, in life before the claim was asked to go. */
  #users(claim: PersistentVolumeClaim): readonly Pod[] {
    const key = keyOf(claim);
    const pods = [...this.#cluster.store.table('Pod').values()] as Pod[];
    return pods.filter(
      (pod) =>
        (pod.spec.nodeName ?? '') !== '' &&
        pod.status.phase !== 'Succeeded' &&
        pod.status.phase !== 'Failed' &&
        podClaimKeys(pod).includes(key),
    );
  }

  /** A pod that is placed has what is for one pod alone to itself. */
  #placed({ type, object, previous }: Delta): readonly string[] {
    const pod = object as Pod;
    const isBound = type === 'MODIFIED' && (pod.spec.nodeName ?? '') !== '' && ((previous as Pod).spec.nodeName ?? '') === '';
    if (!isBound) return [];
    return podClaimKeys(pod).flatMap((key) => {
      const claim = this.#cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
      if (claim?.spec.accessModes?.includes('ReadWriteOncePod') !== true) return [];
      const others = this.#users(claim).filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
      return others.map(({ metadata }) => `shares ${key}, which is for one pod, with ${metadata.name}`);
    });
  }
}

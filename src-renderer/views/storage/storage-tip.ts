/**
 * What a card of the storage picture has no room for, in words.
 * Names, provisioners and the reasons of waiting are longer than any card.
 */
import type { StorageItem } from '../../scene/storage-scene.ts';
import type { ClusterStore } from '../../stores/cluster-store.svelte.ts';
import { t } from '../../stores/language.svelte.ts';

export function storageTip({ kind, key }: StorageItem, cluster: ClusterStore): readonly string[] {
  const lines = LINES[kind.split('.')[0] ?? '']?.(key, cluster) ?? [key];
  return lines.filter(Boolean);
}

type Lines = (key: string, cluster: ClusterStore) => readonly string[];

const LINES: Readonly<Record<string, Lines>> = {
  StorageClass: (key, cluster) => {
    const record = cluster.list('classes').find(({ name }) => name === key);
    return record ? [key, record.provisioner, `${record.reclaimPolicy} · ${record.bindingMode}`] : [key];
  },
  PersistentVolume: (key, cluster) => {
    const record = cluster.list('volumes').find(({ name }) => name === key);
    if (!record) return [key];
    const ropes = cluster.list('attachments').filter(({ volume }) => volume === key);
    return [
      key,
      `${record.phase} · ${record.capacity} · ${record.accessModes.join(', ')}`,
      record.claim,
      record.diskLost ? t('storage.diskLost') : '',
      ...ropes.map(({ state, stuck, node }) => `${stuck ? `${t('storage.stuck')} · ` : ''}${t(`storage.${state}`)} · ${node}`),
    ];
  },
  PersistentVolumeClaim: (key, cluster) => {
    const record = cluster.list('claims').find(({ namespace, name }) => `${namespace}/${name}` === key);
    return record
      ? [key, `${record.phase} · ${record.requested} · ${record.accessModes.join(', ')}`, record.volume, record.waiting]
      : [key];
  },
  Pod: (key, cluster) => {
    const record = cluster.list('pods').find(({ namespace, name }) => `${namespace}/${name}` === key);
    if (!record) return [key];
    const where = record.node ? t('tip.on', { node: record.node }) : '';
    return [key, `${t(`look.${record.look}`)} · ${record.status}`, where, record.waiting];
  },
  Node: (key, cluster) => {
    const record = cluster.node(key);
    return record ? [key, record.status, ...record.taints, record.powered ? '' : t('tip.unpowered')] : [key];
  },
};

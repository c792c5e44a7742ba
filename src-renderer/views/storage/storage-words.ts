/**
 * The words of the storage picture in the language of the window.
 * The picture itself is pure, so its words are given to it.
 */
import type { StorageWords } from '../../scene/storage-cards.ts';
import { t } from '../../stores/language.svelte.ts';
import { silentWords } from '../../stores/spoken-time.ts';

export function storageWords(): StorageWords {
  return {
    storageClass: 'StorageClass',
    volume: 'PersistentVolume',
    claim: 'PersistentVolumeClaim',
    pod: 'Pod',
    node: 'Node',
    nothing: t('storage.nothing'),
    noZone: t('topology.noZone'),
    isDefault: t('storage.isDefault'),
    diskLost: t('storage.diskLost'),
    terminating: t('storage.terminating'),
    attaching: t('storage.attaching'),
    attached: t('storage.attached'),
    detaching: t('storage.detaching'),
    silent: silentWords,
    stuck: t('storage.stuck'),
    more: (count) => t('topology.more', { count }),
  };
}

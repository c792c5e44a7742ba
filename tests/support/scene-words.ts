// The English words of the pictures, for scenes that are tested without a window.
import type { StorageWords } from '../../src-renderer/scene/storage-cards.ts';
import type { TopologyWords } from '../../src-renderer/scene/topology-scene.ts';

export const WORDS: { readonly topology: TopologyWords; readonly storage: StorageWords } = {
  topology: {
    cpu: 'CPU',
    memory: 'Memory',
    pods: 'Pods',
    notReady: 'Not ready',
    silent,
    mostWait: (count, reason) => `${count}: ${reason}`,
    unscheduled: 'Waiting for a node',
    controlPlane: 'Control plane',
    noZone: 'No zone',
    nothingWaits: 'Every pod has a node.',
    more: (count) => `+${count} more`,
    nodes: (count) => `${count} nodes`,
  },
  storage: {
    storageClass: 'StorageClass',
    volume: 'PersistentVolume',
    claim: 'PersistentVolumeClaim',
    pod: 'Pod',
    node: 'Node',
    nothing: 'Nothing yet.',
    noZone: 'No zone',
    isDefault: 'default',
    diskLost: 'Disk lost',
    terminating: 'Terminating',
    attaching: 'attaching',
    attached: 'attached',
    detaching: 'detaching',
    stuck: 'stuck',
    silent,
    more: (count) => `+${count} more`,
  },
};

function silent(sinceMs: number | null): string {
  return sinceMs === null ? 'silent' : `silent since ${Math.floor(sinceMs / 1000)} s`;
}

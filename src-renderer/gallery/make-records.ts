/**
 * Records as the lab would send them, with what a picture needs and no more: what is not said is as usual.
 * The gallery, which has no lab, and the tests draw from the same ones.
 */
import type { ClaimRecord, NodeRecord, PodLook, PodRecord, VolumeRecord } from '../../src-main/contract/view.ts';

const GIBIBYTE = 2 ** 30;

export function node(name: string, zone: string, changes: Partial<NodeRecord> = {}): NodeRecord {
  return {
    id: `uid-${name}`,
    name,
    zone,
    controlPlane: false,
    ready: 'True',
    readySinceMs: 0,
    status: 'Ready',
    cordoned: false,
    taints: [],
    pressures: [],
    allocatable: { cpuMillis: 4000, memoryBytes: 8 * GIBIBYTE, pods: 110 },
    requested: { cpuMillis: 900, memoryBytes: 2.2 * GIBIBYTE, pods: 3 },
    powered: true,
    kubeletRunning: true,
    linkCut: false,
    ...changes,
  };
}

export function pod(name: string, at: string, look: PodLook = 'ready', changes: Partial<PodRecord> = {}): PodRecord {
  return {
    id: `uid-${name}`,
    namespace: 'default',
    name,
    node: at,
    look,
    status: 'Running',
    readyContainers: look === 'ready' ? 1 : 0,
    containers: 1,
    restarts: 0,
    workload: { kind: 'Deployment', name: name.split('-')[0] ?? name },
    claims: [],
    waiting: '',
    createdMs: 0,
    ...changes,
  };
}

export function volume(name: string, phase: VolumeRecord['phase'], changes: Partial<VolumeRecord> = {}): VolumeRecord {
  return {
    id: `uid-${name}`,
    name,
    phase,
    capacity: '10Gi',
    accessModes: ['ReadWriteOnce'],
    reclaimPolicy: 'Delete',
    storageClass: 'standard',
    claim: '',
    zone: 'zone-b',
    terminating: false,
    diskLost: false,
    ...changes,
  };
}

export function claim(name: string, phase: ClaimRecord['phase'], changes: Partial<ClaimRecord> = {}): ClaimRecord {
  return {
    id: `uid-${name}`,
    namespace: 'default',
    name,
    phase,
    requested: '10Gi',
    storageClass: 'standard',
    volume: '',
    accessModes: ['ReadWriteOnce'],
    terminating: false,
    waiting: '',
    ...changes,
  };
}

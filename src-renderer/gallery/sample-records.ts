/**
 * Records as the lab would send them, one for each state that a card can be in, for the gallery, which has no lab.
 * What they say beside their state is the same for all, so that the states can be compared.
 */
import type { ClaimRecord, ClassRecord, NodeRecord, PodLook, PodRecord, VolumeRecord } from '../../src-main/contract/view.ts';
import { claim, node, pod, volume } from './make-records.ts';

const GIBIBYTE = 2 ** 30;
const notReady = { status: 'NotReady' } as const;

export const NODES: readonly NodeRecord[] = [
  node('ready', 'a'),
  node('cordoned', 'a', { cordoned: true, status: 'Ready,SchedulingDisabled' }),
  node('tainted', 'a', { taints: ['dedicated=database:NoSchedule'] }),
  node('full', 'a', { requested: { cpuMillis: 4000, memoryBytes: 8 * GIBIBYTE, pods: 110 } }),
  node('not-ready', 'b', { ready: 'False', ...notReady, taints: ['node.kubernetes.io/not-ready=:NoSchedule'] }),
  node('unknown', 'b', { ready: 'Unknown', ...notReady, taints: ['node.kubernetes.io/unreachable=:NoExecute'] }),
  node('memory-pressure', 'b', { pressures: ['memory'] }),
  node('every-pressure', 'b', { pressures: ['memory', 'disk', 'pid'] }),
  node('powered-off', 'c', { powered: false, kubeletRunning: false }),
  node('network-cut', 'c', { linkCut: true }),
  node('kubelet-stopped', 'c', { kubeletRunning: false }),
  node('many-pods', 'c'),
];

const LOOKS: readonly PodLook[] = ['ready', 'creating', 'not-ready', 'back-off', 'failed', 'succeeded', 'terminating', 'unknown'];

export const PODS: readonly PodRecord[] = [
  ...LOOKS.map((look, index) =>
    pod(`pod-${look}`, ['ready', 'cordoned', 'tainted'][index % 3] ?? '', look, look === 'ready' ? {} : { status: look }),
  ),
  pod('waiting', '', 'unscheduled', { status: 'unscheduled', waiting: '0/12 nodes are available: 12 Insufficient cpu.' }),
  pod('restarted', 'unknown', 'unknown', { status: 'unknown', restarts: 4 }),
  ...Array.from({ length: 60 }, (_, index) => pod(`one-of-many-${index}`, 'many-pods', LOOKS[index % 9 === 0 ? 2 : 0] ?? 'ready')),
  ...['bound', 'leaving'].map((claim) => pod(`user-of-${claim}`, 'ready', 'ready', { claims: [`default/${claim}`] })),
];

export const CLASSES: readonly ClassRecord[] = [
  {
    id: 'standard',
    name: 'standard',
    provisioner: 'disk.csi.orrery.dev',
    reclaimPolicy: 'Delete',
    bindingMode: 'WaitForFirstConsumer',
    isDefault: true,
  },
  { id: 'kept', name: 'kept', provisioner: 'disk.csi.orrery.dev', reclaimPolicy: 'Retain', bindingMode: 'Immediate', isDefault: false },
];

export const VOLUMES: readonly VolumeRecord[] = [
  volume('bound', 'Bound', { claim: 'default/bound' }),
  volume('pending', 'Pending'),
  volume('available', 'Available'),
  volume('released', 'Released', { claim: 'default/gone', reclaimPolicy: 'Retain' }),
  volume('failed', 'Failed'),
  volume('leaving', 'Bound', { claim: 'default/leaving', terminating: true }),
  volume('disk-lost', 'Bound', { claim: 'default/lost', diskLost: true }),
];

export const CLAIMS: readonly ClaimRecord[] = [
  claim('bound', 'Bound', { volume: 'bound' }),
  claim('waiting', 'Pending', { waiting: 'waiting for first consumer to be created before binding' }),
  claim('leaving', 'Bound', { volume: 'leaving', terminating: true }),
  claim('lost', 'Lost', { volume: 'disk-lost', accessModes: ['ReadWriteMany'] }),
];

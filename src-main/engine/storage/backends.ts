// The catalogue of storage backends: what each can do, so that a claim, an attachment or an expansion is granted or refused as there.
// Facts: the drivers' own documentation, and kubernetes.io/docs/concepts/storage/persistent-volumes (access modes).

export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod';

export interface Backend {
  /** The CSI driver's name, or the in-tree plugin's where there is no driver. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  readonly modes: readonly AccessMode[];
  /** Makes volumes for claims; without it an administrator makes them. */
  readonly provisions: boolean;
  /** A volume is attached to a node by the control plane before it is mounted there. */
  readonly attaches: boolean;
  /** The node label that says where a volume can be reached; null: everywhere. */
  readonly topologyKey: string | null;
  readonly reach: 'zone' | 'node' | 'cluster' | 'pod';
  readonly disksPerNodeMax: number | null;
  /** A volume can grow, while it is in use as well. */
  readonly expands: boolean;
  /** The node has to grow a file system after the volume has grown. */
  readonly growsOnNode: boolean;
  /** What keeps a volume to its size; absent: it is a device, or a share or bricks of a device, that ends there. */
  readonly bound?: 'quota' | 'none';
  readonly snapshots: boolean;
  readonly clones: boolean;
  /** What can become of a volume when its claim is gone. */
  readonly reclaim: readonly ('Delete' | 'Retain' | 'Recycle')[];
}

const ZONE = 'topology.kubernetes.io/zone';
const HOSTNAME = 'kubernetes.io/hostname';
const once: readonly AccessMode[] = ['ReadWriteOnce', 'ReadWriteOncePod'];
const onceOrRead: readonly AccessMode[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteOncePod'];
const all: readonly AccessMode[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** A disk of a cloud: in one zone, attached to one node. */
const zonalDisk = {
  modes: once,
  provisions: true,
  attaches: true,
  topologyKey: ZONE,
  reach: 'zone',
  disksPerNodeMax: 25,
  expands: true,
  growsOnNode: true,
  snapshots: true,
  clones: true,
  reclaim: ['Delete', 'Retain'],
} as const satisfies Partial<Backend>;

/** A file server: everybody may mount it. */
const sharedFiles = {
  ...zonalDisk,
  modes: all,
  attaches: false,
  topologyKey: null,
  reach: 'cluster',
  disksPerNodeMax: null,
  growsOnNode: false,
} as const satisfies Partial<Backend>;

/** Made by hand, grown by hand. */
const byHand = {
  provisions: false,
  expands: false,
  snapshots: false,
  clones: false,
  reclaim: ['Retain'],
} as const satisfies Partial<Backend>;

/** The lab's own driver. */
export const labBackend: Backend = { ...zonalDisk, name: 'block.csi.orrery.dev', title: 'Orrery block storage' };

export const backends: readonly Backend[] = [
  labBackend,
  { ...zonalDisk, name: 'ebs.csi.aws.com', title: 'AWS EBS', topologyKey: 'topology.ebs.csi.aws.com/zone', clones: false },
  { ...zonalDisk, name: 'disk.csi.azure.com', title: 'Azure Disk', topologyKey: 'topology.disk.csi.azure.com/zone', disksPerNodeMax: 16 },
  { ...sharedFiles, name: 'file.csi.azure.com', title: 'Azure Files' },
  {
    ...zonalDisk,
    name: 'pd.csi.storage.gke.io',
    title: 'GCE persistent disk',
    modes: onceOrRead,
    topologyKey: 'topology.gke.io/zone',
    disksPerNodeMax: 127,
  },
  {
    ...zonalDisk,
    name: 'csi.vsphere.vmware.com',
    title: 'vSphere',
    topologyKey: null,
    reach: 'cluster',
    disksPerNodeMax: 59,
    clones: false,
  },
  { ...sharedFiles, name: 'pxd.portworx.com', title: 'Portworx', growsOnNode: true },
  {
    ...zonalDisk,
    name: 'rbd.csi.ceph.com',
    title: 'Ceph RBD',
    modes: onceOrRead,
    topologyKey: null,
    reach: 'cluster',
    disksPerNodeMax: null,
  },
  // A client that has reached it is told EDQUOT. upstream: docs.ceph.com/en/latest/cephfs/quota, Linux fs/ceph/file.c ceph_write_iter
  { ...sharedFiles, name: 'cephfs.csi.ceph.com', title: 'CephFS', bound: 'quota' },
  { ...sharedFiles, name: 'org.gluster.glusterfs', title: 'GlusterFS', clones: false },
  // A volume is a directory of an export, whatever size was asked for. upstream: csi-driver-nfs pkg/nfs/controllerserver.go CreateVolume
  { ...sharedFiles, name: 'nfs.csi.k8s.io', title: 'NFS', bound: 'none' },
  {
    ...zonalDisk,
    ...byHand,
    name: 'iscsi.csi.k8s.io',
    title: 'iSCSI',
    modes: onceOrRead,
    attaches: false,
    topologyKey: null,
    reach: 'cluster',
    disksPerNodeMax: null,
  },
  {
    ...zonalDisk,
    ...byHand,
    name: 'kubernetes.io/fc',
    title: 'Fibre Channel',
    modes: onceOrRead,
    attaches: false,
    topologyKey: null,
    reach: 'cluster',
    disksPerNodeMax: null,
  },
  {
    ...zonalDisk,
    ...byHand,
    name: 'kubernetes.io/host-path',
    title: 'hostPath',
    modes: ['ReadWriteOnce'],
    attaches: false,
    topologyKey: null,
    reach: 'node',
    disksPerNodeMax: null,
    reclaim: ['Delete', 'Retain', 'Recycle'],
  },
  {
    ...zonalDisk,
    ...byHand,
    name: 'kubernetes.io/no-provisioner',
    title: 'local',
    attaches: false,
    topologyKey: HOSTNAME,
    reach: 'node',
    disksPerNodeMax: null,
  },
  emptyDir('kubernetes.io/empty-dir', 'emptyDir'),
  emptyDir('kubernetes.io/empty-dir/memory', 'emptyDir (Memory)'),
];

/** A directory of one pod: no claim asks for it, it counts as the node's disk or memory, and it goes with its pod. */
function emptyDir(name: string, title: string): Backend {
  return {
    ...byHand,
    name,
    title,
    modes: [],
    attaches: false,
    topologyKey: null,
    reach: 'pod',
    disksPerNodeMax: null,
    growsOnNode: false,
    reclaim: [],
  };
}

/** The driver of this name, if the lab has it; plugins of Kubernetes itself are none. */
export function driverOf(name: string | undefined): Backend | undefined {
  return name === undefined || name.startsWith('kubernetes.io/') ? undefined : byName.get(name);
}

/** Classes may still name the plugin that a driver has taken over from. upstream: k8s.io/csi-translation-lib */
export function driverOfProvisioner(name: string | undefined): Backend | undefined {
  return driverOf(migrated.get(name ?? '') ?? name);
}

/** On attachments and attached volumes. upstream: external-attacher GetFinalizerName */
export function attacherFinalizer({ name }: Backend): string {
  return `external-attacher/${name.replace(/[^a-zA-Z0-9-]/g, '-')}`;
}

const byName: ReadonlyMap<string, Backend> = new Map(backends.map((backend) => [backend.name, backend]));

const migrated: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/portworx-volume', 'pxd.portworx.com'],
  ['kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
]);

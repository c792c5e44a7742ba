/**
 * One icon for each kind of object: a heptagon with a sign in it, in the grammar of the Kubernetes icon set.
 * All are drawn by us in boxes of 20 by 20; none is a copy, so they come under the licence of this program.
 */
export type KindIconName = keyof typeof KIND_SIGNS;

export const HEPTAGON = 'M10 1.2 17 4.6 18.7 12.2 13.9 18.3H6.1L1.3 12.2 3 4.6Z';

/** Kinds that are alike share their sign's frame: sets are stacks, claims and volumes tickets and cylinders, rules shields. */
export const KIND_SIGNS = {
  Namespace: 'M5.6 6.4h8.8v7.2H5.6ZM5.6 6.4h.1M8 6.4h.1',
  Node: 'M6 6h8v3.200H6ZM6 10.800h8V14H6ZM12.2 7.600h.1M12.2 12.400h.1',
  Pod: 'M10 5.4 14 7.700v4.600L10 14.6 6 12.300V7.700ZM6 7.7 10 10l4-2.300M10 10v4.6',
  Container: 'M5.8 7h8.400v6H5.800ZM8.6 7v6M11.4 7v6',
  ReplicaSet: 'M5.8 8.400h5.800v5.800H5.800ZM8.4 8.400V5.800h5.800v5.800h-2.6',
  ReplicationController: 'M6 8.600h5.600v5.600H6ZM8.8 6h5.200v5.200M6 6h.1',
  Deployment: 'M13.6 7.200A4.6 4.6 0 1 0 14.6 10M13.9 4.900v2.700h-2.700M8.2 10l1.4 1.4 2.4-2.6',
  StatefulSet:
    'M6 7c0-.8 1.4-1.4 3-1.400S12 6.2 12 7v4.600c0 .8-1.4 1.4-3 1.400S6 12.4 6 11.600ZM6 7c0 .8 1.4 1.4 3 1.400S12 7.8 12 7M14.2 8.400V14H9.2',
  ControllerRevision: 'M6.4 5.600h7.200v8.800H6.400ZM8.4 10a1.6 1.6 0 1 0 .5-1.200M8.7 8v1h1',
  DaemonSet: 'M5.4 12.800h9.200M6.2 6.400h2.400v3.600H6.200ZM11.4 6.400h2.400v3.600h-2.400ZM7.4 10v2.800M12.6 10v2.8',
  Job: 'M10 5.400v9.200M5.4 10h9.200M6.8 6.800l6.4 6.400M13.2 6.800l-6.4 6.4',
  CronJob: 'M10 5.400a4.6 4.6 0 1 1-.01 0M10 7.400V10l2 1.4',
  HorizontalPodAutoscaler: 'M8 7.400h4v5.200H8ZM6.2 8.2 4.6 10l1.6 1.800M13.8 8.200l1.6 1.8-1.6 1.8',
  PodDisruptionBudget: 'M10 5.2 14.2 6.800v3.400c0 2.4-1.8 4-4.2 4.8-2.4-.8-4.2-2.4-4.2-4.800V6.800ZM8.2 8.600h3.600v3H8.200Z',
  Service: 'M8.2 5.800h3.600v2.600H8.200ZM5.2 11.800h3v2.400h-3ZM11.8 11.800h3v2.400h-3ZM10 8.400v1.800M6.7 11.800v-1.600h6.600v1.6',
  Endpoints: 'M5.6 10h4.400M10 7v6M10 7.600l3.8-1.400M10 10h4.200M10 12.400l3.8 1.4',
  EndpointSlice: 'M5.6 6.600h3.200M5.6 10h3.200M5.6 13.400h3.200M10.6 5.600v8.800M12.4 6.600h2M12.4 10h2M12.4 13.400h2',
  Ingress: 'M5 10h6.400M9.2 7.6 11.6 10l-2.4 2.400M13.8 5.800v8.4',
  IngressClass: 'M5 8h5.400M8.6 6 10.8 8 8.600 10M13.800 5.800v8.400M5.6 13h5.2',
  Gateway: 'M6 14V9.400a4 4 0 0 1 8 0V14M4.8 14h10.400M10 14v-3.4',
  NetworkPolicy: 'M5.8 7h8.400v6H5.800ZM5.8 10h8.400M8.6 7v3M11.4 10v3',
  ConfigMap: 'M6.4 5.600h7.200v8.800H6.400ZM8.2 8h3.600M8.2 10h3.600M8.2 12h2.2',
  Secret: 'M6.4 9.400h7.200V14H6.400ZM7.8 9.400V7.800a2.2 2.2 0 0 1 4.4 0v1.600M10 11.200v1.2',
  ServiceAccount: 'M10 5.600a2.2 2.2 0 1 1-.01 0M5.8 14c.4-2.4 2-3.6 4.2-3.600s3.8 1.2 4.2 3.6',
  Role: 'M10 5.4 13.8 7v3.200c0 2.2-1.6 3.6-3.8 4.4-2.2-.8-3.8-2.2-3.8-4.400V7Z',
  ClusterRole: 'M10 4.8 14.4 6.600v3.600c0 2.6-1.9 4.2-4.4 5-2.5-.8-4.4-2.4-4.4-5V6.600ZM10 7.600v4.8',
  RoleBinding: 'M8.6 11.400a2.4 2.4 0 0 1 0-3.400l1-1a2.4 2.4 0 0 1 3.4 3.400M11.4 8.600a2.4 2.4 0 0 1 0 3.400l-1 1A2.4 2.4 0 0 1 7 9.6',
  ClusterRoleBinding:
    'M8.6 11.400a2.4 2.4 0 0 1 0-3.400l1-1a2.4 2.4 0 0 1 3.4 3.400M11.4 8.600a2.4 2.4 0 0 1 0 3.400l-1 1A2.4 2.4 0 0 1 7 9.600M5.2 14.400h9.6',
  PersistentVolume: 'M6 7c0-.9 1.8-1.6 4-1.600S14 6.1 14 7v6c0 .9-1.8 1.6-4 1.600S6 13.9 6 13ZM6 7c0 .9 1.8 1.6 4 1.600S14 7.9 14 7',
  PersistentVolumeClaim:
    'M5.4 7.200h9.200v1.600a1.2 1.2 0 0 0 0 2.400v1.600H5.400v-1.600a1.2 1.2 0 0 0 0-2.400ZM11.4 7.600v.8M11.4 9.600v.8M11.4 11.600v.8',
  StorageClass: 'M6 6.600h8M6 10h8M6 13.400h8M6 6.600v.1',
  VolumeAttachment:
    'M5.4 8.200c0-.6 1.2-1.1 2.6-1.100s2.6.5 2.6 1.100v3.600c0 .6-1.2 1.1-2.6 1.100s-2.6-.5-2.6-1.100ZM10.6 10h4M13 8.2 14.8 10 13 11.8',
  VolumeSnapshot: 'M5.6 7.400h2l.8-1.200h3.200l.8 1.200h2v6H5.600ZM10 8.800a1.6 1.6 0 1 1-.01 0',
  CSIStorageCapacity: 'M6 7c0-.9 1.8-1.6 4-1.600S14 6.1 14 7v6c0 .9-1.8 1.6-4 1.600S6 13.9 6 13ZM6 10.400h8M8 12.600h4',
  CSIDriver: 'M6 8.400h8v5.200H6ZM8 8.400V6M12 8.400V6M10 13.600v1.2',
  CSINode: 'M5.8 6h8.400v3.200H5.800ZM8 11v1.600M12 11v1.600M7 12.600h6v1.800H7ZM12.4 7.600h.1',
  PriorityClass: 'M10 5.6 13.8 10H6.200ZM7.4 12h5.200M7.4 14.200h5.2',
  Lease: 'M7 5.600h6M7 14.400h6M7.6 5.600c0 2.6 4.8 3.6 4.8 4.400s-4.8 1.8-4.8 4.400M12.4 5.600c0 2.6-4.8 3.6-4.8 4.400s4.8 1.8 4.8 4.4',
  Event: 'M11 4.8 6.8 11h3L9 15.2 13.2 9h-3Z',
  ResourceQuota: 'M6 14V9.400M10 14V6M14 14v-2.600M5 14h10',
  LimitRange: 'M6 6v8M14 6v8M6 10h8M8 8.2 6.2 10 8 11.800M12 8.200l1.8 1.8-1.8 1.8',
  ResourceClaim: 'M7 7h6v6H7ZM8.6 5v2M11.4 5v2M8.6 13v2M11.4 13v2M5 8.600h2M5 11.400h2M13 8.600h2M13 11.400h2',
  CustomResourceDefinition: 'M8 6.2 5.4 10 8 13.800M12 6.200l2.6 3.8-2.6 3.8',
  Zone: 'M10 14.800c2.4-2.6 3.8-4.6 3.8-6.400a3.8 3.8 0 0 0-7.6 0c0 1.8 1.4 3.8 3.8 6.400ZM10 7.400a1.2 1.2 0 1 1-.01 0',
} as const;

/** `Deployment.apps` and `Deployment` alike; a kind of somebody's own has the sign of such definitions. */
export function kindIcon(kind: string): KindIconName {
  const name = kind.split('.')[0] ?? kind;
  return name in KIND_SIGNS ? (name as KindIconName) : 'CustomResourceDefinition';
}

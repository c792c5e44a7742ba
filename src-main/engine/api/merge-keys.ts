// Which member tells the items of a list apart, so that applying a list changes its items and keeps what others added to them.
// upstream: patchMergeKey tags of k8s.io/api types

/** The members by which a field's list is merged; the first that all items have counts. Lists of other fields are replaced whole. */
export function mergeKeysOf(field: string): readonly string[] {
  return Object.hasOwn(keys, field) ? (keys[field] ?? []) : [];
}

const keys: Readonly<Record<string, readonly string[]>> = {
  addresses: ['type'],
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  ephemeralContainers: ['name'],
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  // Of a container, then of a service.
  ports: ['containerPort', 'port'],
  resourceClaims: ['name'],
  schedulingGates: ['name'],
  secrets: ['name'],
  topologySpreadConstraints: ['topologyKey'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

// Suites whose rules are not built yet; whoever builds one deletes its line, and at the end the list is empty.
export const pending: ReadonlySet<string> = new Set([
  'deployment.fenceposts',
  'deployment.recreate',
  'deployment.rolling',
  'deployment.scale',
  'deployment.status',
  'endpointslice.endpoints',
  'node.health',
  'node.taints',
  'node.zone-state',
  'pod.conditions',
  'pod.qos',
  'probe.container-ready',
  'replicaset.delete-order',
  'replicaset.status',
  'taint.eviction',
  'taint.toleration-seconds',
]);

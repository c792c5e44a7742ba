// One object of every kind with most of the fields that its rules look at: what the fuzz test changes at random.
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const template = {
  metadata: { labels: { app: 'web' }, annotations: { a: 'b' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'nginx',
        command: ['sh', '-c', 'sleep 1'],
        env: [
          { name: 'A', value: 'b' },
          { name: 'C', valueFrom: { configMapKeyRef: { name: 'conf', key: 'k', optional: true } } },
        ],
        ports: [{ containerPort: 80, name: 'http' }],
        resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
        livenessProbe: { exec: { command: ['cat', '/tmp/x'] } },
        lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        securityContext: { runAsUser: 1 },
      },
    ],
    initContainers: [{ name: 'init', image: 'busybox', restartPolicy: 'Always' }],
    volumes: [
      { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'data' } },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
        },
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { topologyKey: 'x', labelSelector: { matchLabels: { a: 'b' } } } },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
    ],
    terminationGracePeriodSeconds: 5,
    restartPolicy: 'Always',
    hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }],
  },
} satisfies Json;
const selector = { matchLabels: { app: 'web' } };
const object = (apiVersion: string, kind: string, rest: { [key: string]: Json }): Json => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'default', labels: { a: 'b' }, finalizers: ['a.b/c'], ownerReferences: [] },
  ...rest,
});
export const sampleObjects: readonly Json[] = [
  object('v1', 'Pod', template),
  object('apps/v1', 'Deployment', {
    spec: {
      replicas: 2,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
      paused: false,
    },
  }),
  object('apps/v1', 'ReplicaSet', { spec: { replicas: 2, selector, template } }),
  object('v1', 'ReplicationController', { spec: { replicas: 2, selector: { app: 'web' }, template } }),
  object('v1', 'Service', {
    spec: {
      type: 'NodePort',
      selector: { app: 'web' },
      clusterIP: 'None',
      ports: [{ port: 80, targetPort: 'http', nodePort: 30080, name: 'http', protocol: 'TCP' }],
    },
  }),
  object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] }),
  object('discovery.k8s.io/v1', 'EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['1.2.3.4'], conditions: { ready: true } }],
    ports: [{ port: 80, name: '' }],
  }),
  object('v1', 'ConfigMap', { data: { a: 'b' }, binaryData: { c: 'AAAA' }, immutable: false }),
  object('v1', 'Secret', { type: 'Opaque', data: { a: 'AAAA' }, stringData: { b: 'c' } }),
  object('v1', 'ServiceAccount', { secrets: [{ name: 'a' }], imagePullSecrets: [{ name: 'b' }] }),
  object('v1', 'PersistentVolumeClaim', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: 'standard',
      volumeMode: 'Filesystem',
      selector,
    },
  }),
  object('v1', 'PersistentVolume', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path: '/data' },
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: 'default', name: 'data' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] } },
    },
  }),
  object('storage.k8s.io/v1', 'StorageClass', {
    provisioner: 'a.b/c',
    parameters: { a: 'b' },
    volumeBindingMode: 'Immediate',
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'a', values: ['b'] }] }],
  }),
  object('storage.k8s.io/v1', 'VolumeAttachment', {
    spec: { attacher: 'a', nodeName: 'worker-1', source: { persistentVolumeName: 'pv' } },
  }),
  object('storage.k8s.io/v1', 'CSIDriver', {
    spec: { attachRequired: true, volumeLifecycleModes: ['Persistent'], tokenRequests: [{ audience: 'a' }] },
  }),
  object('storage.k8s.io/v1', 'CSINode', {
    spec: { drivers: [{ name: 'a', nodeID: 'b', topologyKeys: ['c'], allocatable: { count: 3 } }] },
  }),
  object('scheduling.k8s.io/v1', 'PriorityClass', { value: 10, globalDefault: false, preemptionPolicy: 'Never' }),
  object('coordination.k8s.io/v1', 'Lease', {
    spec: { holderIdentity: 'a', leaseDurationSeconds: 5, renewTime: '2025-06-02T08:00:00.000000Z' },
  }),
  object('v1', 'Event', {
    involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' },
    reason: 'A',
    message: 'b',
    type: 'Normal',
    count: 1,
    firstTimestamp: '2025-06-02T08:00:00Z',
    source: { component: 'c' },
  }),
  object('v1', 'Namespace', { spec: { finalizers: ['kubernetes'] } }),
  object('v1', 'Node', {
    spec: { taints: [{ key: 'a', effect: 'NoSchedule' }], podCIDR: '10.0.0.0/24', unschedulable: true },
    status: { capacity: { cpu: '1' } },
  }),
  object('apps/v1', 'StatefulSet', { spec: { replicas: 1 } }),
];

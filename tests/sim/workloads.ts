// Random manifests: what a person might apply, sane or not. A workload that cannot become ready says so by its annotations or image.
import type { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';

export const NAMESPACES = ['default', 'shop'] as const;

const IMAGES = ['nginx:1.27', 'redis:7', 'postgres:16', 'registry.example.com/team/app:v1'];

function probe(random: Random, containerImage: string): JsonObject {
  const handler = containerImage.startsWith('nginx') ? { httpGet: { path: '/', port: 80 } } : { exec: { command: ['true'] } };
  return {
    ...handler,
    initialDelaySeconds: random.below(3),
    periodSeconds: random.between(1, 10),
    failureThreshold: random.between(1, 3),
    timeoutSeconds: 1,
  };
}

function container(random: Random): JsonObject {
  if (random.below(6) === 0)
    return {
      name: 'app',
      image: 'busybox:1.36',
      command: ['sh', '-c', random.pick(['touch /tmp/up; sleep 100000', 'sleep 30; exit 1', 'while true; do sleep 5; done'])],
    };
  const image = random.pick(IMAGES);
  return {
    name: 'app',
    image,
    ...(random.below(2) === 0 ? { readinessProbe: probe(random, image) } : {}),
    ...(random.below(3) === 0 ? { livenessProbe: probe(random, image) } : {}),
    ...(random.below(5) === 0 ? { startupProbe: probe(random, image) } : {}),
    ...(random.below(8) === 0 ? { lifecycle: { preStop: { exec: { command: ['sleep', String(random.between(1, 40))] } } } } : {}),
    resources: { requests: { cpu: random.pick(['50m', '100m', '200m']), memory: '64Mi' }, limits: { memory: '256Mi' } },
  };
}

function annotations(random: Random): JsonObject {
  switch (random.below(12)) {
    case 0:
      return { 'orrery.dev/image-missing': 'true' };
    case 1:
      return { 'orrery.dev/exit-after-seconds': String(random.between(1, 60)), 'orrery.dev/exit-code': random.pick(['0', '1']) };
    case 2:
      return { 'orrery.dev/start-up-seconds': String(random.between(1, 20)) };
    case 3:
      return { 'orrery.dev/memory-growth-bytes-per-second': '8000000' };
    case 4:
      return { 'orrery.dev/ignore-sigterm': 'true' };
    default:
      return {};
  }
}

/** A short patience with lost nodes, so that evictions happen within a run. */
function patience(random: Random): JsonObject {
  if (random.below(2) === 0) return {};
  const tolerate = (key: string): JsonObject => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: random.between(0, 30),
  });
  return { tolerations: [tolerate('not-ready'), tolerate('unreachable')] };
}

function podSpec(random: Random, claim: string | null): JsonObject {
  const sidecar =
    random.below(6) === 0 ? [{ name: 'sidecar', image: 'busybox:1.36', restartPolicy: 'Always', command: ['sleep', '1000000'] }] : [];
  const first = random.below(6) === 0 ? [{ name: 'first', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 3'] }] : [];
  const volumes = claim === null ? {} : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] };
  const mounted = claim === null ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  return {
    ...patience(random),
    ...volumes,
    terminationGracePeriodSeconds: random.pick([0, 1, 5, 30]),
    initContainers: [...first, ...sidecar],
    containers: [{ ...container(random), ...mounted }],
  };
}

const labelsOf = (name: string): JsonObject => ({ app: name });

export function deployment(random: Random, namespace: string, name: string, claim: string | null): JsonObject {
  const recreates = claim !== null || random.below(4) === 0;
  const strategy = recreates
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge: random.pick([1, 2, '25%']), maxUnavailable: random.pick([0, 1, '50%']) } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: claim === null ? random.below(5) : 1,
      strategy: random.below(3) === 0 && !recreates ? {} : strategy,
      ...(random.below(4) === 0 ? { minReadySeconds: random.between(1, 10) } : {}),
      ...(random.below(4) === 0 ? { progressDeadlineSeconds: random.between(20, 60) } : {}),
      ...(random.below(4) === 0 ? { revisionHistoryLimit: random.below(2) } : {}),
      selector: { matchLabels: labelsOf(name) },
      template: { metadata: { labels: labelsOf(name), annotations: annotations(random) }, spec: podSpec(random, claim) },
    },
  };
}

export function replicationController(random: Random, namespace: string, name: string): JsonObject {
  const template = { metadata: { labels: labelsOf(name), annotations: annotations(random) }, spec: podSpec(random, null) };
  const spec = { replicas: random.below(4), selector: labelsOf(name), template };
  return { apiVersion: 'v1', kind: 'ReplicationController', metadata: { name, namespace }, spec };
}

export function barePod(random: Random, namespace: string, name: string, claim: string | null): JsonObject {
  const finalizers = random.below(6) === 0 ? { finalizers: ['example.com/hold'] } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: labelsOf(name), annotations: annotations(random), ...finalizers },
    spec: { ...podSpec(random, claim), restartPolicy: random.pick(['Always', 'OnFailure', 'Never']) },
  };
}

export function service(random: Random, namespace: string, name: string, app: string): JsonObject {
  const type = random.pick(['ClusterIP', 'NodePort', 'headless']);
  const kind = type === 'headless' ? { clusterIP: 'None' } : { type };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ...kind, selector: labelsOf(app), ports: [{ port: 80, targetPort: random.pick([80, 6379]) }] },
  };
}

export function claim(random: Random, namespace: string, name: string): JsonObject {
  const storageClass = random.below(3) === 0 ? { storageClassName: 'immediate' } : {};
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${random.between(1, 20)}Gi` } }, ...storageClass };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace }, spec };
}

export function configMap(namespace: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...more }, data: { key: name } };
}

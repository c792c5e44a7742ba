// Random pod specs: what a person might write, sane or not. One that cannot stay ready for ever says so itself, so that nobody waits for it.
import type { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';

/** Annotation of pods that are made to fail, end or flap. */
export const UNSTEADY = 'example.com/unsteady';
export const MAINTENANCE = 'example.com/maintenance';
/** Name to value; the polite one takes nobody's place. */
export const PRIORITIES: Readonly<Record<string, number>> = { high: 1000, polite: 500, middle: 10, low: -5 };

export interface PodDraft {
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
}

interface Ingredient {
  readonly container: JsonObject;
  readonly unsteady?: boolean;
}

const SERVICES: readonly (readonly [image: string, port: number])[] = [
  ['nginx:1.27', 80],
  ['redis:7', 6379],
  ['postgres:16', 5432],
  ['registry.example.com/team/app:v1', 8080],
];

const SCRIPTS: readonly { readonly text: string; readonly unsteady?: true }[] = [
  { text: 'touch /tmp/up; sleep 100000' },
  { text: 'while true; do sleep 5; done' },
  { text: 'sleep 30; exit 1', unsteady: true },
  { text: 'sleep 20; exit 0', unsteady: true },
];

const chance = (random: Random, oneIn: number): boolean => random.below(oneIn) === 0;

export function podDraft(random: Random, app: string, claim: string | null): PodDraft {
  const main = mainContainer(random);
  const quirks = annotations(random);
  const first = chance(random, 6) ? [initContainer(random)] : [];
  const mounts = claim === null ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const parts = [main, ...first];
  const unsteady = quirks.unsteady || parts.some((part) => part.unsteady === true);
  return {
    annotations: { ...quirks.annotations, ...(unsteady ? { [UNSTEADY]: 'true' } : {}) },
    spec: {
      ...placement(random, app, claim !== null),
      tolerations: tolerations(random),
      ...(claim === null ? {} : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
      terminationGracePeriodSeconds: random.pick([0, 1, 5, 30]),
      initContainers: [...first.map(({ container }) => container), ...sidecars(random)],
      containers: [{ ...main.container, ...mounts }, ...(chance(random, 8) ? [helper(random)] : [])],
    },
  };
}

function mainContainer(random: Random): Ingredient {
  if (chance(random, 12)) return flapping(random);
  if (chance(random, 6)) {
    const { text, unsteady = false } = random.pick(SCRIPTS);
    return { container: { name: 'app', image: 'busybox:1.36', command: ['sh', '-c', text], resources: resources(random) }, unsteady };
  }
  const [image, port] = random.pick(SERVICES);
  const probes = {
    ...(chance(random, 2) ? { readinessProbe: { ...probe(random, port), successThreshold: random.between(1, 3) } } : {}),
    ...(chance(random, 3) ? { livenessProbe: { ...probe(random, port), ...graceOf(random) } } : {}),
    ...(chance(random, 5) ? { startupProbe: { ...probe(random, port), failureThreshold: 30 } } : {}),
  };
  const hook = chance(random, 8) ? { lifecycle: { preStop: { exec: { command: ['sleep', String(random.between(1, 40))] } } } } : {};
  const container = {
    name: 'app',
    image,
    ports: [{ containerPort: port, ...hostPort(random) }],
    ...probes,
    ...hook,
    resources: resources(random),
  };
  return { container };
}

/** Goes on and off for ever: its file comes and goes, or it asks a port that nobody opens. */
function flapping(random: Random): Ingredient {
  const shell = (text: string): JsonObject => ({ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', text] });
  const look = { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: random.between(1, 5), failureThreshold: random.between(1, 3) };
  const kind = random.below(4);
  if (kind === 0)
    return {
      container: { ...shell('while true; do touch /tmp/up; sleep 40; rm /tmp/up; sleep 20; done'), readinessProbe: look },
      unsteady: true,
    };
  if (kind === 1)
    return { container: { ...shell('touch /tmp/up; sleep 60; rm -f /tmp/up; sleep 10000'), livenessProbe: look }, unsteady: true };
  if (kind === 2) return { container: { ...shell('sleep 10000'), startupProbe: look }, unsteady: true };
  return {
    container: { name: 'app', image: 'nginx:1.27', readinessProbe: { tcpSocket: { port: 9999 }, periodSeconds: 5 } },
    unsteady: true,
  };
}

function probe(random: Random, port: number): JsonObject {
  const handlers: readonly JsonObject[] = [
    { tcpSocket: { port } },
    { exec: { command: ['true'] } },
    port === 80 ? { httpGet: { path: '/healthz', port } } : { tcpSocket: { port } },
    port === 8080 ? { grpc: { port } } : { exec: { command: ['hostname'] } },
  ];
  return {
    ...random.pick(handlers),
    initialDelaySeconds: random.below(4),
    periodSeconds: random.between(1, 12),
    // More patient than every image is slow: the slowest listens after three seconds.
    failureThreshold: random.between(5, 7),
    timeoutSeconds: random.between(1, 2),
  };
}

const graceOf = (random: Random): JsonObject => (chance(random, 4) ? { terminationGracePeriodSeconds: random.between(1, 5) } : {});
const hostPort = (random: Random): JsonObject => (chance(random, 16) ? { hostPort: 8000 } : {});

function resources(random: Random): JsonObject {
  const cpu = random.pick(['50m', '100m', '200m', '600m']);
  return { requests: { cpu, memory: random.pick(['64Mi', '512Mi']) }, ...(chance(random, 2) ? { limits: { memory: '1Gi' } } : {}) };
}

function initContainer(random: Random): Ingredient {
  const made = (text: string): JsonObject => ({ name: 'first', image: 'busybox:1.36', command: ['sh', '-c', text] });
  return chance(random, 4) ? { container: made('sleep 2; exit 3'), unsteady: true } : { container: made('sleep 3') };
}

function sidecars(random: Random): readonly JsonObject[] {
  if (!chance(random, 6)) return [];
  const watched = chance(random, 2)
    ? { startupProbe: { exec: { command: ['cat', '/tmp/up'] }, periodSeconds: 2, failureThreshold: 10 } }
    : {};
  const command = ['sh', '-c', 'sleep 3; touch /tmp/up; sleep 1000000'];
  return [{ name: 'sidecar', image: 'busybox:1.36', restartPolicy: 'Always', command, ...watched }];
}

const helper = (random: Random): JsonObject => ({
  name: 'helper',
  image: random.pick(['redis:7', 'registry.k8s.io/pause:3.9']),
  ...(chance(random, 3) ? { readinessProbe: { exec: { command: ['true'] }, periodSeconds: random.between(1, 10) } } : {}),
});

function annotations(random: Random): { readonly annotations: JsonObject; readonly unsteady: boolean } {
  const steady = (made: JsonObject) => ({ annotations: made, unsteady: false });
  const unsteady = (made: JsonObject) => ({ annotations: made, unsteady: true });
  switch (random.below(16)) {
    case 0:
      return unsteady({ 'orrery.dev/image-missing': 'true' });
    case 1:
      return unsteady({ 'orrery.dev/exit-after-seconds': String(random.between(1, 60)), 'orrery.dev/exit-code': random.pick(['0', '1']) });
    case 2:
      // A probe that kills may be less patient than this start-up is long.
      return unsteady({ 'orrery.dev/start-up-seconds': String(random.between(1, 20)) });
    case 3:
      return unsteady({ 'orrery.dev/memory-growth-bytes-per-second': '8000000' });
    case 4:
      return steady({ 'orrery.dev/ignore-sigterm': 'true' });
    case 5:
      return steady({ 'orrery.dev/stop-seconds': String(random.between(1, 40)) });
    default:
      return steady({});
  }
}

function placement(random: Random, app: string, stored: boolean): JsonObject {
  const priority = chance(random, 3) ? { priorityClassName: random.pick(Object.keys(PRIORITIES)) } : {};
  const near = chance(random, 10) ? { nodeSelector: { 'topology.kubernetes.io/zone': random.pick(['zone-a', 'zone-b', 'zone-c']) } } : {};
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  const apart = chance(random, 12) ? { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } } : {};
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app } },
  };
  const isSpread = chance(random, 12);
  // One volume in one zone, and pods of two versions that should be spread over zones, put one another out for ever.
  return { ...priority, ...near, ...apart, ...(isSpread && !stored ? { topologySpreadConstraints: [spread] } : {}) };
}

/** Some have a short patience with lost nodes, so that evictions happen within a run. */
function tolerations(random: Random): readonly JsonObject[] {
  const tolerate = (key: string): JsonObject => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: random.between(0, 30),
  });
  return [
    ...(chance(random, 2) ? [tolerate('node.kubernetes.io/not-ready'), tolerate('node.kubernetes.io/unreachable')] : []),
    ...(chance(random, 4) ? [tolerate(MAINTENANCE)] : []),
    ...(chance(random, 10) ? [{ key: MAINTENANCE, operator: 'Exists' }] : []),
  ];
}

// A random world and what is done to it, all from one seed. Actions choose their objects by number, so that one plan fits any state.
import { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';
import { planMachines, type ScenarioPlan } from '../../src-main/engine/scenario.ts';
import { barePod, claim, configMap, deployment, NAMESPACES, replicationController, service } from './workloads.ts';

/** `pick` chooses among what is there when the action's time comes. */
export type Action = { readonly atMs: number } & (
  | { readonly what: 'apply'; readonly object: JsonObject }
  | { readonly what: 'scale'; readonly pick: number; readonly replicas: number }
  | { readonly what: 'rollout'; readonly pick: number; readonly broken: boolean }
  | { readonly what: 'delete'; readonly kind: string; readonly pick: number; readonly options: object }
  | { readonly what: 'fail'; readonly failure: string; readonly pick: number }
  | { readonly what: 'heal'; readonly pick: number }
);

export interface Plan {
  readonly seed: number;
  readonly scenario: ScenarioPlan;
  readonly actions: readonly Action[];
  /** When everything is healed and nothing more is done. */
  readonly healMs: number;
}

/** 2025-06-01T08:00:00Z */
const EPOCH_MS = 1_748_764_800_000;
/** Machines boot and register before anybody comes. */
const BOOT_MS = 12_000;
const FAILURES = [
  'node-power-off',
  'node-power-off',
  'kubelet-stop',
  'kubelet-stop',
  'node-network-cut',
  'node-network-cut',
  'zone-outage',
  'disk-loss',
  'container-crash',
  'container-crash',
  'probe-failure',
  'registry-down',
];
const DELETED = ['Pod', 'Pod', 'Pod', 'Deployment.apps', 'ReplicaSet.apps', 'ReplicationController', 'Service', 'ConfigMap'];
const RARELY_DELETED = ['Namespace', 'PersistentVolumeClaim', 'Node'];

const immediateClass: JsonObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'immediate' },
  provisioner: 'block.csi.orrery.dev',
  volumeBindingMode: 'Immediate',
};

function firstObjects(random: Random): JsonObject[] {
  const objects: JsonObject[] = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, immediateClass];
  const count = random.between(1, 4);
  for (let index = 0; index < count; index += 1) objects.push(...workload(random, `w${index}`));
  return objects;
}

function workload(random: Random, name: string): JsonObject[] {
  const namespace = random.pick(NAMESPACES);
  const volume = random.below(4) === 0 ? name : null;
  const made: JsonObject[] = volume === null ? [] : [claim(random, namespace, volume)];
  const kind = random.below(10);
  if (kind < 6) made.push(deployment(random, namespace, name, volume));
  else if (kind < 8) made.push(replicationController(random, namespace, name));
  else made.push(barePod(random, namespace, name, volume));
  if (random.below(2) === 0) made.push(service(random, namespace, `${name}-svc`, name));
  if (random.below(6) === 0) made.push(configMap(namespace, `${name}-held`, { finalizers: ['example.com/hold'] }));
  return made;
}

function deletion(random: Random, atMs: number): Action {
  const kind = random.below(8) === 0 ? random.pick(RARELY_DELETED) : random.pick(DELETED);
  const options = {
    ...(random.below(3) === 0
      ? { propagationPolicy: random.pick(['Background', 'Foreground', 'Orphan']) }
      : { propagationPolicy: 'Background' }),
    ...(kind === 'Pod' && random.below(3) === 0 ? { gracePeriodSeconds: random.pick([0, 1, 10]) } : {}),
  };
  return { atMs, what: 'delete', kind, pick: random.uint32(), options };
}

function action(random: Random, atMs: number, serial: number): readonly Action[] {
  const die = random.below(20);
  if (die < 3) return workload(random, `x${serial}`).map((object) => ({ atMs, what: 'apply', object }));
  if (die < 5) return [{ atMs, what: 'scale', pick: random.uint32(), replicas: random.below(6) }];
  if (die < 7) return [{ atMs, what: 'rollout', pick: random.uint32(), broken: random.below(4) === 0 }];
  if (die < 11) return [deletion(random, atMs)];
  if (die < 17) return [{ atMs, what: 'fail', failure: random.pick(FAILURES), pick: random.uint32() }];
  return [{ atMs, what: 'heal', pick: random.uint32() }];
}

export function makePlan(seed: number): Plan {
  const random = Random.seeded(seed);
  const zones = random.between(1, 3);
  const workers = random.between(zones, 6);
  const first = random.between(0, 60_000);
  const count = random.between(0, 12);
  // Some runs do everything within a minute, so that things meet; others leave time for every clock to run out.
  const pauseMsMax = random.pick([3000, 30_000, 120_000]);
  const actions: Action[] = firstObjects(random).map((object, index) => ({ atMs: BOOT_MS + index * 100, what: 'apply', object }));
  let atMs = BOOT_MS + first;
  for (let serial = 0; serial < count; serial += 1) {
    atMs += random.below(pauseMsMax);
    actions.push(...action(random, atMs, serial));
  }
  const scenario = {
    name: `sim ${seed}`,
    seed,
    epochMs: EPOCH_MS,
    region: 'sim',
    machines: planMachines(zones, workers),
    objects: [],
  };
  return { seed, scenario, actions, healMs: atMs + random.below(420_000) };
}

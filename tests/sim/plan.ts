// A random world and what is done to it, all from one seed. Actions choose their objects by number, so that one plan fits any state.
import { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';
import type { NodeGroup } from '../../src-main/engine/physics/physics.ts';
import { planMachines, type ScenarioPlan } from '../../src-main/engine/scenario.ts';
import { themes } from './themes/registry.ts';
import { themeActions } from './themes/theme.ts';
import { furniture, namespace, workload } from './workloads.ts';

/** `pick` chooses among what is there when the action's time comes. */
export type Action = { readonly atMs: number } & (
  | { readonly what: 'apply'; readonly object: JsonObject }
  | { readonly what: 'scale'; readonly kind: string; readonly pick: number; readonly replicas: number }
  | { readonly what: 'rollout'; readonly pick: number; readonly broken: boolean }
  | { readonly what: 'undo'; readonly pick: number }
  | { readonly what: 'suspend'; readonly pick: number; readonly suspended: boolean; readonly parallelism: number }
  | { readonly what: 'pause'; readonly pick: number; readonly paused: boolean }
  | { readonly what: 'hold'; readonly kind: string; readonly pick: number }
  | { readonly what: 'cordon'; readonly pick: number; readonly unschedulable: boolean }
  | { readonly what: 'taint'; readonly pick: number; readonly effect: string | null }
  | { readonly what: 'delete'; readonly kind: string; readonly pick: number; readonly options: object }
  | { readonly what: 'evict'; readonly pick: number }
  | { readonly what: 'fail'; readonly failure: string; readonly pick: number }
  | { readonly what: 'heal'; readonly pick: number }
  | { readonly what: 'load'; readonly pick: number; readonly requestsPerSecond: number }
  | { readonly what: 'measure'; readonly name: string; readonly value: number | null }
  | { readonly what: 'node-group'; readonly name: string; readonly group: NodeGroup | null }
  | { readonly what: 'drain'; readonly pick: number }
  | { readonly what: 'out-of-service'; readonly pick: number }
  | { readonly what: 'relabel'; readonly pick: number }
  | { readonly what: 'resize'; readonly pick: number; readonly requests: Readonly<Record<string, string>> }
  | Ask
);

/** One request about one object of a kind, or about all of them. */
export interface Ask {
  readonly what: 'ask';
  readonly kind: string;
  readonly pick: number;
  readonly method: 'GET' | 'LIST' | 'POST' | 'PATCH' | 'DELETE';
  readonly subresource: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  /** Somebody else than the admin. */
  readonly user?: string;
}

/** JSON. */
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
/** Named more than once: more often. */
const FAILURES = [
  'node-power-off',
  'node-power-off',
  'kubelet-stop',
  'kubelet-stop',
  'node-network-cut',
  'node-network-cut',
  'node-shutdown',
  'zone-outage',
  'disk-loss',
  'container-crash',
  'container-crash',
  'probe-failure',
  'registry-down',
  'component-stop',
];
const DELETED = [
  'Pod',
  'Pod',
  'Pod',
  'Pod',
  'Deployment.apps',
  'Deployment.apps',
  'ReplicaSet.apps',
  'ReplicationController',
  'Service',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
  'CronJob.batch',
];
const RARELY_DELETED = [
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Node',
  'ConfigMap',
  'ControllerRevision.apps',
  'EndpointSlice.discovery.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'Lease.coordination.k8s.io',
];
const SCALED = ['Deployment.apps', 'Deployment.apps', 'ReplicaSet.apps', 'ReplicationController', 'StatefulSet.apps', 'StatefulSet.apps'];
const HELD = ['Pod', 'Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'PersistentVolumeClaim', 'Service'];
const SIZES = [{}, {}, { cpu: '1' }, { cpu: '2', pods: '6' }, { memory: '1Gi' }];

export function makePlan(seed: number): Plan {
  const random = Random.seeded(seed);
  const zones = random.between(1, 3);
  const workers = random.between(zones, 7);
  const size = random.pick(SIZES);
  const count = random.between(0, 16);
  // Some runs do everything within seconds, so that things meet; others leave time for every clock to run out.
  const pauseMsMax = random.pick([500, 3000, 30_000, 120_000]);
  const objects = [...furniture(), ...firstWorkloads(random)];
  const actions: Action[] = objects.map((object, index) => ({ atMs: BOOT_MS + index * 100, what: 'apply', object }));
  let atMs = BOOT_MS + objects.length * 100 + random.below(60_000);
  for (let serial = 0; serial < count; serial += 1) {
    atMs += random.below(pauseMsMax);
    actions.push(...action(random, atMs));
  }
  for (const theme of themes) actions.push(...themeActions(theme, seed, BOOT_MS + objects.length * 100, atMs));
  actions.sort((a, b) => a.atMs - b.atMs);
  const scenario: ScenarioPlan = {
    name: `sim ${seed}`,
    seed,
    epochMs: EPOCH_MS,
    region: 'sim',
    machines: planMachines(zones, workers, size),
    objects: [],
  };
  return { seed, scenario, actions, healMs: Math.max(atMs, actions.at(-1)?.atMs ?? 0) + random.below(420_000) };
}

function firstWorkloads(random: Random): readonly JsonObject[] {
  return Array.from({ length: random.between(1, 5) }, () => workload(random)).flat();
}

function action(random: Random, atMs: number): readonly Action[] {
  const pick = random.uint32();
  const die = random.below(33);
  if (die < 4) return workload(random).map((object) => ({ atMs, what: 'apply', object }));
  if (die < 5) return [{ atMs, what: 'apply', object: namespace }];
  if (die < 7) return [{ atMs, what: 'scale', kind: random.pick(SCALED), pick, replicas: random.below(8) }];
  if (die < 9) return [{ atMs, what: 'rollout', pick, broken: random.below(3) === 0 }];
  if (die < 10) return [{ atMs, what: 'undo', pick }];
  if (die < 11) return [{ atMs, what: 'pause', pick, paused: random.below(2) === 0 }];
  if (die < 12) return [{ atMs, what: 'hold', kind: random.pick(HELD), pick }];
  if (die < 13) return [{ atMs, what: 'cordon', pick, unschedulable: random.below(3) > 0 }];
  if (die < 15) return [{ atMs, what: 'taint', pick, effect: random.pick(['NoExecute', 'NoExecute', 'NoSchedule', null]) }];
  if (die < 20) return [deletion(random, atMs)];
  if (die < 27) return [{ atMs, what: 'fail', failure: random.pick(FAILURES), pick }];
  if (die < 30) return [{ atMs, what: 'heal', pick }];
  if (die < 32) return [{ atMs, what: 'evict', pick }];
  return [{ atMs, what: 'suspend', pick, suspended: random.below(2) === 0, parallelism: random.below(4) }];
}

function deletion(random: Random, atMs: number): Action {
  const kind = random.below(6) === 0 ? random.pick(RARELY_DELETED) : random.pick(DELETED);
  const propagationPolicy = random.below(3) === 0 ? random.pick(['Foreground', 'Orphan']) : 'Background';
  const grace = kind === 'Pod' && random.below(3) === 0 ? { gracePeriodSeconds: random.pick([0, 1, 10]) } : {};
  return { atMs, what: 'delete', kind, pick: random.uint32(), options: { propagationPolicy, ...grace } };
}

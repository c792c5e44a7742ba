// Runs a plan: acts at its times, checks after each entry, and says in the end what the world came to.
import { createHash } from 'node:crypto';
import { LAST_APPLIED } from '../../src-main/engine/api/apply.ts';
import { Cluster } from '../../src-main/engine/cluster.ts';
import { UnknownFailure } from '../../src-main/engine/failures/failures.ts';
import { failures } from '../../src-main/engine/failures/registry.ts';
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { type JsonObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { StatusError } from '../../src-main/engine/meta/status-error.ts';
import { readSnapshot, writeSnapshot } from '../../src-main/persistence/snapshot.ts';
import type { Action, Plan } from './plan.ts';
import { Safety } from './safety.ts';

/** Time for every clock to run out after all is healed: back-offs of 300 s, six minutes of a detach that nobody answers, rates of eviction. */
const SETTLE_MS = 2_400_000;
const EVENTS_MAX = 400_000;
const THOROUGH_EVERY = 500;

const NEXT_IMAGE: Readonly<Record<string, string>> = {
  'nginx:1.27': 'nginx:1.28',
  'redis:7': 'redis:7.2',
  'postgres:16': 'postgres:17',
  'registry.example.com/team/app:v1': 'registry.example.com/team/app:v2',
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The whole world in one line. The history of deltas is left out: the revision counts them. */
export function stateHash(cluster: Cluster): string {
  const { store, ...rest } = cluster.save();
  return digest(JSON.stringify({ ...rest, store: { revision: store.revision, objects: store.objects } })).slice(0, 16);
}

/** The same world from its file. */
export function reopened(cluster: Cluster): Cluster {
  return Cluster.restore(readSnapshot(writeSnapshot(cluster.save(), digest), digest), { freezes: true });
}

export function startPlan({ scenario }: Plan): Cluster {
  return Cluster.start(scenario, { freezes: true });
}

/** Does what a person would; what the cluster refuses is refused. */
export function perform(cluster: Cluster, action: Action): void {
  try {
    act(cluster, action);
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof UnknownFailure)) throw error;
  }
}

function act(cluster: Cluster, action: Action): void {
  switch (action.what) {
    case 'apply':
      cluster.command({ type: 'apply', object: action.object });
      return;
    case 'scale':
      change(cluster, action.pick, (spec) => (hasVolume(spec) ? spec : { ...spec, replicas: action.replicas }));
      return;
    case 'rollout':
      change(cluster, action.pick, (spec) => withNextImage(spec, action.broken));
      return;
    case 'delete': {
      const keys = deletable(cluster, action.kind);
      if (keys.length > 0)
        cluster.command({ type: 'delete', kind: action.kind, key: keys[action.pick % keys.length] as string, options: action.options });
      return;
    }
    case 'fail': {
      const targets = targetsOf(cluster, action.failure);
      if (targets.length > 0)
        cluster.command({ type: 'fail', failure: action.failure, target: targets[action.pick % targets.length] as string });
      return;
    }
    case 'heal': {
      const { active } = cluster.failures;
      const chosen = active[action.pick % Math.max(1, active.length)];
      if (chosen !== undefined) cluster.command({ type: 'heal', id: chosen.id });
    }
  }
}

const KEPT = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default']);

function deletable(cluster: Cluster, kind: string): readonly string[] {
  const objects = [...cluster.store.table(kind).values()];
  // A control plane node that somebody deletes takes the lab's own parts with it; workers are enough.
  return objects
    .filter(({ metadata }) => !KEPT.has(metadata.namespace ?? '') || metadata.namespace === 'default')
    .filter(({ metadata }) => !KEPT.has(metadata.name) && metadata.name !== 'control-plane' && metadata.name !== 'kubernetes')
    .map(keyOf);
}

type Spec = {
  readonly [key: string]: unknown;
  readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[]; readonly volumes?: unknown } };
};

const hasVolume = (spec: Spec): boolean => spec.template.spec.volumes !== undefined;

/** The next version of each image, or one that is not there. */
function withNextImage(spec: Spec, broken: boolean): Spec {
  const { template } = spec;
  const containers = template.spec.containers.map((container) => {
    const repository = container.image.slice(0, container.image.lastIndexOf(':'));
    return { ...container, image: broken ? `${repository}:no-such` : (NEXT_IMAGE[container.image] ?? container.image) };
  });
  return { ...spec, template: { ...template, spec: { ...template.spec, containers } } };
}

/** Changes a Deployment as `kubectl apply` of an edited file does. */
function change(cluster: Cluster, pick: number, edit: (spec: Spec) => Spec): void {
  const all = [...cluster.store.table('Deployment.apps').values()];
  const chosen = all[pick % Math.max(1, all.length)];
  const text = chosen?.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return;
  const object = JSON.parse(text) as JsonObject & { spec: Spec };
  cluster.command({ type: 'apply', object: { ...object, spec: edit(object.spec) } as unknown as JsonObject });
}

function targetsOf(cluster: Cluster, failure: string): readonly string[] {
  const machines = [...cluster.physics.all('machine')];
  switch (failures.find(({ name }) => name === failure)?.target) {
    case 'node':
      return machines.filter(([, { controlPlane }]) => !controlPlane).map(([name]) => name);
    case 'zone':
      return [...new Set(machines.map(([, { zone }]) => zone))];
    case 'disk':
      return [...cluster.store.table('PersistentVolume').values()].map(({ metadata }) => (metadata as PersistentVolume['metadata']).name);
    case 'container':
      return ([...cluster.store.table('Pod').values()] as Pod[]).flatMap((pod) =>
        pod.spec.containers.map(({ name }) => `${keyOf(pod)}/${name}`),
      );
    default:
      return ['docker.io', 'registry.example.com'];
  }
}

/** Heals all and lets go of what waits for a person. */
export function healAll(cluster: Cluster): void {
  for (const { id } of cluster.failures.active) cluster.command({ type: 'heal', id });
  for (const kind of ['Pod', 'ConfigMap'])
    for (const object of [...cluster.store.table(kind).values()]) {
      if (!(object.metadata.finalizers ?? []).includes('example.com/hold')) continue;
      const { finalizers: _held, ...metadata } = object.metadata;
      const rules = cluster.kinds.byKey(kind);
      if (rules !== undefined)
        cluster.server.patch(rules, keyOf(object), (now) => ({ ...now, metadata: { ...metadata, finalizers: [] } }), 'sim');
    }
}

/** A kubelet registers when it starts: the node of a running one whose object was deleted comes back by a restart. */
function restartForgotten(cluster: Cluster, advance: Advance): void {
  for (const node of cluster.physics.all('machine').keys()) {
    if (cluster.store.get('Node', node) !== undefined) continue;
    const { id = '' } = cluster.command({ type: 'fail', failure: 'kubelet-stop', target: node });
    advance(cluster, cluster.timeline.nowMs + 1000);
    cluster.command({ type: 'heal', id });
  }
}

/** How time is passed: all at once, in bits, or with a check after each entry. */
export type Advance = (cluster: Cluster, untilMs: number) => void;

export const atOnce: Advance = (cluster, untilMs) => {
  cluster.advance(untilMs);
};

export function inBits(random: { below(limit: number): number }): Advance {
  return (cluster, untilMs) => {
    while (cluster.timeline.nowMs < untilMs) {
      cluster.advance(Math.min(untilMs, cluster.timeline.nowMs + 1 + random.below(30_000)), 1 + random.below(200));
      if (cluster.timeline.nowMs === untilMs) break;
    }
    cluster.advance(untilMs);
  };
}

/** Checks after each entry. */
export function checked(cluster: Cluster): Advance {
  const safety = new Safety(cluster);
  let entries = 0;
  return (_same, untilMs) => {
    for (;;) {
      const due = cluster.timeline.nextDueMs();
      if (due === null || due > untilMs) break;
      cluster.timeline.step();
      safety.afterEntry();
      entries += 1;
      if (entries % THOROUGH_EVERY === 0) safety.thorough();
      if (entries > EVENTS_MAX) throw new Error(`more than ${EVENTS_MAX} entries by ${cluster.timeline.nowMs} ms`);
    }
    cluster.advance(untilMs);
    safety.thorough();
  };
}

/** Performs the actions from `fromMs` on, heals everything and lets the world settle. */
export function finish(cluster: Cluster, { actions, healMs }: Plan, fromMs: number, advance: Advance): void {
  for (const action of actions) {
    if (action.atMs < fromMs) continue;
    advance(cluster, Math.max(action.atMs, cluster.timeline.nowMs));
    perform(cluster, action);
  }
  advance(cluster, healMs);
  healAll(cluster);
  restartForgotten(cluster, advance);
  advance(cluster, healMs + SETTLE_MS);
}

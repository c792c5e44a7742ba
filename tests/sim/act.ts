// Does what a plan says to a world as a person with kubectl would, and puts everything right in the end.

import { LAST_APPLIED } from '../../src-main/engine/api/apply.ts';
import { ADMIN, type Cluster } from '../../src-main/engine/cluster.ts';
import { PROCESSES } from '../../src-main/engine/control-plane.ts';
import { UnknownFailure } from '../../src-main/engine/failures/failures.ts';
import { failures } from '../../src-main/engine/failures/registry.ts';
import type { Deployment } from '../../src-main/engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../src-main/engine/kinds/apps/replica-set.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { type ApiObject, type JsonObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { StatusError } from '../../src-main/engine/meta/status-error.ts';
import type { Action } from './plan.ts';
import { MAINTENANCE } from './pods.ts';
import { HOLD } from './workloads.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';
const NEXT_IMAGE: Readonly<Record<string, string>> = {
  'nginx:1.27': 'nginx:1.28',
  'nginx:1.28': 'nginx:1.27',
  'redis:7': 'redis:7.2',
  'postgres:16': 'postgres:17',
  'registry.example.com/team/app:v1': 'registry.example.com/team/app:v2',
};
/** The lab's own parts, which a person leaves alone. */
const KEPT = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default', 'control-plane', 'kubernetes', 'kube-root-ca.crt']);

/** What the cluster refuses is refused. */
export function perform(cluster: Cluster, action: Action): void {
  try {
    act(cluster, action);
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof UnknownFailure)) throw error;
  }
}

/** Heals all, and lets go of what waits for a person. */
export function healAll(cluster: Cluster): void {
  for (const { id } of cluster.failures.active) cluster.command({ type: 'heal', id });
  for (const service of [...cluster.physics.all('load').keys()]) cluster.command({ type: 'load', service, requestsPerSecond: 0 });
  for (const kind of cluster.store.kinds())
    for (const object of [...cluster.store.table(kind).values()]) {
      const { finalizers = [] } = object.metadata;
      if (finalizers.includes(HOLD))
        edit(cluster, kind, object, (now) =>
          withFinalizers(
            now,
            finalizers.filter((name) => name !== HOLD),
          ),
        );
    }
  for (const node of [...cluster.store.table('Node').values()])
    edit(cluster, 'Node', node, (now) => tainted(cordoned(now as Node, false), null));
  // A schedule would never let the world rest.
  for (const cronJob of [...cluster.store.table('CronJob.batch').values()])
    edit(cluster, 'CronJob.batch', cronJob, (now) => withSpec(now, { suspend: true }));
  for (const job of [...cluster.store.table('Job.batch').values()])
    edit(cluster, 'Job.batch', job, (now) => withSpec(now, { suspend: false, parallelism: 2 }));
  for (const deployment of [...cluster.store.table('Deployment.apps').values()])
    edit(cluster, 'Deployment.apps', deployment, (now) => withSpec(now, { paused: false }));
}

/** A kubelet registers when it starts: the node of a running one whose object was deleted comes back by a restart. */
export function restartForgotten(start: Cluster, pass: (untilMs: number) => Cluster): void {
  let cluster = start;
  for (const node of [...cluster.physics.all('machine').keys()]) {
    if (cluster.store.get('Node', node) !== undefined) continue;
    const { id = '' } = cluster.command({ type: 'fail', failure: 'kubelet-stop', target: node });
    cluster = pass(cluster.timeline.nowMs + 1000);
    cluster.command({ type: 'heal', id });
  }
}

function act(cluster: Cluster, action: Action): void {
  switch (action.what) {
    case 'apply':
      cluster.command({ type: 'apply', object: action.object });
      return;
    case 'delete': {
      const chosen = pickOf(deletable(cluster, action.kind), action.pick);
      if (chosen !== undefined) cluster.command({ type: 'delete', kind: action.kind, key: keyOf(chosen), options: action.options });
      return;
    }
    case 'fail': {
      const target = pickOf(targetsOf(cluster, action.failure), action.pick);
      if (target !== undefined) cluster.command({ type: 'fail', failure: action.failure, target });
      return;
    }
    case 'load': {
      const service = pickOf([...cluster.store.table('Service').values()], action.pick);
      const { requestsPerSecond } = action;
      if (service !== undefined) cluster.command({ type: 'load', service: keyOf(service), requestsPerSecond });
      return;
    }
    case 'heal': {
      const chosen = pickOf(cluster.failures.active, action.pick);
      if (chosen !== undefined) cluster.command({ type: 'heal', id: chosen.id });
      return;
    }
    case 'evict': {
      const pod = pickOf(all<Pod>(cluster, 'Pod'), action.pick);
      if (pod !== undefined) evict(cluster, pod);
      return;
    }
    case 'rollout':
      reapply(cluster, action.pick, action.broken);
      return;
    default:
      change(cluster, action);
  }
}

function evict(cluster: Cluster, { metadata: { namespace, name } }: Pod): void {
  const request = {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
    query: [],
    accept: 'application/json',
    contentType: 'application/json',
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } },
    user: { name: ADMIN, groups: ['system:masters'] },
    agent: 'kubectl',
  };
  cluster.command({ type: 'request', request });
}

type Edit = Exclude<Action['what'], 'apply' | 'delete' | 'evict' | 'fail' | 'heal' | 'rollout'>;

function change(cluster: Cluster, action: Extract<Action, { readonly what: Edit }>): void {
  const { pick } = action;
  switch (action.what) {
    case 'scale': {
      const wanted = all<Deployment>(cluster, action.kind).filter(({ spec }) => spec.template.spec?.volumes === undefined);
      changeOne(cluster, action.kind, pickOf(wanted, pick), (now) => withSpec(now, { replicas: action.replicas }));
      return;
    }
    case 'undo': {
      const deployment = pickOf(all<Deployment>(cluster, 'Deployment.apps'), pick);
      const template = deployment === undefined ? undefined : previousTemplate(cluster, deployment);
      if (template !== undefined) changeOne(cluster, 'Deployment.apps', deployment, (now) => withSpec(now, { template }));
      return;
    }
    case 'pause':
      changeOne(cluster, 'Deployment.apps', pickOf(all(cluster, 'Deployment.apps'), pick), (now) =>
        withSpec(now, { paused: action.paused }),
      );
      return;
    case 'suspend': {
      const jobs = ['Job.batch', 'CronJob.batch'].flatMap((kind) => all<ApiObject>(cluster, kind));
      const chosen = pickOf(jobs, pick);
      const more = chosen?.kind === 'Job' ? { parallelism: action.parallelism } : {};
      changeOne(cluster, `${chosen?.kind}.batch`, chosen, (now) => withSpec(now, { suspend: action.suspended, ...more }));
      return;
    }
    case 'hold':
      changeOne(cluster, action.kind, pickOf(deletable(cluster, action.kind), pick), (now) => {
        const known = now.metadata.finalizers ?? [];
        return known.includes(HOLD) || now.metadata.deletionTimestamp !== undefined ? now : withFinalizers(now, [...known, HOLD]);
      });
      return;
    case 'cordon':
      changeOne(cluster, 'Node', pickOf(workers(cluster), pick), (now) => cordoned(now as Node, action.unschedulable));
      return;
    case 'taint':
      changeOne(cluster, 'Node', pickOf(workers(cluster), pick), (now) => tainted(now as Node, action.effect));
      return;
  }
}

function changeOne(cluster: Cluster, kind: string, object: ApiObject | undefined, next: (now: ApiObject) => ApiObject): void {
  if (object !== undefined) edit(cluster, kind, object, next);
}

function edit(cluster: Cluster, kind: string, object: ApiObject, next: (now: ApiObject) => ApiObject): void {
  const rules = cluster.kinds.byKey(kind);
  if (rules !== undefined) cluster.server.patch(rules, keyOf(object), next, ADMIN);
}

const all = <T extends ApiObject>(cluster: Cluster, kind: string): readonly T[] =>
  [...cluster.store.table(kind).values()] as unknown as readonly T[];

const workers = (cluster: Cluster): readonly ApiObject[] =>
  all<ApiObject>(cluster, 'Node').filter(({ metadata }) => !KEPT.has(metadata.name));

function pickOf<T>(items: readonly T[], pick: number): T | undefined {
  return items[pick % Math.max(1, items.length)];
}

function deletable(cluster: Cluster, kind: string): readonly ApiObject[] {
  return all<ApiObject>(cluster, kind).filter(({ metadata: { name, namespace = '' } }) => {
    if (kind === 'Lease.coordination.k8s.io') return name !== 'control-plane';
    return !KEPT.has(name) && (namespace === 'default' || !KEPT.has(namespace));
  });
}

function withSpec(object: ApiObject, fields: object): ApiObject {
  return { ...object, spec: { ...(object as { spec?: object }).spec, ...fields } } as ApiObject;
}

function withFinalizers(object: ApiObject, finalizers: readonly string[]): ApiObject {
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/** `kubectl cordon` and `uncordon`. */
function cordoned(node: Node, unschedulable: boolean): Node {
  const { unschedulable: _before, ...spec } = node.spec;
  return { ...node, spec: unschedulable ? { ...spec, unschedulable } : spec } as Node;
}

/** `kubectl taint`. */
function tainted(node: Node, effect: string | null): Node {
  const others = (node.spec.taints ?? []).filter(({ key }) => key !== MAINTENANCE);
  const taints = effect === null ? others : [...others, { key: MAINTENANCE, effect }];
  return { ...node, spec: { ...node.spec, taints } } as Node;
}

/** `kubectl rollout undo`: the template of the newest set but one. */
function previousTemplate(cluster: Cluster, deployment: Deployment): object | undefined {
  const revisionOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION] ?? 0);
  const sets = all<ReplicaSet>(cluster, 'ReplicaSet.apps')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid) === true)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  const template = sets[1]?.spec.template;
  if (template === undefined) return undefined;
  const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Applies a workload's file again, with the next version of each image, or one that is not there. */
function reapply(cluster: Cluster, pick: number, broken: boolean): void {
  const applied = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].flatMap((kind) => all<ApiObject>(cluster, kind));
  const text = pickOf(applied, pick)?.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return;
  const object = JSON.parse(text) as JsonObject & {
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly JsonObject[] } } };
  };
  const { template } = object.spec;
  const containers = template.spec.containers.map((container) => {
    const image = container['image'] as string;
    return { ...container, image: broken ? `${image.slice(0, image.lastIndexOf(':'))}:no-such` : (NEXT_IMAGE[image] ?? image) };
  });
  const spec = { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } };
  cluster.command({ type: 'apply', object: { ...object, spec } });
}

function targetsOf(cluster: Cluster, failure: string): readonly string[] {
  const machines = [...cluster.physics.all('machine')];
  switch (failures.find(({ name }) => name === failure)?.target) {
    case 'node':
      return machines.filter(([, { controlPlane }]) => !controlPlane).map(([name]) => name);
    case 'zone':
      return [...new Set(machines.map(([, { zone }]) => zone))];
    case 'disk':
      return all<ApiObject>(cluster, 'PersistentVolume').map(({ metadata }) => metadata.name);
    case 'container':
      return all<Pod>(cluster, 'Pod').flatMap((pod) => pod.spec.containers.map(({ name }) => `${keyOf(pod)}/${name}`));
    case 'component':
      return PROCESSES;
    default:
      return ['docker.io', 'registry.example.com'];
  }
}

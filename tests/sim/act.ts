// Does what a plan says to a world as a person with kubectl would.

import { LAST_APPLIED } from '../../src-main/engine/api/apply.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import { ADD_ONS, PROCESSES } from '../../src-main/engine/control-plane.ts';
import { UnknownFailure } from '../../src-main/engine/failures/failures.ts';
import { failures } from '../../src-main/engine/failures/registry.ts';
import type { ControllerRevision } from '../../src-main/engine/kinds/apps/controller-revision.ts';
import type { Deployment } from '../../src-main/engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../src-main/engine/kinds/apps/replica-set.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { splitApiVersion } from '../../src-main/engine/kinds/kind.ts';
import { isConditionTrue } from '../../src-main/engine/meta/conditions.ts';
import { type ApiObject, type JsonObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { StatusError } from '../../src-main/engine/meta/status-error.ts';
import { ask, drain, evict, resize, rollBack } from './ask.ts';
import { all, cordoned, edit, loose, OUT_OF_SERVICE, pickOf, tainted, withFinalizers, withSpec, workers } from './edits.ts';
import type { Action } from './plan.ts';
import { CUSTOM_GROUP } from './themes/custom.ts';
import { HOLD } from './workloads.ts';
import { stateBesideRefusals, unlike } from './world-state.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';
const NEXT_IMAGE: Readonly<Record<string, string>> = {
  'nginx:1.27': 'nginx:1.28',
  'nginx:1.28': 'nginx:1.27',
  'redis:7': 'redis:7.2',
  'postgres:16': 'postgres:17',
  'registry.example.com/team/app:v1': 'registry.example.com/team/app:v2',
};
/** What the cluster refuses is refused. */
export function perform(cluster: Cluster, action: Action): void {
  if (action.what === 'ask') {
    ask(cluster, action); // is answered in any case, and looks itself at what a refusal left
    return;
  }
  const before = MANY_WRITES.has(action.what) ? null : stateBesideRefusals(cluster);
  try {
    act(cluster, action);
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof UnknownFailure)) throw error;
    if (before === null) return;
    const trace = unlike(before, stateBesideRefusals(cluster), 'world');
    if (trace !== null) throw new Error(`${JSON.stringify(action)} was refused (${error.message}) and yet changed ${trace}`);
  }
}

/** Of several writes, the first may have been taken. */
const MANY_WRITES: ReadonlySet<Action['what']> = new Set(['drain', 'rollout', 'undo']);

function act(cluster: Cluster, action: Exclude<Action, { readonly what: 'ask' }>): void {
  switch (action.what) {
    case 'apply':
      if (isDefined(cluster, action.object)) cluster.command({ type: 'apply', object: action.object });
      return;
    case 'delete': {
      const chosen = pickOf(loose(cluster, action.kind), action.pick);
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
    case 'resize': {
      const pod = pickOf(all<Pod>(cluster, 'Pod'), action.pick);
      if (pod !== undefined) resize(cluster, pod, action.requests);
      return;
    }
    case 'measure': {
      const { name, value } = action;
      cluster.command({ type: 'measure', name, value });
      return;
    }
    case 'node-group': {
      const { name, group } = action;
      cluster.command({ type: 'node-group', name, group });
      return;
    }
    case 'rollout':
      reapply(cluster, action.pick, action.broken);
      return;
    default:
      change(cluster, action);
  }
}

type Edit = Exclude<
  Action['what'],
  'apply' | 'ask' | 'delete' | 'evict' | 'fail' | 'heal' | 'load' | 'measure' | 'node-group' | 'resize' | 'rollout'
>;

/** kubectl itself refuses to apply what nobody has defined; what the lab stores all the same is in a group of its own. */
function isDefined(cluster: Cluster, object: JsonObject): boolean {
  const { group } = splitApiVersion(object['apiVersion'] as string);
  return (
    group !== CUSTOM_GROUP ||
    cluster.store.get('CustomResourceDefinition.apiextensions.k8s.io', `${(object['kind'] as string).toLowerCase()}s.${group}`) !==
      undefined
  );
}

function change(cluster: Cluster, action: Extract<Action, { readonly what: Edit }>): void {
  const { pick } = action;
  switch (action.what) {
    case 'scale': {
      const wanted = all<Deployment>(cluster, action.kind).filter(({ spec }) => spec.template.spec?.volumes === undefined);
      edit(cluster, action.kind, pickOf(wanted, pick), (now) => withSpec(now, { replicas: action.replicas }));
      return;
    }
    case 'undo':
      undo(cluster, pick);
      return;
    case 'pause':
      edit(cluster, 'Deployment.apps', pickOf(all(cluster, 'Deployment.apps'), pick), (now) => withSpec(now, { paused: action.paused }));
      return;
    case 'suspend': {
      const jobs = ['Job.batch', 'CronJob.batch'].flatMap((kind) => all<ApiObject>(cluster, kind));
      const chosen = pickOf(jobs, pick);
      const more = chosen?.kind === 'Job' ? { parallelism: action.parallelism } : {};
      edit(cluster, `${chosen?.kind}.batch`, chosen, (now) => withSpec(now, { suspend: action.suspended, ...more }));
      return;
    }
    case 'hold':
      edit(cluster, action.kind, pickOf(loose(cluster, action.kind), pick), (now) => {
        const known = now.metadata.finalizers ?? [];
        return known.includes(HOLD) || now.metadata.deletionTimestamp !== undefined ? now : withFinalizers(now, [...known, HOLD]);
      });
      return;
    case 'cordon':
      edit(cluster, 'Node', pickOf(workers(cluster), pick), (now) => cordoned(now as Node, action.unschedulable));
      return;
    case 'drain': {
      const node = pickOf(workers(cluster), pick);
      edit(cluster, 'Node', node, (now) => cordoned(now as Node, true));
      if (node !== undefined) drain(cluster, node.metadata.name);
      return;
    }
    case 'out-of-service': {
      const lost = workers(cluster).filter(({ status }) => !isConditionTrue(status.conditions, 'Ready'));
      edit(cluster, 'Node', pickOf(lost, pick), (now) => tainted(now as Node, 'NoExecute', OUT_OF_SERVICE));
      return;
    }
    case 'relabel': {
      const owned = all<Pod>(cluster, 'Pod').filter(
        ({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind.startsWith('Replica')) === true,
      );
      edit(cluster, 'Pod', pickOf(owned, pick), ({ metadata, ...rest }) => ({
        ...rest,
        metadata: { ...metadata, labels: { ...metadata.labels, app: 'nobody' } },
      }));
      return;
    }
    case 'taint':
      edit(cluster, 'Node', pickOf(workers(cluster), pick), (now) => tainted(now as Node, action.effect));
      return;
  }
}

/** `kubectl rollout undo`. */
function undo(cluster: Cluster, pick: number): void {
  const chosen = pickOf(
    ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].flatMap((kind) => all<ApiObject>(cluster, kind)),
    pick,
  );
  if (chosen === undefined) return;
  if (chosen.kind === 'Deployment') {
    const template = previousTemplate(cluster, chosen as unknown as Deployment);
    if (template !== undefined) edit(cluster, 'Deployment.apps', chosen, (now) => withSpec(now, { template }));
    return;
  }
  const [, previous] = all<ControllerRevision>(cluster, 'ControllerRevision.apps')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === chosen.metadata.uid) === true)
    .toSorted((a, b) => b.revision - a.revision);
  if (previous !== undefined) rollBack(cluster, `${chosen.kind}.apps`, chosen, previous.data as JsonObject);
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
      return [...PROCESSES, ...ADD_ONS];
    default:
      return ['docker.io', 'registry.example.com'];
  }
}

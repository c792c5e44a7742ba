// `--until`: a question about the cluster that is asked again and again until the answer is yes.
import type { Cluster } from '../../../engine/cluster.ts';
import { daemonSetKind } from '../../../engine/kinds/apps/daemon-set.ts';
import { deploymentKind } from '../../../engine/kinds/apps/deployment.ts';
import { replicaSetKind } from '../../../engine/kinds/apps/replica-set.ts';
import { statefulSetKind } from '../../../engine/kinds/apps/stateful-set.ts';
import { jobKind } from '../../../engine/kinds/batch/job.ts';
import { podKind } from '../../../engine/kinds/core/pod.ts';
import { replicationControllerKind } from '../../../engine/kinds/core/replication-controller.ts';
import { type Kind, kindKey } from '../../../engine/kinds/kind.ts';
import { isConditionTrue } from '../../../engine/meta/conditions.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { controllerOf } from '../../../engine/meta/owner-references.ts';
import { UsageError } from '../usage-error.ts';

export interface Condition {
  readonly isMet: (cluster: Cluster) => boolean;
  /** Virtual milliseconds between two questions: what looks at every object is not asked after every change. */
  readonly everyMs: number;
}

export const conditionHelp = `Conditions of --until:
  ready                          every pod is Ready or has succeeded (or was replaced when it failed), every workload has its replicas
  available                      every Deployment is Available, and there is one
  KIND/[NAMESPACE/]NAME          it is as one wants it: a pod Ready, a deployment Available, a job Complete, a claim Bound
  KIND/NAME=Available            status.conditions says so, as "kubectl wait --for=condition" asks
  KIND/NAME=Ready:Unknown        ... with this status
  KIND/NAME{.status.phase}=Bound a field has this value
  KIND/NAME{.spec.nodeName}      a field has any value
  KIND/NAME=deleted              it is gone`;

const SCAN_MS = 100;

export function parseCondition(text: string, cluster: Cluster): Condition {
  if (text.toLowerCase() === 'ready') return { isMet: everythingReady, everyMs: SCAN_MS };
  if (text.toLowerCase() === 'available') return { isMet: everythingAvailable, everyMs: SCAN_MS };
  const match = /^([A-Za-z.]+)\/([^={]+)(?:\{\.([\w.]+)\})?(?:=(.+))?$/.exec(text);
  if (match === null) throw new UsageError(`--until: "${text}" is no condition\n${conditionHelp}`);
  const [, word = '', name = '', path, wanted] = match;
  const kind = kindOf(word, cluster);
  const key = keyOf(kind, word, name);
  const find = (world: Cluster): Loose | undefined => world.server.find(kind, key) as Loose | undefined;
  if (wanted === 'deleted' && path === undefined) {
    // It must have been there: a name with a slip of the pen is not "gone".
    let seen = false;
    return {
      everyMs: 0,
      isMet: (world) => {
        const there = find(world) !== undefined;
        seen ||= there;
        return seen && !there;
      },
    };
  }
  const test = path === undefined ? conditionTest(kind, wanted) : fieldTest(path, wanted);
  return {
    everyMs: 0,
    isMet: (world) => {
      const object = find(world);
      return object !== undefined && test(object);
    },
  };
}

type Loose = ApiObject & {
  readonly spec?: LooseRecord;
  readonly status?: LooseRecord & { readonly conditions?: readonly LooseCondition[] };
};
type LooseRecord = Readonly<Record<string, unknown>>;
interface LooseCondition {
  readonly type: string;
  readonly status: string;
}

/** A kind by any of the names that kubectl takes; behind a dot its group. */
function kindOf(word: string, cluster: Cluster): Kind {
  const [wanted = '', ...group] = word.toLowerCase().split('.');
  for (const kind of cluster.kinds.all()) {
    if (group.length > 0 && group.join('.') !== kind.group) continue;
    if (kind.kind.toLowerCase() === wanted || kind.plural === wanted || kind.shortNames.includes(wanted)) return kind;
  }
  throw new UsageError(`--until: there is no kind "${word}"`);
}

function keyOf({ namespaced }: Kind, word: string, name: string): string {
  const parts = name.split('/');
  if (parts.includes('') || parts.length > (namespaced ? 2 : 1))
    throw new UsageError(`--until: "${word}/${name}" must be ${word}/${namespaced ? '[NAMESPACE/]' : ''}NAME`);
  return namespaced && parts.length === 1 ? `default/${name}` : name;
}

type Test = (object: Loose) => boolean;

function conditionTest(kind: Kind, wanted: string | undefined): Test {
  if (wanted === undefined) return naturalTests[kindKey(kind)] ?? (() => true);
  const [type = '', status = 'True'] = wanted.split(':');
  return ({ status: { conditions = [] } = {} }) =>
    conditions.some((condition) => condition.type.toLowerCase() === type.toLowerCase() && condition.status === status);
}

const hasCondition =
  (type: string): Test =>
  ({ status }) =>
    isConditionTrue(status?.conditions, type);
const isBound: Test = ({ status }) => status?.['phase'] === 'Bound';
const hasItsReplicas: Test = ({ spec, status }) => (status?.['readyReplicas'] ?? 0) === spec?.['replicas'];
const isOnItsNodes: Test = ({ status }) => status?.['numberReady'] === status?.['desiredNumberScheduled'];
/** What a status tells holds for the object as it is now. */
const isObserved: Test = ({ metadata, status }) => (status?.['observedGeneration'] ?? 0) === (metadata.generation ?? 0);
const both =
  (one: Test, other: Test): Test =>
  (object) =>
    one(object) && other(object);

/** How one wants an object to be, by its kind; of other kinds one wants that it is there. */
const naturalTests: Readonly<Record<string, Test>> = {
  Pod: hasCondition('Ready'),
  Node: hasCondition('Ready'),
  PersistentVolumeClaim: isBound,
  PersistentVolume: isBound,
  ReplicationController: both(isObserved, hasItsReplicas),
  'Deployment.apps': both(isObserved, hasCondition('Available')),
  'ReplicaSet.apps': both(isObserved, hasItsReplicas),
  'StatefulSet.apps': both(isObserved, hasItsReplicas),
  'DaemonSet.apps': both(isObserved, isOnItsNodes),
  'Job.batch': hasCondition('Complete'),
};

/** Without a value any will do. upstream: kubectl pkg/cmd/wait json.go JSONPathWait checkCondition */
function fieldTest(path: string, wanted: string | undefined): Test {
  const steps = path.split('.');
  return (object) => {
    let value: unknown = object;
    for (const step of steps)
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as LooseRecord)[step] : undefined;
    return value !== undefined && (wanted === undefined || String(value) === wanted);
  };
}

/** A job wants pods only until it is done, and none while it is suspended. */
const hasItsWorkers: Test = ({ spec, status }) => {
  const { ready = 0, active = 0, conditions } = (status ?? {}) as { ready?: number; active?: number; conditions?: LooseCondition[] };
  return spec?.['suspend'] === true || isConditionTrue(conditions, 'Complete') || (ready > 0 && ready === active);
};

/** Kinds that want a number of pods, with what says that these are Ready. */
const workloads = [
  [deploymentKind, both(isObserved, hasItsReplicas)],
  [replicaSetKind, both(isObserved, hasItsReplicas)],
  [replicationControllerKind, both(isObserved, hasItsReplicas)],
  [statefulSetKind, both(isObserved, hasItsReplicas)],
  [daemonSetKind, both(isObserved, isOnItsNodes)],
  [jobKind, hasItsWorkers],
] as unknown as readonly (readonly [Kind, Test])[];

function everythingReady({ server }: Cluster): boolean {
  for (const [kind, hasItsPods] of workloads) if (!(server.list(kind) as readonly Loose[]).every(hasItsPods)) return false;
  const pods = server.list(podKind);
  return (
    pods.length > 0 &&
    pods.every((pod) => {
      const { phase, conditions } = pod.status;
      // In the place of one that failed its controller makes another, which counts.
      return phase === 'Succeeded' || isConditionTrue(conditions, 'Ready') || (phase === 'Failed' && controllerOf(pod) !== undefined);
    })
  );
}

function everythingAvailable({ server }: Cluster): boolean {
  const deployments = server.list(deploymentKind) as unknown as readonly Loose[];
  const isAvailable = hasCondition('Available');
  return deployments.length > 0 && deployments.every((deployment) => isObserved(deployment) && isAvailable(deployment));
}

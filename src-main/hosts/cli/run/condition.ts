// `--until`: a question about the cluster that is asked again and again until the answer is yes.
import type { Cluster } from '../../../engine/cluster.ts';
import { deploymentKind } from '../../../engine/kinds/apps/deployment.ts';
import { replicaSetKind } from '../../../engine/kinds/apps/replica-set.ts';
import { podKind } from '../../../engine/kinds/core/pod.ts';
import { replicationControllerKind } from '../../../engine/kinds/core/replication-controller.ts';
import type { Kind } from '../../../engine/kinds/kind.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { UsageError } from '../usage-error.ts';

export interface Condition {
  readonly isMet: (cluster: Cluster) => boolean;
  /** Virtual milliseconds between two questions: what looks at every object is not asked after every change. */
  readonly everyMs: number;
}

export const conditionHelp = `Conditions of --until:
  ready                          every pod is Ready or has ended, every workload has its replicas
  available                      every Deployment is Available, and there is one
  KIND/[NAMESPACE/]NAME          it is as one wants it: a pod Ready, a deployment Available, a claim Bound
  KIND/NAME=Available            status.conditions says so, as "kubectl wait --for=condition" asks
  KIND/NAME=Ready:Unknown        ... with this status
  KIND/NAME{.status.phase}=Bound a field has this value
  KIND/NAME=deleted              it is gone`;

const SCAN_MS = 100;

export function parseCondition(text: string, cluster: Cluster): Condition {
  if (text.toLowerCase() === 'ready') return { isMet: everythingReady, everyMs: SCAN_MS };
  if (text.toLowerCase() === 'available') return { isMet: everythingAvailable, everyMs: SCAN_MS };
  const match = /^([A-Za-z.]+)\/([^={]+)(?:\{\.([\w.]+)\})?(?:=(.+))?$/.exec(text);
  if (match === null) throw new UsageError(`--until: "${text}" is no condition\n${conditionHelp}`);
  const [, word = '', name = '', path, wanted] = match;
  const kind = kindOf(word, cluster);
  const key = kind.namespaced && !name.includes('/') ? `default/${name}` : name;
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
  const test = path === undefined ? conditionTest(kind, wanted) : fieldTest(path, wanted ?? '');
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

function kindOf(word: string, cluster: Cluster): Kind {
  const wanted = word.toLowerCase();
  for (const kind of cluster.kinds.all())
    if (kind.kind.toLowerCase() === wanted || kind.plural === wanted || kind.shortNames.includes(wanted)) return kind;
  throw new UsageError(`--until: there is no kind "${word}"`);
}

function conditionTest(kind: Kind, wanted: string | undefined): (object: Loose) => boolean {
  if (wanted === undefined) return naturalTest(kind);
  const [type = '', status = 'True'] = wanted.split(':');
  return ({ status: { conditions = [] } = {} }) =>
    conditions.some((condition) => condition.type.toLowerCase() === type.toLowerCase() && condition.status === status);
}

function naturalTest({ kind }: Kind): (object: Loose) => boolean {
  switch (kind) {
    case 'Pod':
    case 'Node':
      return hasCondition('Ready');
    case 'Deployment':
      return hasCondition('Available');
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
      return ({ status }) => status?.['phase'] === 'Bound';
    case 'ReplicaSet':
    case 'ReplicationController':
      return hasItsReplicas;
    default:
      return () => true;
  }
}

function hasCondition(type: string): (object: Loose) => boolean {
  return ({ status }) => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

function hasItsReplicas({ spec, status }: Loose): boolean {
  return (status?.['readyReplicas'] ?? 0) === spec?.['replicas'];
}

function fieldTest(path: string, wanted: string): (object: Loose) => boolean {
  const steps = path.split('.');
  return (object) => {
    let value: unknown = object;
    for (const step of steps)
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as LooseRecord)[step] : undefined;
    return value !== undefined && String(value) === wanted;
  };
}

function everythingReady({ server }: Cluster): boolean {
  for (const kind of [deploymentKind, replicaSetKind, replicationControllerKind] as unknown as Kind[])
    for (const object of server.list(kind)) {
      const { metadata, status } = object as Loose;
      if ((status?.['observedGeneration'] ?? 0) !== (metadata.generation ?? 0) || !hasItsReplicas(object as Loose)) return false;
    }
  const isReady = hasCondition('Ready');
  const pods = server.list(podKind);
  return pods.length > 0 && pods.every((pod) => pod.status.phase === 'Succeeded' || isReady(pod as unknown as Loose));
}

function everythingAvailable({ server }: Cluster): boolean {
  const deployments = server.list(deploymentKind);
  const isAvailable = hasCondition('Available');
  return (
    deployments.length > 0 &&
    deployments.every(
      (deployment) =>
        deployment.status?.observedGeneration === deployment.metadata.generation && isAvailable(deployment as unknown as Loose),
    )
  );
}

// Why the pods of a workload are not Ready: what each of them would answer itself, pods with the same answer together.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { isPodActive, isPodReady } from '../../engine/controllers/pod-state.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { isControlledBy } from '../../engine/meta/owner-references.ts';
import { crashBackOff } from './crash-back-off.ts';
import { endpointNotReady } from './endpoint-not-ready.ts';
import { imagePull } from './image-pull.ts';
import { nodeAnswers } from './kubelet-memory.ts';
import { pendingPod } from './pending-pod.ts';
import { line, type Question } from './question.ts';
import { startHeldUp } from './start-held-up.ts';
import { volumeStuck } from './volume-stuck.ts';

const KINDS = /^(ReplicationController|(Deployment|ReplicaSet|StatefulSet|DaemonSet)\.apps|Job\.batch)$/;
/** What is asked of a pod; the first that has an answer tells what comes first in its life. */
const ofPods: readonly Question[] = [pendingPod, volumeStuck, imagePull, crashBackOff, startHeldUp, endpointNotReady];
/** Which Services it is missing from is no reason. */
const CONSEQUENCE = 'outOf';
/** More different answers than this tell a person less than the pods themselves. */
const ANSWERS_MAX = 3;
/** Of one pod: the rest it tells itself. */
const LINES_MAX = 4;
/** Pods of a large workload that are asked. */
const ASKED_MAX = 100;
const NAMES_MAX = 20;

export const podsUnready: Question = {
  name: 'podsUnready',
  answer: (cluster, kind, object) => {
    if (!KINDS.test(kind)) return [];
    const groups = new Map<string, Group>();
    for (const pod of podsOf(cluster, kind, object).slice(0, ASKED_MAX)) {
      const lines = answerOf(cluster, pod);
      const [first] = lines;
      if (first === undefined) continue;
      const said = [first.question, ...lines.map(({ says }) => says)].join(' ');
      const group = groups.get(said) ?? { lines, pods: [] };
      groups.set(said, group);
      group.pods.push(pod);
    }
    return [...groups.values()].slice(0, ANSWERS_MAX).flatMap(told);
  },
};

interface Group {
  /** Of its first pod. */
  readonly lines: readonly WhyLine[];
  readonly pods: Pod[];
}

function told({ lines, pods }: Group): readonly WhyLine[] {
  const [first] = pods;
  if (first === undefined) return [];
  const names = pods.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
  const about = { kind: 'Pod', key: keyOf(first) };
  return [line('pods', { count: pods.length, pod: first.metadata.name }, { names: pods.length > 1 ? names : [], about }), ...lines];
}

/** A pod that has no answer is on its way. What becomes of one on a silent node nobody knows, whatever its kubelet does. */
function answerOf(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const { nodeName = '' } = pod.spec;
  if (nodeName !== '' && !nodeAnswers(cluster, nodeName)) return asked(cluster, pod, endpointNotReady).slice(0, 1);
  for (const question of ofPods) {
    const lines = asked(cluster, pod, question);
    if (lines.length > 0) return lines.slice(0, LINES_MAX);
  }
  return [];
}

function asked(cluster: Cluster, pod: Pod, { name, answer }: Question): readonly WhyLine[] {
  return answer(cluster, 'Pod', pod)
    .filter(({ says }) => says !== CONSEQUENCE)
    .map((line) => ({ ...line, question: name }));
}

function podsOf({ store }: Cluster, kind: string, object: ApiObject): readonly Pod[] {
  const sets = [...store.table('ReplicaSet.apps').values()];
  const owners = kind === 'Deployment.apps' ? sets.filter((set) => isControlledBy(set, object)) : [object];
  return ([...store.table('Pod').values()] as Pod[]).filter(
    (pod) => isPodActive(pod) && !isPodReady(pod) && owners.some((owner) => isControlledBy(pod, owner)),
  );
}

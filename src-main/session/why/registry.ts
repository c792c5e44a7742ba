// All questions that can be asked of an object, in the order in which their answers are read.
import type { WhyAnswer } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { ApiObject } from '../../engine/meta/object.ts';
import { autoscaler } from './autoscaler.ts';
import { budgetClosed } from './budget-closed.ts';
import { claimPending } from './claim-pending.ts';
import { controlPlaneDown } from './control-plane-down.ts';
import { crashBackOff } from './crash-back-off.ts';
import { cronJobWaits } from './cron-job-waits.ts';
import { daemonSetWaits } from './daemon-set-waits.ts';
import { deploymentStuck } from './deployment-stuck.ts';
import { diskStaysFull } from './disk-stays-full.ts';
import { endpointNotReady } from './endpoint-not-ready.ts';
import { imagePull } from './image-pull.ts';
import { jobWaits } from './job-waits.ts';
import { networkPolicy } from './network-policy.ts';
import { nodePressure } from './node-pressure.ts';
import { nodeSilent } from './node-silent.ts';
import { pendingPod } from './pending-pod.ts';
import { podsUnready } from './pods-unready.ts';
import type { Question } from './question.ts';
import { replicaSetWaits } from './replica-set-waits.ts';
import { resizeWaits } from './resize-waits.ts';
import { startHeldUp } from './start-held-up.ts';
import { statefulSetWaits } from './stateful-set-waits.ts';
import { stoppedPod } from './stopped-pod.ts';
import { terminating } from './terminating.ts';
import { topologyHints } from './topology-hints.ts';
import { volumeStuck } from './volume-stuck.ts';

export const questions: readonly Question[] = [
  controlPlaneDown,
  terminating,
  stoppedPod,
  pendingPod,
  volumeStuck,
  imagePull,
  crashBackOff,
  startHeldUp,
  resizeWaits,
  endpointNotReady,
  topologyHints,
  claimPending,
  deploymentStuck,
  replicaSetWaits,
  statefulSetWaits,
  daemonSetWaits,
  jobWaits,
  podsUnready,
  cronJobWaits,
  budgetClosed,
  autoscaler,
  networkPolicy,
  nodeSilent,
  nodePressure,
  diskStaysFull,
];

/** Only the questions that arise. */
export function whyOf(cluster: Cluster, kind: string, object: ApiObject): readonly WhyAnswer[] {
  return questions.flatMap(({ name, answer }) => {
    const lines = answer(cluster, kind, object);
    return lines.length === 0 ? [] : [{ question: name, lines }];
  });
}

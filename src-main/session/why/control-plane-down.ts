// Why nothing happens at all: the process whose work it would be is not there.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { line, type Question } from './question.ts';

/** Kinds that are as they are because controllers act on them. */
const KEPT =
  /^(Node|Service|Namespace|PersistentVolume|PersistentVolumeClaim|ReplicationController|ResourceQuota|(Deployment|ReplicaSet|StatefulSet|DaemonSet)\.apps|(Job|CronJob)\.batch|HorizontalPodAutoscaler\.autoscaling|PodDisruptionBudget\.policy|VolumeAttachment\.storage\.k8s\.io)$/;

export const controlPlaneDown: Question = {
  name: 'controlPlaneDown',
  answer: (cluster, kind) => {
    if (kind === 'VerticalPodAutoscaler.autoscaling.k8s.io') return absence(cluster, 'vertical-pod-autoscaler');
    return KEPT.test(kind) ? absence(cluster, 'kube-controller-manager') : [];
  },
};

/** A sentence when the process does not act; none when it does. */
export function absence({ physics }: Cluster, process: string): readonly WhyLine[] {
  const fact = physics.get('component', process);
  if (fact === undefined || (fact.running && fact.leads)) return [];
  return [line(fact.running ? 'notElected' : 'notRunning', { process })];
}

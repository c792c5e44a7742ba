// StatefulSets and DaemonSets at rest: all their pods are there, ready and of the newest template, or something that was made so holds them up.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import { targetNodeOf } from '../../src-main/engine/controllers/daemon-set/daemon-pod.ts';
import type { DaemonSet } from '../../src-main/engine/kinds/apps/daemon-set.ts';
import type { StatefulSet } from '../../src-main/engine/kinds/apps/stateful-set.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { toleratesTaint } from '../../src-main/engine/meta/tolerations.ts';
import { isOver, isReady, podsOf, tableOf } from './convergence.ts';

export function setFaults(cluster: Cluster, hopeless: (set: StatefulSet | DaemonSet) => boolean): readonly string[] {
  return [
    ...tableOf<StatefulSet>(cluster, 'StatefulSet.apps').flatMap((set) => statefulFaults(cluster, set, hopeless(set))),
    ...tableOf<DaemonSet>(cluster, 'DaemonSet.apps').flatMap((set) => daemonFaults(cluster, set, hopeless(set))),
  ];
}

/** A pod that cannot get ready holds up those after it, and the update; which pods may not, is for the rules of pods. */
function statefulFaults(cluster: Cluster, { metadata, spec, status }: StatefulSet, hopeless: boolean): readonly string[] {
  const name = `statefulset ${metadata.name}`;
  const pods = podsOf(cluster, metadata.uid);
  const faults: string[] = [];
  if (status.observedGeneration !== metadata.generation) faults.push(`${name} has not been looked at`);
  if (status.replicas !== pods.length) faults.push(`${name} counts ${status.replicas} of ${pods.length} pods`);
  if (hopeless || pods.some((pod) => !isReady(pod))) return faults;
  const wanted = spec.replicas ?? 1;
  const names = pods.map((pod) => pod.metadata.name).toSorted();
  const due = Array.from({ length: wanted }, (_, index) => `${metadata.name}-${index}`).toSorted();
  if (names.join() !== due.join()) faults.push(`${name} has ${names} of ${due}`);
  if ((status.readyReplicas ?? 0) !== wanted) faults.push(`${name} counts ${status.readyReplicas} ready of ${wanted}`);
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (spec.updateStrategy?.type === 'RollingUpdate' && partition === 0 && status.currentRevision !== status.updateRevision)
    faults.push(`${name} stops in the middle of an update`);
  return faults;
}

function daemonFaults(cluster: Cluster, { metadata, spec, status }: DaemonSet, hopeless: boolean): readonly string[] {
  const name = `daemonset ${metadata.name}`;
  const pods = podsOf(cluster, metadata.uid).filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined);
  const faults: string[] = [];
  if (status.observedGeneration !== metadata.generation) faults.push(`${name} has not been looked at`);
  const nodes = tableOf<Node>(cluster, 'Node').filter((node) => takes(node, spec.template.spec));
  if (status.desiredNumberScheduled !== nodes.length) faults.push(`${name} wants ${status.desiredNumberScheduled} of ${nodes.length}`);
  if (hopeless || pods.some((pod) => !isReady(pod))) return faults;
  const places = pods.map(targetNodeOf).toSorted();
  const due = nodes.map((node) => node.metadata.name).toSorted();
  if (places.join() !== due.join()) faults.push(`${name} is on ${places}, not on ${due}`);
  const { numberReady, updatedNumberScheduled = 0 } = status;
  if (numberReady !== nodes.length) faults.push(`${name} counts ${numberReady} ready of ${nodes.length}`);
  if (spec.updateStrategy?.type === 'RollingUpdate' && updatedNumberScheduled !== nodes.length)
    faults.push(`${name} stops in the middle of an update: ${updatedNumberScheduled} of ${nodes.length}`);
  return faults;
}

/** By the template's own words, and by the daemon's privileges. */
function takes({ metadata, spec }: Node, template: Pod['spec'] | undefined): boolean {
  if (Object.entries(template?.nodeSelector ?? {}).some(([label, value]) => metadata.labels?.[label] !== value)) return false;
  return (spec.taints ?? []).every(
    (taint) =>
      taint.effect === 'PreferNoSchedule' ||
      taint.key.startsWith('node.kubernetes.io/') ||
      template?.tolerations?.some((toleration) => toleratesTaint(toleration, taint)) === true,
  );
}

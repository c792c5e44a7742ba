// Puts everything right that a plan has done to a world, so that it can come to rest.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { all, cordoned, edit, OUT_OF_SERVICE, tainted, withFinalizers, withoutLabels, withSpec } from './edits.ts';
import { NARROW, SECURITY_LABELS } from './themes/policy.ts';
import { HOLD } from './workloads.ts';

/** Heals all, lets go of what waits for a person, and ends what would never let the world rest. */
export function healAll(cluster: Cluster): void {
  const { failures, physics, store } = cluster;
  for (const { id } of failures.active) cluster.command({ type: 'heal', id });
  for (const service of [...physics.all('load').keys()]) cluster.command({ type: 'load', service, requestsPerSecond: 0 });
  for (const name of [...physics.all('nodeGroup').keys()]) cluster.command({ type: 'node-group', name, group: null });
  liftLimits(cluster);
  for (const kind of store.kinds())
    for (const object of all<ApiObject>(cluster, kind)) {
      const { finalizers = [] } = object.metadata;
      const others = finalizers.filter((name) => name !== HOLD);
      if (others.length < finalizers.length) edit(cluster, kind, object, (now) => withFinalizers(now, others));
    }
  for (const node of all<Node>(cluster, 'Node'))
    edit(cluster, 'Node', node, (now) => tainted(tainted(cordoned(now as Node, false), null), null, OUT_OF_SERVICE));
  // A schedule would never let the world rest, nor would those who put pods in the place of others.
  editAll(cluster, 'CronJob.batch', { suspend: true });
  editAll(cluster, 'VerticalPodAutoscaler.autoscaling.k8s.io', { updatePolicy: { updateMode: 'Off' } });
  editAll(cluster, 'Job.batch', { suspend: false, parallelism: 2 });
  editAll(cluster, 'Deployment.apps', { paused: false });
}

/** A kubelet registers when it starts: the node of a running one whose object was deleted comes back by a restart. */
export function restartForgotten(start: Cluster, pass: (untilMs: number) => Cluster): void {
  let cluster = start;
  for (const [node, { powered }] of [...cluster.physics.all('machine')]) {
    // One without power was given back to its cloud.
    if (!powered || cluster.store.get('Node', node) !== undefined) continue;
    const { id = '' } = cluster.command({ type: 'fail', failure: 'kubelet-stop', target: node });
    cluster = pass(cluster.timeline.nowMs + 1000);
    cluster.command({ type: 'heal', id });
  }
}

function liftLimits(cluster: Cluster): void {
  const bindings = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
  for (const { metadata } of all<ApiObject>(cluster, bindings))
    cluster.command({ type: 'delete', kind: bindings, key: metadata.name, options: {} });
  for (const kind of ['LimitRange', 'ResourceQuota'])
    for (const { metadata } of all<ApiObject>(cluster, kind))
      if (metadata.name === NARROW) cluster.command({ type: 'delete', kind, key: `${metadata.namespace}/${metadata.name}`, options: {} });
  for (const namespace of all<ApiObject>(cluster, 'Namespace'))
    if (SECURITY_LABELS.some((label) => namespace.metadata.labels?.[label] !== undefined))
      edit(cluster, 'Namespace', namespace, (now) => withoutLabels(now, SECURITY_LABELS));
}

function editAll(cluster: Cluster, kind: string, fields: object): void {
  for (const object of all<ApiObject>(cluster, kind)) edit(cluster, kind, object, (now) => withSpec(now, fields));
}

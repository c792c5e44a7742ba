// Pods on a crowded node go first only where a Deployment has several sets: a ReplicaSet that stands alone does not look at nodes.
import { expect, test } from 'vitest';
import { replicaSetController } from '../../../../../src-main/engine/controllers/replica-set-controller.ts';
import { type ReplicaSet, replicaSetKind } from '../../../../../src-main/engine/kinds/apps/replica-set.ts';
import { type Pod, podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { ControllerBench } from '../../../../../src-main/hosts/cli/conformance/controller-bench.ts';

const NOW = Date.UTC(2025, 5, 1, 12);
const SINCE = '2025-06-01T11:00:00Z';
const labels = { app: 'web' };

function pod(name: string, nodeName: string): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'web-uid', controller: true };
  const metadata = { name, namespace: 'default', uid: name, labels, creationTimestamp: SINCE, ownerReferences: [owner] };
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: SINCE }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName, containers: [] }, status } as unknown as Pod;
}

/** Three pods, of which one has to go: `a` is alone on its node. */
function check(ownerReferences: readonly object[], expected: string): void {
  const bench = new ControllerBench(replicaSetController, NOW);
  const spec = { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels } } };
  const metadata = { name: 'web', namespace: 'default', uid: 'web-uid', ownerReferences };
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec, status: { replicas: 3 } };
  bench.place(replicaSetKind, set as unknown as ReplicaSet);
  for (const one of [pod('a', 'quiet'), pod('b', 'crowded'), pod('c', 'crowded')]) bench.place(podKind, one);
  bench.reconcile('default/web');
  expect(bench.written).toEqual([{ verb: 'delete', kind: 'Pod', name: expected }]);
}

test('of a set that a Deployment controls, a pod on the crowded node goes', () => {
  check([{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'deployment', controller: true }], 'b');
});

test('of a set that nobody controls, the pod goes whose uid comes first', () => {
  check([], 'a');
});

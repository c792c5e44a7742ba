// Suites of DaemonSets: the lab's own controller on a bench, and the rules it is made of.
import { revisionLabel } from '../../../engine/controllers/controller-revision/revisions.ts';
import { updateLimits } from '../../../engine/controllers/daemon-set/limits.ts';
import { placementOn } from '../../../engine/controllers/daemon-set/placement.ts';
import { daemonSetController } from '../../../engine/controllers/daemon-set-controller.ts';
import { templateHash } from '../../../engine/controllers/deployment/template-hash.ts';
import { type DaemonSet, daemonSetKind } from '../../../engine/kinds/apps/daemon-set.ts';
import { type Node, nodeKind } from '../../../engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../engine/kinds/core/pod.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import { newControllerReference } from '../../../engine/meta/owner-references.ts';
import { ControllerBench } from './controller-bench.ts';
import type { Suites } from './run-conformance.ts';

interface NodeOfCase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints?: Node['spec']['taints'];
  readonly conditions?: Node['status']['conditions'];
}

interface PodsOfCase {
  readonly node: string;
  readonly count: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly terminating?: boolean;
  readonly owned?: boolean;
}

interface RolloutCase {
  readonly kind: 'limits' | 'rollout';
  readonly daemonSet: Pick<DaemonSet, 'spec'>;
  readonly nodes: number;
  readonly podsReady: boolean;
  readonly templateChanged: boolean;
  readonly steps: readonly ('sync' | 'ready')[];
}

export const daemonSetSuites: Suites = {
  'daemonset.placement': ({ node, daemonSet }: { node: Node; daemonSet: DaemonSet }) => {
    const { run, stay } = placementOn(node, daemonSet);
    return { shouldRun: run, shouldContinueRunning: stay };
  },
  'daemonset.sync': ({
    daemonSet,
    nodes = [],
    pods = [],
  }: {
    daemonSet: DaemonSet;
    nodes?: readonly NodeOfCase[];
    pods?: readonly PodsOfCase[];
  }) => {
    const bench = new DaemonSetBench(daemonSet, nodes);
    for (const [place, group] of pods.entries())
      for (let index = 0; index < group.count; index += 1) bench.placePod(group, `pod-${place}-${index}`);
    const [creates, deletes] = bench.sync();
    return { creates, deletes };
  },
  'daemonset.update': (given: RolloutCase) => {
    const { spec } = given.daemonSet;
    if (given.kind === 'limits') return updateLimits({ spec } as DaemonSet, given.nodes);
    return rollout(given);
  },
};

function rollout({ daemonSet, nodes, podsReady, templateChanged, steps }: RolloutCase): unknown {
  const labels = { name: 'foo' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'first' }] } };
  const metadata = { name: 'foo', namespace: 'default', uid: 'daemon' };
  const spec = { ...daemonSet.spec, selector: { matchLabels: labels }, template };
  const bench = new DaemonSetBench(
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec } as unknown as DaemonSet,
    Array.from({ length: nodes }, (_, index) => ({ name: `node-${index}`, labels: {} })),
  );
  bench.sync();
  if (podsReady) bench.ready();
  if (templateChanged) bench.changeImage('second');
  const syncs: (readonly number[])[] = [];
  for (const step of steps) {
    if (step === 'ready') bench.ready();
    else syncs.push(bench.sync());
  }
  return { syncs };
}

class DaemonSetBench {
  readonly #bench: ControllerBench;
  readonly #key: string;

  constructor(set: DaemonSet, nodes: readonly NodeOfCase[]) {
    this.#bench = new ControllerBench(daemonSetController, 0);
    this.#key = keyOf(set);
    this.#bench.place(daemonSetKind, { ...set, metadata: { ...set.metadata, generation: 1 }, status: set.status ?? {} });
    for (const { name, labels, taints, conditions } of nodes) {
      const spec = taints === undefined ? {} : { taints };
      const status = { conditions: conditions ?? [{ type: 'Ready', status: 'True' }] };
      this.#bench.place(nodeKind, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec, status } as unknown as Node);
    }
  }

  /** Pods made and pods deleted. */
  sync(): readonly [number, number] {
    const before = this.#bench.written.length;
    this.#bench.reconcile(this.#key);
    const pods = this.#bench.written.slice(before).filter(({ kind }) => kind === 'Pod');
    const creates = pods.filter(({ verb }) => verb === 'create').length;
    return [creates, pods.length - creates];
  }

  ready(): void {
    const status: Pod['status'] = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    for (const pod of this.#bench.objects(podKind)) this.#bench.place(podKind, { ...pod, status });
  }

  changeImage(image: string): void {
    const [set] = this.#bench.objects(daemonSetKind);
    if (set === undefined) return;
    const containers = (set.spec.template.spec?.containers ?? []).map((container) => ({ ...container, image }));
    const template = { ...set.spec.template, spec: { ...set.spec.template.spec, containers } };
    this.#bench.place(daemonSetKind, { ...set, spec: { ...set.spec, template } });
  }

  placePod({ node, labels = {}, phase = '', terminating = false, owned = false }: PodsOfCase, name: string): void {
    const [set] = this.#bench.objects(daemonSetKind);
    if (set === undefined) return;
    const metadata = {
      name,
      namespace: set.metadata.namespace,
      // The table's pods are of the set's present template.
      labels: { ...labels, [revisionLabel]: templateHash(set.spec.template, undefined) },
      creationTimestamp: '2024-01-01T00:00:00Z',
      ...(owned && { ownerReferences: [newControllerReference(set)] }),
      ...(terminating && { deletionTimestamp: '2024-01-01T00:00:00Z' }),
    };
    const status = phase === '' ? {} : { phase };
    this.#bench.place(podKind, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: node, containers: [] },
      status,
    } as unknown as Pod);
  }
}

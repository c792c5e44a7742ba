// Makes a scheduler's view of the objects of one case: cases leave out what their rule does not look at.
import type { Node } from '../../../engine/kinds/core/node.ts';
import { nodeKind } from '../../../engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../engine/kinds/core/pod.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import { ClusterView, type Lister, type Listers } from '../../../engine/scheduler/cluster-view.ts';
import type { NodeInfo } from '../../../engine/scheduler/node-info.ts';
import type { SchedulerPlugin } from '../../../engine/scheduler/plugins/plugin.ts';

export type Loose<T> = Omit<T, 'spec' | 'status'> & Partial<Pick<T & { spec: unknown; status: unknown }, 'spec' | 'status'>>;

export interface OneNode {
  readonly pod: Loose<Pod>;
  readonly node?: Loose<Node>;
  readonly existingPods?: readonly Loose<Pod>[];
}

export interface ManyNodes {
  readonly pod: Loose<Pod>;
  readonly nodes: readonly Loose<Node>[];
  readonly existingPods?: readonly Loose<Pod>[];
}

export type Answers<T> = Readonly<Record<string, T | null>>;

export function inDefault<T extends ApiObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? 'default' } };
}

export function oneNode({ node = emptyNode, existingPods = [] }: OneNode): { view: ClusterView; info: NodeInfo } {
  const { name } = node.metadata;
  const view = viewOf(
    [node],
    existingPods.map((pod) => ({ ...pod, spec: { ...wholePod(pod).spec, nodeName: name } })),
  );
  return { view, info: view.node(name) as NodeInfo };
}

export function viewOf(nodes: readonly Loose<Node>[], pods: readonly Loose<Pod>[], listers: Partial<Listers> = {}): ClusterView {
  const view = new ClusterView({ ...noListers, ...listers });
  for (const node of nodes) view.setNode(wholeNode(node));
  for (const pod of pods) view.setPod(wholePod(pod), pod.spec?.nodeName ?? '');
  return view;
}

// Cases leave out what their rule does not look at.
export function wholePod(pod: Loose<Pod>): Pod {
  const { kind, version } = podKind;
  const metadata = { ...pod.metadata, namespace: pod.metadata.namespace ?? 'default' };
  return { status: {}, ...pod, apiVersion: version, kind, metadata, spec: { ...pod.spec, containers: pod.spec?.containers ?? [] } };
}

function wholeNode(node: Loose<Node>): Node {
  return { spec: {}, status: {}, ...node, apiVersion: nodeKind.version, kind: nodeKind.kind } as Node;
}

const emptyNode = { metadata: { name: 'node' } } as Loose<Node>;

export function listerOf<T extends ApiObject>(objects: readonly T[]): Lister<T> {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  return {
    get: (key) => byKey.get(key),
    values: () => byKey.values(),
    inNamespace: (namespace) => objects.filter((object) => object.metadata.namespace === namespace),
  };
}

const noListers: Listers = {
  namespaces: listerOf([]),
  services: listerOf([]),
  replicationControllers: listerOf([]),
  replicaSets: listerOf([]),
  statefulSets: listerOf([]),
  claims: listerOf([]),
  volumes: listerOf([]),
  volumesOfClass: () => [],
  storageClasses: listerOf([]),
  csiNodes: listerOf([]),
  csiDrivers: listerOf([]),
  storageCapacities: listerOf([]),
  attachmentsOn: () => [],
};

/** `others`: nodes that are there, but get no score; `unscored`: what is said where the plugin gives the pod no points. */
export function scoreOf(
  plugin: SchedulerPlugin,
  { pod, nodes, existingPods = [] }: ManyNodes,
  listers: Partial<Listers> = {},
  others: readonly Loose<Node>[] = [],
  unscored: 0 | null = 0,
): { readonly scores: Answers<number> | null } {
  const view = viewOf([...nodes, ...others], existingPods, listers);
  const infos = nodes.map((node) => view.node(node.metadata.name) as NodeInfo);
  const scorer = plugin.planScore?.(wholePod(pod), infos, view) ?? null;
  if (scorer === null && unscored === null) return { scores: null };
  const scores = infos.map((info) => scorer?.score(info) ?? 0);
  scorer?.normalize?.(scores, infos);
  return { scores: Object.fromEntries(infos.map((info, index) => [info.name, scores[index] ?? 0])) };
}

// Changes that a person with kubectl makes to objects, and how a plan's numbers choose among what is there.
import { ADMIN, type Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import { type ApiObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { MAINTENANCE } from './pods.ts';

/** The lab's own parts, which a person leaves alone. */
const KEPT = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default', 'control-plane', 'kubernetes', 'kube-root-ca.crt']);
/** A person's word that a lost node is off. */
export const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

export function edit(cluster: Cluster, kind: string, object: ApiObject | undefined, next: (now: ApiObject) => ApiObject): void {
  const rules = cluster.kinds.byKey(kind);
  if (rules !== undefined && object !== undefined) cluster.server.patch(rules, keyOf(object), next, ADMIN);
}

export const all = <T extends ApiObject>(cluster: Cluster, kind: string): readonly T[] =>
  [...cluster.store.table(kind).values()] as unknown as readonly T[];

export const workers = (cluster: Cluster): readonly Node[] => all<Node>(cluster, 'Node').filter(({ metadata }) => !KEPT.has(metadata.name));

export function pickOf<T>(items: readonly T[], pick: number): T | undefined {
  return items[pick % Math.max(1, items.length)];
}

/** What a person may change or take away. */
export function loose(cluster: Cluster, kind: string): readonly ApiObject[] {
  return all<ApiObject>(cluster, kind).filter(({ metadata: { name, namespace = '' } }) => {
    if (kind === 'Lease.coordination.k8s.io') return name !== 'control-plane';
    // Upstream's own roles come back when the API server starts again, and not before.
    if (kind.startsWith('ClusterRole') && (name.startsWith('system:') || ['admin', 'edit', 'view', 'cluster-admin'].includes(name)))
      return false;
    return !KEPT.has(name) && (namespace === 'default' || !KEPT.has(namespace));
  });
}

export function withSpec(object: ApiObject, fields: object): ApiObject {
  return { ...object, spec: { ...(object as { spec?: object }).spec, ...fields } } as ApiObject;
}

export function withFinalizers(object: ApiObject, finalizers: readonly string[]): ApiObject {
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

export function withoutLabels(object: ApiObject, names: readonly string[]): ApiObject {
  const labels = Object.fromEntries(Object.entries(object.metadata.labels ?? {}).filter(([name]) => !names.includes(name)));
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** `kubectl cordon` and `uncordon`. */
export function cordoned(node: Node, unschedulable: boolean): Node {
  const { unschedulable: _before, ...spec } = node.spec;
  return { ...node, spec: unschedulable ? { ...spec, unschedulable } : spec } as Node;
}

/** `kubectl taint`; null takes the taint away. */
export function tainted(node: Node, effect: string | null, key = MAINTENANCE): Node {
  const others = (node.spec.taints ?? []).filter((taint) => taint.key !== key);
  const taints = effect === null ? others : [...others, { key, effect }];
  return { ...node, spec: { ...node.spec, taints } } as Node;
}

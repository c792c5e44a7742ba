// Empties a namespace that is being deleted, kind by kind, and lets it go when nothing is left. upstream: pkg/controller/namespace/deletion
import { type AnyController, type ControllerContext, defineController } from '../client/component.ts';
import { eventKind } from '../kinds/core/event.ts';
import { type Namespace, namespaceKind } from '../kinds/core/namespace.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Kind } from '../kinds/kind.ts';
import { setStatusCondition } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';

/** upstream: namespaceDeletionGracePeriod: late writers of the API server's other replicas get this long. */
const SETTLE_MS = 5_000;
/** upstream: finalizerEstimateSeconds */
const FINALIZER_SECONDS = 15;

interface Remaining {
  /** `pods.` or `deployments.apps`, as upstream prints group resources. */
  readonly resource: string;
  readonly count: number;
  readonly finalizers: Readonly<Record<string, number>>;
}

export const namespaceController: AnyController = defineController<Record<string, never>>({
  name: 'namespace-controller',
  workers: 10,
  initialState: () => ({}),
  start: (context) => {
    const namespaces = context.cache(namespaceKind);
    const look = (namespace: Namespace | undefined): void => {
      if (namespace?.metadata.deletionTimestamp !== undefined) context.queue.addAfter(namespace.metadata.name, SETTLE_MS);
    };
    namespaces.onChange(look);
    if (!context.restored) for (const namespace of namespaces.values()) look(namespace);
    return {
      reconcile: (name) => {
        const namespace = namespaces.get(name);
        if (namespace?.metadata.deletionTimestamp !== undefined) empty(context, name);
      },
    };
  },
});

function empty(context: ControllerContext<Record<string, never>>, name: string): void {
  let namespace: Namespace;
  try {
    namespace = context.client.get(namespaceKind, name);
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  if (namespace.metadata.deletionTimestamp === undefined || (namespace.spec.finalizers ?? []).length === 0) return;
  const remaining: Remaining[] = [];
  let estimateSeconds = 0;
  for (const kind of context.allKinds()) {
    if (!kind.namespaced || kind.kind === 'Event') continue;
    estimateSeconds = Math.max(estimateSeconds, deleteAll(context, kind, name, remaining));
  }
  for (const event of context.client.list(eventKind, name)) context.client.delete(eventKind, keyOf(event));
  writeConditions(context, name, remaining);
  if (remaining.length > 0) {
    const waitSeconds = estimateSeconds > 0 ? estimateSeconds : FINALIZER_SECONDS;
    context.queue.addAfter(name, (Math.floor(waitSeconds / 2) + 1) * 1000);
    return;
  }
  const newest = context.client.get(namespaceKind, name);
  context.client.finalize(namespaceKind, {
    ...newest,
    spec: { ...newest.spec, finalizers: (newest.spec.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes') },
  });
}

/** Returns how many seconds graceful deletion of what is left may take. */
function deleteAll(context: ControllerContext<Record<string, never>>, kind: Kind, namespace: string, remaining: Remaining[]): number {
  for (const object of context.client.list(kind, namespace)) {
    if (object.metadata.deletionTimestamp === undefined) context.client.delete(kind, keyOf(object), { propagationPolicy: 'Background' });
  }
  const left = context.client.list(kind, namespace);
  if (left.length === 0) return 0;
  const finalizers: Record<string, number> = {};
  for (const object of left)
    for (const finalizer of object.metadata.finalizers ?? []) finalizers[finalizer] = (finalizers[finalizer] ?? 0) + 1;
  remaining.push({ resource: `${kind.plural}.${kind.group}`, count: left.length, finalizers });
  if (kind.kind !== 'Pod') return 0;
  return Math.max(0, ...(left as unknown as readonly Pod[]).map((pod) => pod.spec.terminationGracePeriodSeconds ?? 0));
}

/** upstream: status_condition_utils.go */
function writeConditions(context: ControllerContext<Record<string, never>>, name: string, remaining: readonly Remaining[]): void {
  const counts = remaining.map(({ resource, count }) => `${resource} has ${count} resource instances`).sort();
  const finalizers = new Map<string, number>();
  for (const one of remaining)
    for (const [finalizer, count] of Object.entries(one.finalizers)) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + count);
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  const condition = (type: string, bad: boolean, reason: string, message: string) => ({
    type,
    status: bad ? 'True' : 'False',
    reason,
    message,
  });
  const wanted = [
    condition('NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'),
    condition('NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    counts.length > 0
      ? condition('NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${counts.join(', ')}`)
      : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    held.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        )
      : condition('NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ];
  const now = context.time.timestamp();
  context.client.patchStatus(namespaceKind, name, (current) => {
    const before = (current.status.conditions ?? []) as Parameters<typeof setStatusCondition>[0];
    const conditions = wanted.reduce((list, one) => setStatusCondition(list, one, now), before);
    return conditions === before ? current : ({ ...current, status: { ...current.status, conditions } } as Namespace);
  });
}

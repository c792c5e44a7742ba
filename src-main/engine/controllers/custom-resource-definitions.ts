// Gives definitions of kinds their names, opens them, and empties those that go. In a real cluster these three run inside the API server.
// upstream: apiextensions-apiserver pkg/controller/{status/naming_controller,establish/establishing_controller,finalizer/crd_finalizer}.go
import { equal } from '../base/equal.ts';
import { type AnyController, type Cache, type ControllerContext, defineController } from '../client/component.ts';
import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  customResourceDefinitionKind as kind,
} from '../kinds/apiextensions/custom-resource-definition.ts';
import { type Condition, findCondition, isConditionTrue, setStatusCondition } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';
import { acceptNames } from './custom-resource-definitions/accept-names.ts';

type Context = ControllerContext<Record<string, never>>;
type Definitions = Cache<CustomResourceDefinition>;

/** How long between two looks at what is left of a kind that goes. */
const LOOK_MS = 5_000;

export const customResourceDefinitions: AnyController = defineController<Record<string, never>>({
  name: 'crd-controller',
  workers: 1,
  initialState: () => ({}),
  start: (context) => {
    const definitions = context.cache(kind);
    definitions.onChange((next, previous) => {
      const changed = next ?? previous;
      if (changed !== undefined) context.queue.add(changed.metadata.name);
      const freed = next === undefined || !equal(next.status?.acceptedNames, previous?.status?.acceptedNames);
      if (freed && changed !== undefined) wakeGroup(context, definitions, changed);
    });
    // Those that changed or were deleted while nobody was there.
    if (!context.restored) for (const { metadata } of definitions.values()) context.queue.add(metadata.name);
    return { reconcile: (name) => sync(context, name) };
  },
});

/** Names that one definition lets go may be what another waits for. */
function wakeGroup({ queue }: Context, definitions: Definitions, { metadata, spec }: CustomResourceDefinition): void {
  for (const other of definitions.values())
    if (other.spec.group === spec.group && other.metadata.name !== metadata.name) queue.add(other.metadata.name);
}

function sync(context: Context, name: string): void {
  const definition = newest(context, name);
  if (definition === undefined) return;
  const { deletionTimestamp, finalizers = [] } = definition.metadata;
  if (deletionTimestamp !== undefined) {
    if (finalizers.includes(CLEANUP_FINALIZER)) empty(context, definition);
    return;
  }
  // Read from the server: a name that was accepted a moment ago must count. upstream: the naming controller's mutation cache
  const others = context.client.list(kind).filter(({ metadata, spec }) => spec.group === definition.spec.group && metadata.name !== name);
  const { names, accepted } = acceptNames(
    definition,
    others.map(({ status }) => status?.acceptedNames),
  );
  const wanted = [accepted, establishedOf(definition, accepted)];
  context.client.patchStatus(kind, name, (current) => withStatus(current, wanted, context.time.timestamp(), names));
  if (accepted.status !== 'True' || isConditionTrue(definition.status?.conditions, 'Established')) return;
  const established: Condition = {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  };
  context.client.patchStatus(kind, name, (current) => withStatus(current, [established], context.time.timestamp()));
}

function newest(context: Context, name: string): CustomResourceDefinition | undefined {
  try {
    return context.client.get(kind, name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function establishedOf({ status }: CustomResourceDefinition, accepted: Condition): Condition {
  const known = findCondition(status?.conditions, 'Established');
  if (known?.status === 'True') return known;
  if (accepted.status === 'True')
    return { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' };
  return known ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

function withStatus(
  definition: CustomResourceDefinition,
  wanted: readonly Condition[],
  now: string,
  names = definition.status?.acceptedNames,
): CustomResourceDefinition {
  const before = definition.status?.conditions ?? [];
  const conditions = wanted.reduce<readonly Condition[]>((list, one) => setStatusCondition(list, one, now), before);
  if (conditions === before && equal(names, definition.status?.acceptedNames)) return definition;
  return { ...definition, status: { ...definition.status, conditions, ...(names === undefined ? {} : { acceptedNames: names }) } };
}

/** Deletes what is left of the kind, and lets the definition go when nothing is. */
function empty(context: Context, definition: CustomResourceDefinition): void {
  const { name } = definition.metadata;
  const terminating = (status: string, reason: string, message: string): void => {
    const condition = { type: 'Terminating', status, reason, message };
    context.client.patchStatus(kind, name, (current) => withStatus(current, [condition], context.time.timestamp()));
  };
  if (!isConditionTrue(definition.status?.conditions, 'Established'))
    terminating('False', 'NeverEstablished', 'resource was never established');
  else {
    const custom = context.kindOf(`${definition.spec.names.kind}.${definition.spec.group}`);
    if (custom !== undefined && context.client.list(custom).length > 0) {
      terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
      for (const object of context.client.list(custom))
        if (object.metadata.deletionTimestamp === undefined) context.client.delete(custom, keyOf(object));
      if (context.client.list(custom).length > 0) {
        context.queue.addAfter(name, LOOK_MS);
        return;
      }
    }
    terminating('False', 'InstanceDeletionCompleted', 'removed all instances');
  }
  context.client.patch(kind, name, (current) => ({
    ...current,
    metadata: { ...current.metadata, finalizers: (current.metadata.finalizers ?? []).filter((one) => one !== CLEANUP_FINALIZER) },
  }));
}

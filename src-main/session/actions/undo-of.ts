// What takes an action back, told from the object as it was before: the fields that only the API server or a controller set are left out.
import { stringify } from 'yaml';
import type { ContainerAmounts, ObjectAction } from '../../contract/object-action.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import type { ApiObject, JsonObject } from '../../engine/meta/object.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';

/** Null where nothing takes it back: what has a controller is made anew by it, and an eviction or a restart cannot be unmade. */
export function undoOf(action: ObjectAction, before: ApiObject): ObjectAction | null {
  switch (action.do) {
    case 'delete':
      return controllerOf(before) === undefined && before.kind !== 'Namespace' ? { do: 'create', manifest: recreation(before) } : null;
    case 'scale':
      return { do: 'scale', replicas: (before as { spec?: { replicas?: number } }).spec?.replicas ?? 1 };
    case 'resize':
      return before.kind === 'Pod' ? { do: 'resize', containers: amountsBefore(before as Pod, action.containers) } : null;
    case 'rollback':
      return { do: 'rollback' };
    case 'suspend':
      return isSuspended(before) ? null : { do: 'resume' };
    case 'resume':
      return isSuspended(before) ? { do: 'suspend' } : null;
    case 'cordon':
      return (before as Node).spec.unschedulable === true ? null : { do: 'uncordon' };
    case 'uncordon':
      return (before as Node).spec.unschedulable === true ? { do: 'cordon' } : null;
    case 'taint':
    case 'untaint': {
      const old = (before as Node).spec.taints?.find(({ key, effect }) => key === action.key && effect === action.effect);
      if (old !== undefined) return { do: 'taint', key: action.key, value: old.value ?? '', effect: action.effect };
      return action.do === 'taint' ? { do: 'untaint', key: action.key, effect: action.effect } : null;
    }
    default:
      return null;
  }
}

/** What was not asked for before cannot be taken away again: the API server says so. */
function amountsBefore({ spec }: Pod, changed: readonly ContainerAmounts[]): readonly ContainerAmounts[] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return changed.map(({ name }) => {
    const { requests = {}, limits = {} } = all.find((container) => container.name === name)?.resources ?? {};
    return { name, requests, limits };
  });
}

function isSuspended(object: ApiObject): boolean {
  const { spec } = object as { readonly spec?: { readonly suspend?: boolean; readonly paused?: boolean } };
  return spec?.suspend === true || spec?.paused === true;
}

const SERVER_SET = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);
/** Put there by controllers: they would bind the new object to what belonged to the old one. */
const CONTROLLER_ANNOTATIONS = new Set([
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.kubernetes.io/selected-node',
  'deployment.kubernetes.io/revision',
]);
/** Where the scheduler or a binder decided, the next one decides anew. */
const DECIDED: Readonly<Record<string, readonly string[]>> = { Pod: ['nodeName'], PersistentVolumeClaim: ['volumeName'] };

/** The manifest that makes such an object again. */
export function recreation(object: ApiObject): string {
  return stringify(likeNew(object), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The object as one would make it again. */
export function likeNew(object: ApiObject): JsonObject {
  const { metadata, status: _status, ...rest } = object as ApiObject & { status?: unknown; spec?: Readonly<Record<string, unknown>> };
  const { annotations = {}, ...kept } = Object.fromEntries(Object.entries(metadata).filter(([name]) => !SERVER_SET.has(name))) as {
    annotations?: Readonly<Record<string, string>>;
  };
  const ours = Object.fromEntries(Object.entries(annotations).filter(([name]) => !CONTROLLER_ANNOTATIONS.has(name)));
  const decided = DECIDED[object.kind] ?? [];
  const spec = rest.spec === undefined ? {} : { spec: withoutFields(rest.spec, decided) };
  return { ...rest, ...spec, metadata: { ...kept, ...(Object.keys(ours).length === 0 ? {} : { annotations: ours }) } } as JsonObject;
}

function withoutFields(value: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

// The Scale of what an autoscaler resizes, read from the object itself: how many replicas it wants and has, and by which labels they are found.
// upstream: client-go/scale; pkg/registry/apps/*/storage ScaleREST
import type { Client } from '../../client/component.ts';
import type { CrossVersionObjectReference } from '../../kinds/autoscaling/autoscaler.ts';
import { type Kind, kindKey } from '../../kinds/kind.ts';
import { formatLabelSelector, type LabelSelector } from '../../meta/label-selector.ts';
import type { ApiObject, JsonValue } from '../../meta/object.ts';
import { isNotFound, StatusError } from '../../meta/status-error.ts';
import { ScaleRefused, type TargetScale } from './autoscale.ts';

const SCALABLE: ReadonlySet<string> = new Set(['Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'ReplicationController']);

type Scalable = ApiObject & {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector | Readonly<Record<string, string>> };
  readonly status?: { readonly replicas?: number };
};

/** The kind that a reference names. Throws ScaleRefused. upstream: schema.ParseGroupVersion, meta.RESTMapper */
export function targetKind({ apiVersion = '', kind }: CrossVersionObjectReference, kindOf: (key: string) => Kind | undefined): Kind {
  const parts = apiVersion === '' ? [] : apiVersion.split('/');
  if (parts.length > 2) throw new ScaleRefused(`unexpected GroupVersion string: ${apiVersion}`);
  const group = parts.length === 2 ? (parts[0] ?? '') : '';
  const found = kindOf(kindKey({ group, kind }));
  if (found === undefined) throw new ScaleRefused(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
  if (!SCALABLE.has(kindKey(found)) && found.scalePaths === undefined)
    throw new ScaleRefused('the server could not find the requested resource');
  return found;
}

/** Throws ScaleRefused. */
export function readScale(client: Client, kind: Kind, key: string): TargetScale {
  const object = refusing(() => client.get(kind, key), kind, key) as Scalable;
  const { scalePaths } = kind;
  if (scalePaths !== undefined) {
    const at = (path: string | undefined): JsonValue | undefined => (path === undefined ? undefined : valueAt(object, path));
    const selector = at(scalePaths.labelSelector);
    return {
      specReplicas: Number(at(scalePaths.specReplicas) ?? 0),
      statusReplicas: Number(at(scalePaths.statusReplicas) ?? 0),
      selector: typeof selector === 'string' ? selector : '',
    };
  }
  const { spec, status } = object;
  const isMap = kind.kind === 'ReplicationController';
  const selector = isMap ? { matchLabels: spec?.selector as Readonly<Record<string, string>> } : (spec?.selector as LabelSelector);
  return { specReplicas: spec?.replicas ?? 0, statusReplicas: status?.replicas ?? 0, selector: formatLabelSelector(selector) };
}

/** Throws ScaleRefused. */
export function writeScale(client: Client, kind: Kind, key: string, replicas: number): void {
  const path = (kind.scalePaths?.specReplicas ?? '.spec.replicas').split('.').filter((part) => part !== '');
  refusing(() => client.scale(kind, key, (object) => withValue(object, path, replicas)), kind, key);
}

function refusing<T>(call: () => T, kind: Kind, key: string): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { message } = error;
    const resource = `${kind.plural}/scale${kind.group === '' ? '' : `.${kind.group}`}`;
    throw new ScaleRefused(isNotFound(error) ? `${resource} ${JSON.stringify(key.slice(key.indexOf('/') + 1))} not found` : message);
  }
}

function valueAt(object: unknown, path: string): JsonValue | undefined {
  let value: unknown = object;
  for (const part of path.split('.')) if (part !== '') value = (value as Record<string, unknown> | undefined)?.[part];
  return value as JsonValue | undefined;
}

function withValue<T extends object>(object: T, [first = '', ...rest]: readonly string[], value: number): T {
  const inner = (object as Readonly<Record<string, object | undefined>>)[first] ?? {};
  return { ...object, [first]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

// The Scale of an object: how many replicas it should have, has, and by which selector they are found. Clients read it, and admission judges changes of it.
// upstream: pkg/registry/apps/deployment/storage/storage.go scaleFromDeployment; apiextensions-apiserver pkg/registry/customresource/etcd.go scaleFromCustomResource
import { findAll, parseJsonPath } from '../kinds/apiextensions/json-path.ts';
import type { Kind, ScalePaths } from '../kinds/kind.ts';
import { formatLabelSelector, type LabelSelector } from '../meta/label-selector.ts';
import type { ApiObject, JsonObject, JsonValue } from '../meta/object.ts';
import { internal } from '../meta/status-error.ts';

interface Scalable extends ApiObject {
  readonly spec: { readonly replicas?: number; readonly selector?: LabelSelector | Readonly<Record<string, string>> };
  readonly status?: { readonly replicas?: number };
}

/** Throws StatusError for a custom object without a number of replicas. */
export function scaleOf(kind: Kind, object: ApiObject): JsonObject {
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata = { name, namespace, uid, resourceVersion, creationTimestamp };
  const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata };
  if (kind.scalePaths !== undefined) return { ...scale, ...customNumbers(object, kind.scalePaths) };
  const { spec, status } = object as Scalable;
  const isMap = kind.kind === 'ReplicationController';
  const selector = isMap ? { matchLabels: spec.selector as Record<string, string> } : (spec.selector as LabelSelector);
  return {
    ...scale,
    spec: { replicas: spec.replicas ?? 0 },
    status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(selector) },
  };
}

/** A definition says where the numbers are. */
function customNumbers(object: ApiObject, { specReplicas, statusReplicas, labelSelector }: ScalePaths): JsonObject {
  const at = (path: string): JsonValue | undefined => findAll(object as unknown as JsonValue, parseJsonPath(path) ?? [])[0];
  const replicas = at(specReplicas);
  if (typeof replicas !== 'number') throw internal(`the spec replicas field ${JSON.stringify(specReplicas)} does not exist`);
  const current = at(statusReplicas);
  const selector = labelSelector === undefined ? undefined : at(labelSelector);
  return {
    spec: { replicas },
    status: { replicas: typeof current === 'number' ? current : 0, ...(typeof selector === 'string' ? { selector } : {}) },
  };
}

interface Judged {
  readonly kind: Kind;
  readonly object: ApiObject;
  readonly previous: ApiObject | null;
}

/** A change of scale as it is judged: from Scale to Scale. */
export function asScaling<R extends Judged>(request: R): R {
  const { kind, object, previous } = request;
  const scaleIn = (whole: ApiObject): ApiObject => scaleOf(kind, whole) as unknown as ApiObject;
  const sent = { group: 'autoscaling', version: 'v1', kind: 'Scale', name: object.metadata.name };
  return { ...request, object: scaleIn(object), previous: previous && scaleIn(previous), subresource: 'scale', sent };
}

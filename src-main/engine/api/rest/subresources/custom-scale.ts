// The Scale of a custom resource, whose definition says where its numbers are. upstream: apiextensions-apiserver pkg/registry/customresource/etcd.go ScaleREST
import { findAll, parseJsonPath } from '../../../kinds/apiextensions/json-path.ts';
import { isJsonObject } from '../../../kinds/apiextensions/json-schema.ts';
import type { ScalePaths } from '../../../kinds/kind.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../../meta/object.ts';
import { internal } from '../../../meta/status-error.ts';

export function customScaleOf(object: ApiObject, { specReplicas, statusReplicas, labelSelector }: ScalePaths): JsonObject {
  const at = (path: string): JsonValue | undefined => findAll(object as unknown as JsonValue, parseJsonPath(path) ?? [])[0];
  const replicas = at(specReplicas);
  if (typeof replicas !== 'number') throw internal(`the spec replicas field ${JSON.stringify(specReplicas)} does not exist`);
  const current = at(statusReplicas);
  const selector = labelSelector === undefined ? undefined : at(labelSelector);
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas },
    status: { replicas: typeof current === 'number' ? current : 0, ...(typeof selector === 'string' ? { selector } : {}) },
  };
}

/** The object with another number of replicas at the path. Only paths of plain names are allowed there. */
export function withReplicas(object: JsonObject, { specReplicas }: ScalePaths, replicas: number): JsonObject {
  const names = specReplicas.replace(/^\./, '').split('.');
  return set(object, names, replicas);
}

function set(object: JsonObject, [name = '', ...rest]: readonly string[], value: number): JsonObject {
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name];
  return { ...object, [name]: set(isJsonObject(inner) ? inner : {}, rest, value) };
}

// A custom resource with another number of replicas, where its definition says that the number is. upstream: apiextensions-apiserver pkg/registry/customresource/etcd.go ScaleREST
import { isJsonObject } from '../../../kinds/apiextensions/json-schema.ts';
import type { ScalePaths } from '../../../kinds/kind.ts';
import type { JsonObject } from '../../../meta/object.ts';

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

// The objects that a binding hands to its policy as parameters. upstream: apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams

import { compareText } from '../../base/compare-text.ts';
import type { ParamRef } from '../../kinds/admissionregistration/validating-admission-policy-binding.ts';
import { customResourceDefinitionKind } from '../../kinds/apiextensions/custom-resource-definition.ts';
import { type Kind, splitApiVersion } from '../../kinds/kind.ts';
import { kinds } from '../../kinds/registry.ts';
import { servedVersions, storedKind } from '../../kinds/stored-kind.ts';
import { selectorFor } from '../../meta/label-selector.ts';
import { type ApiObject, keyOf, type ObjectMeta } from '../../meta/object.ts';
import type { AdmissionReader } from './admission-plugin.ts';

export type ParamKind = { readonly apiVersion?: string; readonly kind?: string };

/** A kind as far as its objects can be found. undefined: nothing serves it. */
export function paramKindOf({ apiVersion = '', kind: name = '' }: ParamKind, reader: AdmissionReader): Kind | undefined {
  const { group, version } = splitApiVersion(apiVersion);
  const builtIn = kinds.find((kind) => kind.kind === name && kind.group === group && kind.version === version);
  if (builtIn !== undefined) return builtIn;
  if (servedVersions(group, name).includes(version)) return storedKind(apiVersion, name);
  const definition = reader
    .list(customResourceDefinitionKind)
    .find(
      ({ spec }) => spec.group === group && spec.names.kind === name && spec.versions.some((one) => one.served && one.name === version),
    );
  if (definition === undefined) return undefined;
  return storedKind(apiVersion, name, definition.spec.names.plural, definition.spec.scope === 'Namespaced');
}

/** `null` stands for no parameter; a text for what is wrong with the binding. */
export function collectParams(
  kind: Kind | undefined,
  paramRef: ParamRef | undefined,
  namespace: string,
  reader: AdmissionReader,
): readonly (ApiObject | null)[] | string {
  if (kind === undefined || paramRef === undefined) return [null];
  const { name = '', selector, parameterNotFoundAction } = paramRef;
  const given = paramRef.namespace ?? '';
  const place = given === '' ? namespace : given;
  if (kind.namespaced && place === '') return 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
  if (!kind.namespaced && given !== '') return 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`';
  const params = name === '' ? selected(kind, selector, place, reader) : named(kind, name, place, reader);
  if (params.length === 0 && parameterNotFoundAction === 'Deny')
    return 'no params found for policy binding with `Deny` parameterNotFoundAction';
  return params;
}

function named(kind: Kind, name: string, namespace: string, reader: AdmissionReader): readonly ApiObject[] {
  const found = reader.find(kind, keyOf({ metadata: { name, ...(kind.namespaced ? { namespace } : {}) } as ObjectMeta }));
  return found === undefined ? [] : [found];
}

function selected(kind: Kind, selector: ParamRef['selector'], namespace: string, reader: AdmissionReader): readonly ApiObject[] {
  const matcher = selectorFor(selector ?? {});
  return [...reader.list(kind, kind.namespaced ? namespace : undefined)]
    .filter(({ metadata }) => matcher(metadata.labels ?? {}))
    .sort((a, b) => compareText(a.metadata.name, b.metadata.name));
}

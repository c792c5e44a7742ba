// What a CustomResourceDefinition may say. upstream: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { dns1035Label, dns1123Subdomain } from '../../meta/names.ts';
import type { CustomResourceDefinition, DefinedNames, DefinedVersion } from './custom-resource-definition.ts';
import { parseJsonPath } from './json-path.ts';
import { validateStructure } from './validate-structure.ts';

export function validateDefinition({ metadata, spec }: CustomResourceDefinition): readonly FieldError[] {
  const path = new FieldPath('spec');
  const errors: FieldError[] = [];
  if (metadata.name !== `${spec.names.plural}.${spec.group}`)
    errors.push(fieldInvalid(new FieldPath('metadata', 'name'), metadata.name, 'must be spec.names.plural+"."+spec.group'));
  if (/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group) && (metadata.annotations?.[APPROVAL] ?? '') === '')
    errors.push(
      fieldRequired(
        new FieldPath('metadata', 'annotations').key(APPROVAL),
        `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`,
      ),
    );
  return [...errors, ...validateGroup(spec.group, path.child('group')), ...validateSpec(spec, path)];
}

export function validateNames(names: DefinedNames, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const check = (at: FieldPath, name: string | undefined, isMixed = false): void => {
    if (name === undefined || name === '') return;
    const faults = dns1035Label(isMixed ? name.toLowerCase() : name);
    const head = isMixed ? 'may have mixed case, but should otherwise match: ' : '';
    if (faults.length > 0) errors.push(fieldInvalid(at, name, `${head}${faults.join(',')}`));
  };
  check(path.child('plural'), names.plural);
  check(path.child('singular'), names.singular);
  check(path.child('kind'), names.kind, true);
  check(path.child('listKind'), names.listKind, true);
  for (const [index, name] of (names.shortNames ?? []).entries()) check(path.child('shortNames').index(index), name);
  if (names.kind !== '' && names.kind === names.listKind)
    errors.push(fieldInvalid(path.child('listKind'), names.listKind, 'kind and listKind may not be the same'));
  for (const [index, name] of (names.categories ?? []).entries()) check(path.child('categories').index(index), name);
  return errors;
}

const APPROVAL = 'api-approved.kubernetes.io';

function validateGroup(group: string, path: FieldPath): readonly FieldError[] {
  if (group === '') return [fieldRequired(path, '')];
  const faults = dns1123Subdomain(group);
  if (faults.length > 0) return [fieldInvalid(path, group, faults.join(','))];
  return group.includes('.') ? [] : [fieldInvalid(path, group, 'should be a domain with at least one dot')];
}

function validateSpec(spec: CustomResourceDefinition['spec'], path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { versions, names, scope, conversion } = spec;
  if (scope === '') errors.push(fieldRequired(path.child('scope'), ''));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(fieldNotSupported(path.child('scope'), scope, ['Cluster', 'Namespaced']));
  const at = path.child('versions');
  for (const [index, version] of versions.entries()) errors.push(...validateVersion(version, at.index(index)));
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(fieldInvalid(at, versions, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(fieldInvalid(at, versions, 'must have exactly one version marked as storage version'));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if ((names[name] ?? '') === '') errors.push(fieldRequired(path.child('names', name), ''));
  errors.push(...validateNames(names, path.child('names')));
  if (spec.preserveUnknownFields === true)
    errors.push(
      fieldInvalid(
        path.child('preserveUnknownFields'),
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ),
    );
  if (conversion !== undefined && conversion.strategy !== 'None' && conversion.strategy !== 'Webhook')
    errors.push(fieldNotSupported(path.child('conversion', 'strategy'), conversion.strategy, ['None', 'Webhook']));
  return errors;
}

function validateVersion(version: DefinedVersion, path: FieldPath): readonly FieldError[] {
  const faults = dns1035Label(version.name ?? '');
  const errors = faults.length === 0 ? [] : [fieldInvalid(path.child('name'), version.name ?? '', faults.join(','))];
  const at = path.child('schema', 'openAPIV3Schema');
  const schema = version.schema?.openAPIV3Schema;
  if (schema === undefined) errors.push(fieldRequired(at, 'schemas are required'));
  else errors.push(...validateStructure(schema, at));
  errors.push(...validateDeprecation(version, path.child('deprecationWarning')));
  return [...errors, ...validateColumns(version, path), ...validateScale(version, path.child('subresources', 'scale'))];
}

/** upstream: validateDeprecationWarning */
function validateDeprecation({ deprecated, deprecationWarning: text }: DefinedVersion, path: FieldPath): readonly FieldError[] {
  if (text === undefined) return [];
  if (deprecated !== true) return [fieldInvalid(path, text, 'can only be set for deprecated versions')];
  const faults: string[] = [];
  if (text.length > 256) faults.push('must be <= 256 characters long');
  if (text === '') faults.push('must not be empty if specified');
  const index = text.search(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u);
  if (index >= 0) faults.push(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`);
  return faults.map((fault) => fieldInvalid(path, text, fault));
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

function validateColumns({ additionalPrinterColumns = [] }: DefinedVersion, path: FieldPath): readonly FieldError[] {
  return additionalPrinterColumns.flatMap(({ name, type, jsonPath }, index) => {
    const at = path.child('additionalPrinterColumns').index(index);
    const errors: FieldError[] = [];
    if ((name ?? '') === '') errors.push(fieldRequired(at.child('name'), ''));
    if ((type ?? '') === '') errors.push(fieldRequired(at.child('type'), `must be one of ${COLUMN_TYPES.join(',')}`));
    else if (!COLUMN_TYPES.includes(type)) errors.push(fieldInvalid(at.child('type'), type, `must be one of ${COLUMN_TYPES.join(',')}`));
    return [...errors, ...validatePath(jsonPath, at.child('jsonPath'))];
  });
}

function validateScale({ subresources }: DefinedVersion, path: FieldPath): readonly FieldError[] {
  const { scale } = subresources ?? {};
  if (scale === undefined) return [];
  const errors = [...validatePath(scale.specReplicasPath, path.child('specReplicasPath'))];
  if (errors.length === 0 && !scale.specReplicasPath.startsWith('.spec.'))
    errors.push(fieldInvalid(path.child('specReplicasPath'), scale.specReplicasPath, 'should be a json path under .spec'));
  const inStatus = validatePath(scale.statusReplicasPath, path.child('statusReplicasPath'));
  if (inStatus.length === 0 && !scale.statusReplicasPath.startsWith('.status.'))
    errors.push(fieldInvalid(path.child('statusReplicasPath'), scale.statusReplicasPath, 'should be a json path under .status'));
  return [...errors, ...inStatus];
}

function validatePath(jsonPath: string | undefined, path: FieldPath): readonly FieldError[] {
  if (jsonPath === undefined || jsonPath === '') return [fieldRequired(path, '')];
  if (jsonPath.startsWith('.') && parseJsonPath(jsonPath) !== undefined) return [];
  return [fieldInvalid(path, jsonPath, 'must be a simple json path starting with .')];
}

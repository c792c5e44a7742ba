// The rules of metadata, the same for every kind. upstream: apimachinery pkg/api/validation/objectmeta.go (release 1.33)
import { equal } from '../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldRequired, fieldTooLong } from '../meta/field-error.ts';
import { goQuote } from '../meta/go-quote.ts';
import { validateLabels } from '../meta/labels.ts';
import { dns1123Label, maskTrailingDash, qualifiedName } from '../meta/names.ts';
import type { ObjectMeta, OwnerReference } from '../meta/object.ts';
import { utf8Length } from '../meta/utf8.ts';
import { goStrings } from './go-syntax.ts';
import type { Kind } from './kind.ts';
import { immutable, invalidBy, notNegative } from './rules.ts';

const ANNOTATIONS_BYTES_MAX = 262_144;
const metadata = new FieldPath('metadata');
// Made once, for every object is looked at.
const namePath = metadata.child('name');
const generateNamePath = metadata.child('generateName');
const namespacePath = metadata.child('namespace');
const generationPath = metadata.child('generation');

export function validateObjectMeta(kind: Pick<Kind, 'namespaced' | 'validateName'>, meta: Partial<ObjectMeta>): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { generateName = '', name = '', namespace = '' } = meta;
  if (generateName !== '') errors.push(...invalidBy(generateNamePath, generateName, kind.validateName(maskTrailingDash(generateName))));
  if (name === '') errors.push(fieldRequired(namePath, 'name or generateName is required'));
  else errors.push(...invalidBy(namePath, name, kind.validateName(name)));
  const place = namespacePath;
  if (kind.namespaced)
    errors.push(...(namespace === '' ? [fieldRequired(place, '')] : invalidBy(place, namespace, dns1123Label(namespace))));
  else if (namespace !== '') errors.push(fieldForbidden(place, 'not allowed on this type'));
  validateCommon(meta, errors);
  return errors;
}

/** What an update may not do to metadata; the rules of its contents are `validateObjectMeta`'s. upstream: ValidateObjectMetaAccessorUpdate */
export function validateObjectMetaUpdate(next: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (next.deletionTimestamp !== undefined && next.finalizers !== previous.finalizers) {
    const added = (next.finalizers ?? []).filter((finalizer) => !(previous.finalizers ?? []).includes(finalizer)).sort();
    const found = `[]string{${added.map(goQuote).join(', ')}}`;
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
    if (added.length > 0) errors.push(fieldForbidden(metadata.child('finalizers'), detail));
  }
  if ((next.generation ?? 0) < (previous.generation ?? 0))
    errors.push(fieldInvalid(metadata.child('generation'), next.generation ?? 0, 'must not be decremented'));
  for (const field of fixed) errors.push(...immutable(metadata.child(field), next[field], previous[field]));
  return errors;
}

/** Annotations, of an object or of a pod template. */
export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: FieldPath): readonly FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    errors.push(...invalidBy(path, key, qualifiedName(key.toLowerCase())));
    bytes += utf8Length(key) + utf8Length(value);
  }
  return bytes > ANNOTATIONS_BYTES_MAX ? [...errors, fieldTooLong(path, ANNOTATIONS_BYTES_MAX)] : errors;
}

const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

// Objects of one template share these parts, and they are checked once.
const checked = new WeakSet<object>();

function validateCommon(meta: Partial<ObjectMeta>, errors: FieldError[]): void {
  const { labels, annotations, ownerReferences, finalizers, generation } = meta;
  if (generation !== undefined) errors.push(...notNegative(generationPath, generation));
  once(labels, validateLabels, 'labels', errors);
  once(annotations, validateAnnotations, 'annotations', errors);
  once(ownerReferences, validateOwnerReferences, 'ownerReferences', errors);
  once(finalizers, validateFinalizers, 'finalizers', errors);
}

function once<T extends object>(
  value: T | undefined,
  rule: (value: T, path: FieldPath) => readonly FieldError[],
  field: string,
  errors: FieldError[],
): void {
  if (value === undefined || checked.has(value)) return;
  const found = rule(value, metadata.child(field));
  if (found.length === 0) checked.add(value);
  else errors.push(...found);
}

function validateOwnerReferences(references: readonly OwnerReference[], path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
    if (controller !== undefined) errors.push(fieldInvalid(path, references, detail));
    else controller = name;
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  if ((reference.apiVersion ?? '') === '') errors.push(fieldInvalid(path.child('apiVersion'), '', 'version must not be empty'));
  for (const field of ['kind', 'name', 'uid'] as const)
    if ((reference[field] ?? '') === '') errors.push(fieldInvalid(path.child(field), '', `${field} must not be empty`));
  if (equal([reference.apiVersion, reference.kind], ['v1', 'Event']))
    errors.push(fieldInvalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: FieldPath): readonly FieldError[] {
  const errors = finalizers.flatMap((finalizer) => invalidBy(path, finalizer, qualifiedName(finalizer)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(fieldInvalid(path, goStrings(finalizers), 'finalizer orphan and foregroundDeletion cannot be both set'));
  return errors;
}

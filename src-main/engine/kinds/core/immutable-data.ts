// ConfigMaps and Secrets marked immutable, whose data a kubelet may therefore read once. upstream: ValidateConfigMapUpdate, ValidateSecretUpdate
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden } from '../../meta/field-error.ts';

export function immutableData<T extends { readonly immutable?: boolean }>(
  next: T,
  previous: T,
  fields: readonly (keyof T & string)[],
): readonly FieldError[] {
  if (previous.immutable !== true) return [];
  const refuse = (field: string) => fieldForbidden(new FieldPath(field), 'field is immutable when `immutable` is set');
  const errors = next.immutable === true ? [] : [refuse('immutable')];
  return [...errors, ...fields.filter((field) => !equal(next[field] ?? {}, previous[field] ?? {})).map(refuse)];
}

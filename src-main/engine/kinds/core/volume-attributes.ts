// Classes of volumes' attributes are behind a gate that release 1.33 keeps shut: nobody names one anew, and nobody changes one.
// upstream: pkg/api/persistentvolume DropDisabledSpecFields, pkg/api/persistentvolumeclaim DropDisabledFields, features.VolumeAttributesClass
import { type FieldError, FieldPath, fieldForbidden } from '../../meta/field-error.ts';

interface Named {
  readonly spec: { readonly volumeAttributesClassName?: string };
}

/** Without the name, unless the object had one before. */
export function withoutAttributesClass<T extends Named>(object: T, previous?: T): T {
  if (object.spec?.volumeAttributesClassName === undefined || previous?.spec.volumeAttributesClassName !== undefined) return object;
  const { volumeAttributesClassName: _dropped, ...spec } = object.spec;
  return { ...object, spec };
}

export function validateAttributesClassUpdate(next: Named, previous: Named): readonly FieldError[] {
  const [after, before] = [next.spec.volumeAttributesClassName, previous.spec.volumeAttributesClassName];
  if (after === before) return [];
  const forbidden = (detail: string): FieldError => fieldForbidden(new FieldPath('spec', 'volumeAttributesClassName'), detail);
  const errors = [forbidden('update is forbidden when the VolumeAttributesClass feature gate is disabled')];
  if (before !== undefined && after === undefined) errors.push(forbidden('update from non-nil value to nil is forbidden'));
  if (before !== undefined && after === '') errors.push(forbidden('update from non-nil value to an empty string is forbidden'));
  return errors;
}

// Paths inside a volume or a profile folder may not leave it. upstream: pkg/apis/core/validation validateLocalDescendingPath
import { type FieldError, type FieldPath, fieldInvalid } from '../../meta/field-error.ts';

export function validateDescendingPath(text: string, path: FieldPath): readonly FieldError[] {
  const errors = text.startsWith('/') ? [fieldInvalid(path, text, 'must be a relative path')] : [];
  return [...errors, ...validateNoBacksteps(text, path)];
}

export function validateNoBacksteps(text: string, path: FieldPath): readonly FieldError[] {
  return text.split('/').includes('..') ? [fieldInvalid(path, text, "must not contain '..'")] : [];
}

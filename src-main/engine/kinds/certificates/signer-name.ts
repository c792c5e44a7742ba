// The form of a signer's name, in certificate requests and in bundles of what to trust. upstream: pkg/apis/core/validation ValidateSignerName
import { type FieldError, type FieldPath, fieldInvalid, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { dns1123Label, dns1123Subdomain } from '../../meta/names.ts';

export function validateSignerName(name: string, path: FieldPath): readonly FieldError[] {
  if (name === '') return [fieldRequired(path, '')];
  const [domain = '', inside = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0)
    return [fieldInvalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const errors = domain.length > DOMAIN_MAX ? [fieldTooLong(path, DOMAIN_MAX)] : [];
  errors.push(...firstFault(domain, dns1123Label, path));
  if (!domain.includes('.')) errors.push(fieldInvalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  errors.push(...firstFault(inside, dns1123Subdomain, path));
  return name.length > NAME_MAX ? [...errors, fieldTooLong(path, NAME_MAX)] : errors;
}

const DOMAIN_MAX = 253;
const NAME_MAX = DOMAIN_MAX + 1 + DOMAIN_MAX + 1 + 63;

/** The faults of the first part between dots that has any. */
function firstFault(text: string, rule: (label: string) => readonly string[], path: FieldPath): readonly FieldError[] {
  for (const label of text.split('.')) {
    const messages = rule(label);
    if (messages.length > 0) return messages.map((message) => fieldInvalid(path, text, `validating label ${goQuote(label)}: ${message}`));
  }
  return [];
}

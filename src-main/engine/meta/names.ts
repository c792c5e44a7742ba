// The syntax rules of names, keys and small values; each returns upstream's messages, and an empty list means valid.
// upstream: apimachinery pkg/util/validation/validation.go, pkg/api/validation/generic.go, pkg/api/validation/path/name.go (release 1.33)
import { type FieldError, type FieldPath, fieldInvalid, fieldRequired } from './field-error.ts';
import { utf8Length } from './utf8.ts';

export type Messages = readonly string[];

/** Label, annotation and taint keys, extended resources, finalizers: a name with an optional DNS prefix and slash. */
export function qualifiedName(value: string): Messages {
  const parts = value.split('/');
  const messages: string[] = [];
  const [first = '', second] = parts;
  if (parts.length > 2) {
    return [`a qualified name ${qualifiedNameMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (second !== undefined) {
    if (first === '') messages.push(`prefix part ${emptyMessage}`);
    else messages.push(...dns1123Subdomain(first).map((message) => `prefix part ${message}`));
  }
  const name = second ?? first;
  if (name === '') messages.push(`name part ${emptyMessage}`);
  else messages.push(...tooLong(name, 63).map((message) => `name part ${message}`));
  if (!qualifiedNamePattern.test(name)) messages.push(`name part ${qualifiedNameMessage}`);
  return messages;
}

export function labelValue(value: string): Messages {
  return checked(value, labelValueRule);
}

export function dns1123Label(value: string): Messages {
  if (dns1123LabelRule.pattern.test(value) || !dns1123SubdomainRule.pattern.test(value)) return checked(value, dns1123LabelRule);
  return [...tooLong(value, dns1123LabelRule.lengthMax), 'must not contain dots'];
}

export function dns1123Subdomain(value: string): Messages {
  return checked(value, dns1123SubdomainRule);
}

/** As search domains of a resolver may be. */
export function dns1123SubdomainWithUnderscore(value: string): Messages {
  return checked(value, underscoreSubdomainRule);
}

export function dns1035Label(value: string): Messages {
  return checked(value, dns1035LabelRule);
}

export function wildcardDns1123Subdomain(value: string): Messages {
  return checked(value, wildcardRule);
}

/** The text with a closing dash made harmless: a `generateName` gets a suffix before it becomes a name. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

/** Names that only have to fit into a path of the API. */
export function pathSegmentName(name: string): Messages {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

export function portName(value: string): Messages {
  const messages = [...tooLong(value, 15)];
  if (!/^[-a-z0-9]+$/.test(value)) messages.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) messages.push('must contain at least one letter (a-z)');
  if (value.includes('--')) messages.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) messages.push('must not begin or end with a hyphen');
  return messages;
}

export function inRange(value: number, min: number, max: number): Messages {
  return value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`];
}

export function portNumber(value: number): Messages {
  return inRange(value, 1, 65_535);
}

export function userId(value: number): Messages {
  return inRange(value, 0, 2_147_483_647);
}

export function groupId(value: number): Messages {
  return inRange(value, 0, 2_147_483_647);
}

export function percent(value: string): Messages {
  return checked(value, percentRule);
}

export function httpHeaderName(value: string): Messages {
  return checked(value, httpHeaderRule);
}

/** The rule since 1.32: printable ASCII without the equals sign. */
export function envVarName(value: string): Messages {
  if (value === '') return [`environment variable name ${emptyMessage}`];
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** Keys of ConfigMaps and Secrets. */
export function configMapKey(value: string): Messages {
  return [...checked(value, configMapKeyRule), ...directoryPrefix(value)];
}

/** At least three segments and no dot at the end. */
export function fullyQualifiedName(path: FieldPath, name: string): readonly FieldError[] {
  if (name === '') return [fieldRequired(path, '')];
  const messages = dns1123Subdomain(name);
  if (messages.length > 0) return [fieldInvalid(path, name, messages.join(','))];
  if (name.split('.').length >= 3) return [];
  return [fieldInvalid(path, name, 'should be a domain with at least three segments separated by dots')];
}

/** At least two segments; one dot at the end is allowed. */
export function fullyQualifiedDomainName(path: FieldPath, text: string): readonly FieldError[] {
  if (text === '') return [fieldRequired(path, '')];
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const messages = dns1123Subdomain(name);
  if (messages.length > 0) return [fieldInvalid(path, name, messages.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) return [fieldInvalid(path, name, 'should be a domain with at least two segments separated by dots')];
  for (const label of labels) {
    const faults = dns1123Label(label);
    if (faults.length > 0) return [fieldInvalid(path, label, faults.join(','))];
  }
  return [];
}

/** `acme.io/foo`: a domain, a slash and a path. */
export function domainPrefixedPath(path: FieldPath, value: string): readonly FieldError[] {
  if (value === '') return [fieldRequired(path, '')];
  const slash = value.indexOf('/');
  if (slash <= 0 || slash === value.length - 1) {
    return [fieldInvalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const host = value.slice(0, slash);
  const rest = value.slice(slash + 1);
  const errors = dns1123Subdomain(host).map((message) => fieldInvalid(path, host, message));
  return [...errors, ...checked(rest, httpPathRule).map((message) => fieldInvalid(path, rest, message))];
}

interface Rule {
  readonly pattern: RegExp;
  readonly lengthMax: number;
  readonly message: string;
}

const emptyMessage = 'must be non-empty';
const unlimited = Number.POSITIVE_INFINITY;

function rule(source: string, lengthMax: number, message: string, ...examples: Messages): Rule {
  return { pattern: new RegExp(`^${source}$`), lengthMax, message: regexMessage(message, source, examples) };
}

function checked(value: string, { pattern, lengthMax, message }: Rule): Messages {
  if (pattern.test(value) && value.length <= lengthMax) return valid;
  return pattern.test(value) ? tooLong(value, lengthMax) : [...tooLong(value, lengthMax), message];
}

const valid: Messages = [];

function tooLong(value: string, lengthMax: number): Messages {
  return utf8Length(value) > lengthMax ? [`must be no more than ${lengthMax} characters`] : valid;
}

// Upstream closes every example with a comma and a blank, which leaves two blanks before every `or`.
function regexMessage(message: string, source: string, examples: Messages): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${source}')`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${source}')`;
}

function directoryPrefix(value: string): Messages {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

const qualifiedNameSource = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const qualifiedNamePattern = new RegExp(`^${qualifiedNameSource}$`);
const qualifiedNameMessage = regexMessage(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  qualifiedNameSource,
  ['MyName', 'my.name', '123-abc'],
);
const labelValueRule = rule(
  `(${qualifiedNameSource})?`,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyValue',
  'my_value',
  '12345',
);
const dns1123LabelSource = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123LabelRule = rule(
  dns1123LabelSource,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  'my-name',
  '123-abc',
);
const dns1123SubdomainSource = `${dns1123LabelSource}(\\.${dns1123LabelSource})*`;
const dns1123SubdomainRule = rule(
  dns1123SubdomainSource,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
);
const underscoreLabelSource = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainRule = rule(
  `${underscoreLabelSource}(\\.${underscoreLabelSource})*`,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
);
const dns1035LabelRule = rule(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  'my-name',
  'abc-123',
);
const wildcardRule = rule(
  `\\*\\.${dns1123SubdomainSource}`,
  253,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  '*.example.com',
);
const percentRule = rule('[0-9]+%', unlimited, "a valid percent string must be a numeric string followed by an ending '%'", '1%', '93%');
const httpHeaderRule = rule(
  '[-A-Za-z0-9]+',
  unlimited,
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  'X-Header-Name',
);
const configMapKeyRule = rule(
  '[-._a-zA-Z0-9]+',
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  'key.name',
  'KEY_NAME',
  'key-name',
);
const httpPathRule = rule("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+", unlimited, 'Invalid path');

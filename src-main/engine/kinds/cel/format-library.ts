// Named formats of texts: `!format.dns1123Label().validate(name).hasValue()`. upstream: apiserver pkg/cel/library/format.go
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '../../meta/names.ts';
import { hasFormat } from '../apiextensions/formats.ts';

class FormatValue {
  readonly faults: (text: string) => readonly string[];
  constructor(faults: (text: string) => readonly string[]) {
    this.faults = faults;
  }
}

class FormatNamespace {
  readonly name = 'format';
}

const ofName =
  (name: string, why: string) =>
  (text: string): readonly string[] =>
    hasFormat(text, name) ? [] : [why];
const prefixed =
  (rule: (text: string) => readonly string[]) =>
  (text: string): readonly string[] =>
    rule(text.replace(/-$/, 'a'));

const formats: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: prefixed(dns1123Label),
  dns1123SubdomainPrefix: prefixed(dns1123Subdomain),
  dns1035LabelPrefix: prefixed(dns1035Label),
  labelValue,
  uri: ofName('uri', 'invalid URI for request'),
  uuid: ofName('uuid', 'does not match the UUID format'),
  byte: ofName('byte', 'invalid base64'),
  date: ofName('date', 'invalid date'),
  datetime: ofName('date-time', 'invalid datetime'),
};

export function registerFormats(environment: Environment): void {
  environment.registerType('kubernetes.NamedFormat', { ctor: FormatValue, fields: {} });
  environment.registerType('FormatNamespace', FormatNamespace);
  environment.registerConstant('format', 'FormatNamespace', new FormatNamespace());
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  for (const [name, faults] of Object.entries(formats))
    add(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => new FormatValue(faults));
  add('FormatNamespace.named(string): optional<kubernetes.NamedFormat>', (_format: unknown, name: string) => {
    const faults = Object.hasOwn(formats, name) ? formats[name] : undefined;
    return faults === undefined ? Optional.none() : Optional.of(new FormatValue(faults));
  });
  add('kubernetes.NamedFormat.validate(string): optional<list<string>>', ({ faults }: FormatValue, text: string) => {
    const found = faults(text);
    return found.length === 0 ? Optional.none() : Optional.of([...found]);
  });
}

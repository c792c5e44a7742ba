// Values in Go's own notation, because the API server prints maps and structs of a faulty field that way (`%#v`). upstream: field.Error.ErrorBody (release 1.33)
import { formatTimestamp, parseTimestamp } from '../base/timestamp.ts';
import { GoSyntax } from '../meta/field-error.ts';
import { goQuote } from '../meta/go-quote.ts';
import type { IntOrString } from '../meta/int-or-string.ts';
import type { LabelSelector } from '../meta/label-selector.ts';

export function goStringMap(map: Readonly<Record<string, string>> | undefined): GoSyntax {
  return new GoSyntax(mapText(map));
}

export function goStrings(list: readonly string[] | undefined): GoSyntax {
  return goTexts('string', list);
}

/** A list of texts of a type of their own. `type`: with its package. */
export function goTexts(type: string, list: readonly string[] | undefined): GoSyntax {
  return goList(type, list?.map(goQuote));
}

/** A list of what is already in Go's notation. */
export function goList(type: string, list: readonly string[] | undefined): GoSyntax {
  return new GoSyntax(`[]${type}${list === undefined ? '(nil)' : `{${list.join(', ')}}`}`);
}

/** A struct whose members are already in Go's notation, in the order of its declaration. */
export function goStruct(type: string, members: Readonly<Record<string, string>>): GoSyntax {
  const texts = Object.entries(members).map(([name, text]) => `${name}:${text}`);
  return new GoSyntax(`${type}{${texts.join(', ')}}`);
}

export function goBytes(bytes: readonly number[]): GoSyntax {
  return new GoSyntax(bytes.length === 0 ? '[]byte(nil)' : `[]byte{${bytes.map((byte) => `0x${byte.toString(16)}`).join(', ')}}`);
}

export function goIntOrString(value: IntOrString | undefined): GoSyntax {
  const [type, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, ''];
  return new GoSyntax(`intstr.IntOrString{Type:${type}, IntVal:${number}, StrVal:${goQuote(text)}}`);
}

/** A moment as the API server reads it: in its own zone, which is UTC. */
export function goTime(timestamp: string): GoSyntax {
  const [year, month, ...rest] = formatTimestamp(parseTimestamp(timestamp) ?? 0)
    .split(/[-T:Z]/, 6)
    .map(Number);
  return new GoSyntax(`time.Date(${year}, time.${MONTHS[(month ?? 1) - 1]}, ${rest.join(', ')}, 0, time.Local)`);
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A pointer within a struct, which Go prints as an address: which one says nothing. `type`: with its package. */
export function goPointer(type: string, value: unknown): string {
  return `(*${type})(${value === undefined ? 'nil' : '0xc0007d4a80'})`;
}

/** A struct of two members that stand for a way to update. */
export function goStrategy(
  name: string,
  parameters: string,
  strategy: { readonly type?: string; readonly rollingUpdate?: unknown },
): GoSyntax {
  return goStruct(`apps.${name}`, {
    Type: goQuote(strategy.type ?? ''),
    RollingUpdate: goPointer(`apps.${parameters}`, strategy.rollingUpdate),
  });
}

export function goLabelSelector(selector: LabelSelector | undefined): GoSyntax {
  const { matchLabels, matchExpressions } = selector ?? {};
  const expressions = matchExpressions?.map(
    ({ key, operator, values }) =>
      goStruct('v1.LabelSelectorRequirement', { Key: goQuote(key), Operator: goQuote(operator), Values: goStrings(values).text }).text,
  );
  return goStruct('v1.LabelSelector', {
    MatchLabels: mapText(matchLabels),
    MatchExpressions: goList('v1.LabelSelectorRequirement', expressions).text,
  });
}

function mapText(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return 'map[string]string(nil)';
  const keys = Object.keys(map).sort();
  return `map[string]string{${keys.map((key) => `${goQuote(key)}:${goQuote(map[key] as string)}`).join(', ')}}`;
}

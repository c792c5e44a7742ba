// Values in Go's own notation, because the API server prints maps and structs of a faulty field that way (`%#v`). upstream: field.Error.ErrorBody (release 1.33)
import { GoSyntax } from '../meta/field-error.ts';
import { goQuote } from '../meta/go-quote.ts';
import type { IntOrString } from '../meta/int-or-string.ts';
import type { LabelSelector } from '../meta/label-selector.ts';

export function goStringMap(map: Readonly<Record<string, string>> | undefined): GoSyntax {
  return new GoSyntax(mapText(map));
}

export function goStrings(list: readonly string[] | undefined): GoSyntax {
  return new GoSyntax(stringsText(list));
}

export function goIntOrString(value: IntOrString | undefined): GoSyntax {
  const [type, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, ''];
  return new GoSyntax(`intstr.IntOrString{Type:${type}, IntVal:${number}, StrVal:${goQuote(text)}}`);
}

export function goLabelSelector(selector: LabelSelector | undefined): GoSyntax {
  const { matchLabels, matchExpressions } = selector ?? {};
  const expressions = matchExpressions?.map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${goQuote(key)}, Operator:${goQuote(operator)}, Values:${stringsText(values)}}`,
  );
  const list = `[]v1.LabelSelectorRequirement${expressions === undefined ? '(nil)' : `{${expressions.join(', ')}}`}`;
  return new GoSyntax(`v1.LabelSelector{MatchLabels:${mapText(matchLabels)}, MatchExpressions:${list}}`);
}

function mapText(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return 'map[string]string(nil)';
  const keys = Object.keys(map).sort();
  return `map[string]string{${keys.map((key) => `${goQuote(key)}:${goQuote(map[key] as string)}`).join(', ')}}`;
}

function stringsText(list: readonly string[] | undefined): string {
  return list === undefined ? '[]string(nil)' : `[]string{${list.map(goQuote).join(', ')}}`;
}

// Finds values in an object by a simple JSON path, as printer columns and scale subresources state them: `.spec.size`, `.status.conditions[?(@.type=="Ready")].status`.
// upstream: client-go util/jsonpath
import type { JsonValue } from '../../meta/object.ts';
import { isJsonObject } from './json-schema.ts';

type Step =
  | { readonly find: 'member'; readonly name: string }
  | { readonly find: 'item'; readonly index: number }
  | { readonly find: 'all' }
  | { readonly find: 'where'; readonly path: readonly Step[]; readonly equals: JsonValue };

/** undefined when the text is no path of this kind. */
export function parseJsonPath(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.trim().replace(/^\{(.*)\}$/, '$1');
  while (rest !== '') {
    const found = nextStep(rest);
    if (found === undefined) return undefined;
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return steps;
}

export function findAll(value: JsonValue, steps: readonly Step[]): readonly JsonValue[] {
  let found: readonly JsonValue[] = [value];
  for (const step of steps) found = found.flatMap((one) => taken(one, step));
  return found;
}

function nextStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  const where = /^\[\?\(@((?:\.[\w-]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|(-?\d+)|(true|false))\)\]/.exec(text);
  if (where !== null) {
    const [all, path = '', double, single, digits, truth] = where;
    const equals = digits !== undefined ? Number(digits) : truth !== undefined ? truth === 'true' : (double ?? single ?? '');
    const names = path.slice(1).split('.');
    return { step: { find: 'where', path: names.map((name) => ({ find: 'member', name })), equals }, length: all.length };
  }
  const every = /^(?:\.\*|\[\*\])/.exec(text);
  if (every !== null) return { step: { find: 'all' }, length: every[0].length };
  const index = /^\[(-?\d+)\]/.exec(text);
  if (index !== null) return { step: { find: 'item', index: Number(index[1]) }, length: index[0].length };
  const quoted = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/.exec(text);
  if (quoted !== null) return { step: { find: 'member', name: unescaped(quoted[1] ?? quoted[2] ?? '') }, length: quoted[0].length };
  const named = /^\.((?:[^.[\]\\]|\\.)+)/.exec(text);
  return named === null ? undefined : { step: { find: 'member', name: unescaped(named[1] ?? '') }, length: named[0].length };
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}

function taken(value: JsonValue, step: Step): readonly JsonValue[] {
  if (step.find === 'member') {
    if (!isJsonObject(value) || !Object.hasOwn(value, step.name)) return [];
    const member = value[step.name];
    return member === undefined ? [] : [member];
  }
  const items: readonly JsonValue[] = Array.isArray(value) ? value : step.find === 'all' && isJsonObject(value) ? Object.values(value) : [];
  if (step.find === 'all') return items;
  if (step.find === 'where') return items.filter((item) => findAll(item, step.path).some((one) => one === step.equals));
  const item = items.at(step.index);
  return item === undefined ? [] : [item];
}

// Faults of expressions in cel-go's words and with its pointer at the place, because people search for them. upstream: cel-go common/errors.go, checker
import { replaced } from './rewrite.ts';

/** What the library says of a fault. */
export interface LibraryFault {
  readonly code: string;
  readonly summary: string;
}

/** `ERROR: <input>:1:8: undeclared reference to 'x' (in container '')`, the line, and a pointer. */
export function pointedAt(source: string, offset: number, message: string): string {
  const before = source.slice(0, offset).split('\n');
  const line = source.split('\n')[before.length - 1] ?? '';
  const column = [...(before.at(-1) ?? '')].length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

/** What is wrong with an expression before it runs. */
export function compileText({ code, summary }: LibraryFault, hasFunction: (name: string) => boolean): string {
  const text = originalNames(summary);
  switch (code) {
    case 'unknown_variable':
      return `undeclared reference to '${afterColon(text)}' (in container '')`;
    case 'no_such_key':
      return `undefined field '${afterColon(text)}'`;
    case 'cannot_index_type':
      return `type ${typeNames(/'.*'/.exec(text)?.[0] ?? '')} does not support field selection`;
    case 'no_such_overload':
      return operatorText(text);
    case 'no_matching_overload':
      return functionText(text, hasFunction);
    case 'heterogeneous_list_element':
    case 'heterogeneous_map_key':
    case 'heterogeneous_map_value':
      return typeNames(text.replace(/^.*?expected/, 'expected'));
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `expected type 'bool' but found ${typeNames(/got (.*)$/.exec(text)?.[1] ?? '')}`;
    case 'incompatible_ternary_branches': {
      const [, left = '', right = ''] = /got '(.*)' and '(.*)'$/.exec(text) ?? [];
      return `found no matching overload for '_?_:_' applied to '(bool, ${typeNames(left)}, ${typeNames(right)})'`;
    }
    default:
      return typeNames(text);
  }
}

/** What went wrong while it ran. */
export function runtimeText({ code, summary }: LibraryFault): string {
  switch (code) {
    case 'no_such_key':
      return `no such key: ${afterColon(summary)}`;
    case 'index_out_of_bounds':
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ''}`;
    case 'no_such_overload':
    case 'no_matching_overload':
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
    case 'invalid_comprehension_range':
    case 'optional_expected':
      return 'no such overload';
    case 'numeric_overflow':
      return 'integer overflow';
    case 'modulo_by_zero':
      return 'modulus by zero';
    case 'optional_value_missing':
      return 'optional.none() dereference';
    case 'unknown_variable':
      return `no such attribute(s): ${afterColon(summary)}`;
    default:
      return summary;
  }
}

function afterColon(text: string): string {
  return text.slice(text.indexOf(': ') + 2);
}

function originalNames(text: string): string {
  let result = text;
  for (const [name, ours] of replaced) result = result.replaceAll(ours, name);
  return result;
}

/** `map<string, dyn>` is `map(string, dyn)` to cel-go. */
function typeNames(text: string): string {
  return text.replaceAll('<', '(').replaceAll('>', ')').replaceAll("'null'", "'null_type'");
}

function operatorText(text: string): string {
  const binary = /^no such overload: (.+) (==|!=|<=|>=|<|>|in|[-+*/%]) (.+)$/.exec(text);
  if (binary !== null) {
    const [, left = '', operator = '', right = ''] = binary;
    const name = operator === 'in' ? '@in' : `_${operator}_`;
    return `found no matching overload for '${name}' applied to '(${typeNames(left)}, ${typeNames(right)})'`;
  }
  const [, operator = '', operand = ''] = /^no such overload: ([-!])(.+)$/.exec(text) ?? [];
  return `found no matching overload for '${operator}_' applied to '(${typeNames(operand)})'`;
}

function functionText(text: string, hasFunction: (name: string) => boolean): string {
  const [, called = '', args = ''] = /for '([^(]+)(\(.*\))'$/.exec(text) ?? [];
  const dot = called.lastIndexOf('.');
  const name = called.slice(dot + 1);
  if (!hasFunction(name)) return `undeclared reference to '${name}' (in container '')`;
  const receiver = dot < 0 ? '' : `${typeNames(called.slice(0, dot))}.`;
  return `found no matching overload for '${name}' applied to '${receiver}${typeNames(args)}'`;
}

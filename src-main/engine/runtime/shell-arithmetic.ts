/**
 * What `$((…))` of a shell is worth: whole numbers of 64 bits, C's operators, variables by their names.
 * A library reads the expression: JavaScript's expressions, which it knows, bind as C's do. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_06_04
 */
import assignment from '@jsep-plugin/assignment';
import jsep from 'jsep';

jsep.plugins.register(assignment);

/** Of an expression: read once, worked out as often as the script comes by. */
export type Arithmetic = jsep.Expression;

/** What an expression can see and change. An unset variable is an empty text. */
export interface ArithmeticScope {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** The expression is sound, and yet has no value. */
export class ArithmeticFault extends Error {}

/** null: no expression that a shell would take. */
export function readArithmetic(source: string): Arithmetic | null {
  try {
    // An empty one is 0. `$name` and `${name}` are what `name` is.
    const read = jsep(source.trim() === '' ? '0' : source.replaceAll(/\$\{(\w+)\}/g, '$1').replaceAll(/\$(?=\w)/g, ''));
    return isSound(read) ? read : null;
  } catch {
    return null; // the reader says where the fault is, but a script beyond this shell is only known to be that
  }
}

/** Throws ArithmeticFault. */
export function arithmeticText(expression: Arithmetic, scope: ArithmeticScope): string {
  return String(worth(expression, scope));
}

const BITS = 64;
const BINARY: Readonly<Record<string, (left: bigint, right: bigint) => bigint | boolean>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / divisor(right),
  '%': (left, right) => left % divisor(right),
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};
const UNARY: Readonly<Record<string, (value: bigint) => bigint | boolean>> = {
  '+': (value) => value,
  '-': (value) => -value,
  '!': (value) => value === 0n,
  '~': (value) => ~value,
};

function divisor(value: bigint): bigint {
  if (value === 0n) throw new ArithmeticFault('divide by zero');
  return value;
}

const whole = (value: bigint | boolean): bigint => BigInt.asIntN(BITS, BigInt(value));
const isName = (node: Arithmetic): boolean => node.type === 'Identifier';

function isSound(node: Arithmetic): boolean {
  const each = (...parts: readonly unknown[]): boolean => parts.every((part) => isSound(part as Arithmetic));
  switch (node.type) {
    case 'Literal':
      return /^\d+$/.test(String(node['raw']));
    case 'Identifier':
      return true;
    case 'UnaryExpression':
      return UNARY[String(node['operator'])] !== undefined && each(node['argument']);
    case 'UpdateExpression':
      return isName(node['argument'] as Arithmetic);
    case 'AssignmentExpression':
      return isName(node['left'] as Arithmetic) && isAssignment(String(node['operator'])) && each(node['right']);
    case 'BinaryExpression':
      return (isLogical(node) || BINARY[String(node['operator'])] !== undefined) && each(node['left'], node['right']);
    case 'ConditionalExpression':
      return each(node['test'], node['consequent'], node['alternate']);
    default:
      return false;
  }
}

function isLogical(node: Arithmetic): boolean {
  return node['operator'] === '&&' || node['operator'] === '||';
}

function isAssignment(operator: string): boolean {
  return operator === '=' || BINARY[operator.slice(0, -1)] !== undefined;
}

function worth(node: Arithmetic, scope: ArithmeticScope): bigint {
  const part = (name: string): bigint => worth(node[name] as Arithmetic, scope);
  const operator = String(node['operator']);
  switch (node.type) {
    case 'Literal':
      return numberIn(String(node['raw']));
    case 'Identifier':
      return numberIn(scope.get(String(node['name'])));
    case 'UnaryExpression':
      return whole((UNARY[operator] as (value: bigint) => bigint)(part('argument')));
    case 'UpdateExpression': {
      const before = part('argument');
      const after = assigned(node['argument'] as Arithmetic, before + (operator === '++' ? 1n : -1n), scope);
      return node['prefix'] === true ? after : before;
    }
    case 'AssignmentExpression': {
      const right = part('right');
      const value = operator === '=' ? right : (BINARY[operator.slice(0, -1)]?.(part('left'), right) ?? right);
      return assigned(node['left'] as Arithmetic, value, scope);
    }
    case 'ConditionalExpression':
      return part('test') === 0n ? part('alternate') : part('consequent');
    default:
      if (operator === '&&') return whole(part('left') !== 0n && part('right') !== 0n);
      if (operator === '||') return whole(part('left') !== 0n || part('right') !== 0n);
      return whole((BINARY[operator] as (left: bigint, right: bigint) => bigint)(part('left'), part('right')));
  }
}

function assigned(name: Arithmetic, value: bigint | boolean, scope: ArithmeticScope): bigint {
  const kept = whole(value);
  scope.set(String(name['name']), String(kept));
  return kept;
}

/** A leading zero makes it octal. */
function numberIn(text: string): bigint {
  const match = /^\s*(-?)(\d+)\s*$/.exec(text);
  if (match === null) {
    if (text.trim() === '') return 0n;
    throw new ArithmeticFault(`arithmetic syntax error`);
  }
  const [, sign, digits = '0'] = match;
  if (/^0\d/.test(digits) && /[89]/.test(digits)) throw new ArithmeticFault('arithmetic syntax error');
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return whole(sign === '-' ? -value : value);
}

// Macros that Kubernetes knows and the library does not: loops with an index or key, functions of optional values, and `has` of any value.
// upstream: cel-go ext/comprehensions.go, cel/library.go optMap
import type { ASTNode, Environment, OverlayContext, TypeDeclaration } from '@marcbachmann/cel-js';
import { Optional } from '@marcbachmann/cel-js';
import { CelFault, spend } from './budget.ts';

/** The library's parts that a macro is handed; its declarations leave them out. */
interface Checker {
  check(node: ASTNode, context: OverlayContext): TypeDeclaration;
  getType(name: string): TypeDeclaration;
  createError(code: string, message: string, node: ASTNode): Error;
}
interface Evaluator {
  run(node: ASTNode, context: OverlayContext): unknown;
  getType(name: string): TypeDeclaration;
}
interface Given {
  readonly args: readonly ASTNode[];
  readonly receiver: ASTNode;
}
interface Macro {
  readonly typeCheck: (checker: Checker, macro: Macro, context: OverlayContext) => TypeDeclaration;
  readonly evaluate: (evaluator: Evaluator, macro: Macro, context: OverlayContext) => unknown;
}

export function registerMacros(environment: Environment): void {
  const register = (signature: string, macro: (given: Given) => Macro): void => {
    environment.registerFunction(signature, macro);
  };
  register('orrery_has(ast): bool', ({ args }) => has(args[0]));
  register(
    'list.all(ast, ast, ast): bool',
    quantifier((results) => results.every((one) => one)),
  );
  register(
    'list.exists(ast, ast, ast): bool',
    quantifier((results) => results.some((one) => one)),
  );
  register(
    'list.existsOne(ast, ast, ast): bool',
    quantifier((results) => results.filter((one) => one).length === 1),
  );
  register('list.transformList(ast, ast, ast): list<dyn>', (given) => transformed(given, 'list<dyn>', listOf));
  register('list.transformList(ast, ast, ast, ast): list<dyn>', (given) => transformed(given, 'list<dyn>', listOf));
  register('list.transformMap(ast, ast, ast): map<dyn, dyn>', (given) => transformed(given, 'map<dyn, dyn>', mapOf));
  register('list.transformMap(ast, ast, ast, ast): map<dyn, dyn>', (given) => transformed(given, 'map<dyn, dyn>', mapOf));
  register('optional.optMap(ast, ast): optional<dyn>', (given) => ofOptional(given, (value) => Optional.of(value)));
  register('optional.optFlatMap(ast, ast): optional<dyn>', (given) => ofOptional(given, (value) => value));
}

function has(node: ASTNode | undefined): Macro {
  return {
    typeCheck: (checker, _macro, context) => {
      if (node === undefined || (node.op !== '.' && node.op !== '.?'))
        throw checker.createError('invalid_macro_argument', 'invalid argument to has() macro', node as ASTNode);
      checker.check(node, context);
      return checker.getType('bool');
    },
    evaluate: (evaluator, _macro, context) => {
      const [operand, name] = (node as ASTNode & { op: '.' }).args;
      const found = evaluator.run(operand, context);
      const value = found instanceof Optional ? found.orValue(null) : found;
      if (value instanceof Map) return value.has(name);
      return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    },
  };
}

type Entry = readonly [unknown, unknown];

function entriesOf(value: unknown): readonly Entry[] {
  if (Array.isArray(value)) return value.map((item, index) => [BigInt(index), item]);
  if (value instanceof Map) return [...value];
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  throw new CelFault('no such overload');
}

function nameOf(checker: Checker, node: ASTNode | undefined): string {
  if (node?.op === 'id') return node.args;
  throw checker.createError('invalid_macro_argument', 'argument must be a simple name', node as ASTNode);
}

/** The context in which a part of the loop is checked: two names more. */
function checkedContext(checker: Checker, { args, receiver }: Given, context: OverlayContext): OverlayContext {
  const range = checker.check(receiver, context);
  const key = range.kind === 'list' ? checker.getType('int') : (range.keyType ?? checker.getType('dyn'));
  const value = range.valueType ?? checker.getType('dyn');
  return context.forkWithVariable(nameOf(checker, args[0]), key).forkWithVariable(nameOf(checker, args[1]), value);
}

/** One round of the loop at a time; each is paid for. */
function* rounds({ args, receiver }: Given, evaluator: Evaluator, context: OverlayContext): Generator<readonly [Entry, OverlayContext]> {
  const dyn = evaluator.getType('dyn');
  const [first, second] = args.map((node) => (node.op === 'id' ? node.args : ''));
  const entries = entriesOf(evaluator.run(receiver, context));
  for (const entry of entries) {
    spend(ROUND_COST);
    const outer = context.forkWithVariable(first ?? '', dyn).setIterValue(entry[0], evaluator);
    yield [entry, outer.forkWithVariable(second ?? '', dyn).setIterValue(entry[1], evaluator)];
  }
}

const ROUND_COST = 20;

function quantifier(decide: (results: readonly boolean[]) => boolean): (given: Given) => Macro {
  return (given) => ({
    typeCheck: (checker, _macro, context) => {
      checker.check(given.args[2] as ASTNode, checkedContext(checker, given, context));
      return checker.getType('bool');
    },
    evaluate: (evaluator, _macro, context) => {
      const results: boolean[] = [];
      for (const [, inner] of rounds(given, evaluator, context)) results.push(isTrue(evaluator.run(given.args[2] as ASTNode, inner)));
      return decide(results);
    },
  });
}

function isTrue(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelFault('no such overload');
}

const listOf = (entries: readonly Entry[]): unknown => entries.map(([, value]) => value);
const mapOf = (entries: readonly Entry[]): unknown => new Map(entries);

/** With four arguments the third one says which entries count. */
function transformed(given: Given, type: string, collect: (entries: readonly Entry[]) => unknown): Macro {
  const step = given.args.at(-1) as ASTNode;
  const filter = given.args.length > 3 ? given.args[2] : undefined;
  return {
    typeCheck: (checker, _macro, context) => {
      const inner = checkedContext(checker, given, context);
      if (filter !== undefined) checker.check(filter, inner);
      checker.check(step, inner);
      return checker.getType(type);
    },
    evaluate: (evaluator, _macro, context) => {
      const results: Entry[] = [];
      for (const [[key], inner] of rounds(given, evaluator, context))
        if (filter === undefined || isTrue(evaluator.run(filter, inner))) results.push([key, evaluator.run(step, inner)]);
      return collect(results);
    },
  };
}

function ofOptional({ args, receiver }: Given, wrap: (value: unknown) => unknown): Macro {
  return {
    typeCheck: (checker, _macro, context) => {
      const type = checker.check(receiver, context);
      const inner = context.forkWithVariable(nameOf(checker, args[0]), type.valueType ?? checker.getType('dyn'));
      checker.check(args[1] as ASTNode, inner);
      return checker.getType('optional<dyn>');
    },
    evaluate: (evaluator, _macro, context) => {
      const found = evaluator.run(receiver, context);
      if (!(found instanceof Optional)) throw new CelFault('no such overload');
      if (!found.hasValue()) return found;
      const [name] = args;
      const inner = context.forkWithVariable(name?.op === 'id' ? name.args : '', evaluator.getType('dyn'));
      return wrap(evaluator.run(args[1] as ASTNode, inner.setIterValue(found.value(), evaluator)));
    },
  };
}

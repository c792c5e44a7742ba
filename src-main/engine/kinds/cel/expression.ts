// Expressions of the Common Expression Language as policies and schemas hold them: read and checked once, then run within a budget.
// upstream: apiserver pkg/cel, pkg/admission/plugin/cel/compile.go
import { type Environment, EvaluationError, ParseError, type TypeCheckResult, TypeError as TypeFault } from '@marcbachmann/cel-js';
import { CALL_COST_MAX, CelFault, withBudget } from './budget.ts';
import { declareType } from './declared-type.ts';
import { baseEnvironment } from './environment.ts';
import { compileText, pointedAt, runtimeText } from './fault-text.ts';
import { type Rewritten, rewrite } from './rewrite.ts';
import type { CelShape } from './values.ts';

export type Evaluation = { readonly value: unknown; readonly cost: number } | { readonly error: string; readonly cost: number };

export interface Expression {
  /** `bool`, `map(string, dyn)` */
  readonly type: string;
  /** The same as the library names it, to declare variables of that type. */
  readonly declaredType: string;
  /** Names of variables that it reads. */
  readonly uses: ReadonlySet<string>;
  evaluate(variables: Readonly<Record<string, unknown>>): Evaluation;
}

export type Compiled = { readonly expression: Expression } | { readonly error: string };

/** Longer expressions are not read. upstream: cel-go parser ExpressionSizeCodePointLimit */
const SOURCE_LENGTH_MAX = 100_000;

/** Variables and their types, against which expressions are checked. They run over plain values. */
export class CelScope {
  readonly #checks: Environment;
  readonly #runs: Environment;
  readonly #functions: ReadonlySet<string>;
  readonly #declarations: readonly string[];

  /** `wider`: a scope whose variables are known here, too. */
  constructor(variables: Readonly<Record<string, CelShape>>, wider?: CelScope) {
    this.#checks = (wider === undefined ? baseEnvironment() : wider.#checks).clone();
    for (const [name, shape] of Object.entries(variables))
      this.#checks.registerVariable(name, declareType(this.#checks, shape, `object.${name}`) ?? 'dyn');
    const own = Object.entries(variables).map(([name, { type }]) => `${name}:${type === 'optional' ? 'optional<dyn>' : 'dyn'}`);
    this.#declarations = wider === undefined ? own : [...wider.#declarations, ...own];
    this.#runs = runningEnvironment(this.#declarations);
    this.#functions = functionNames();
  }

  compile(source: string): Compiled {
    if (source.length > SOURCE_LENGTH_MAX)
      return { error: `expression code point size exceeds limit: size: ${source.length}, limit ${SOURCE_LENGTH_MAX}` };
    try {
      const rewritten = rewrite(source, this.#checks.parse(source).ast);
      const { valid, type = 'dyn', error } = this.#check(rewritten.text);
      if (!valid) return { error: this.#faultText(source, rewritten, error) };
      return { expression: this.#expression(rewritten, type) };
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return { error: pointedAt(source, error.range?.start ?? 0, `Syntax error: ${error.summary}`) };
    }
  }

  /** Lists hold values of one type; one that is not known goes with any. The library is too strict about the latter, so it is asked again. */
  #check(text: string): TypeCheckResult {
    const result = this.#checks.check(text);
    const { code = '', summary = '' } = result.error ?? {};
    if (!code.startsWith('heterogeneous') || !/\bdyn\b/.test(summary)) return result;
    return this.#checks.clone({ homogeneousAggregateLiterals: false }).check(text);
  }

  #expression({ text, uses }: Rewritten, type: string): Expression {
    let run: ReturnType<Environment['parse']> | undefined;
    return {
      type: (type === 'null' ? 'null_type' : type).replaceAll('<', '(').replaceAll('>', ')'),
      declaredType: type,
      uses,
      evaluate: (variables) => {
        run ??= this.#runs.parse(text);
        return evaluated(run, variables);
      },
    };
  }

  #faultText(source: string, { parts }: Rewritten, error: ParseError | TypeFault | undefined): string {
    const { start = 0, end = 0 } = error?.range ?? {};
    const around = parts.filter((part) => part.start <= start && part.end >= end);
    const nearest = around.reduce((best, part) => (part.end - part.start < best.end - best.start ? part : best), around[0] ?? NOWHERE);
    const fault = { code: error?.code ?? '', summary: error?.summary ?? '' };
    return pointedAt(
      source,
      nearest.anchor,
      compileText(fault, (name) => this.#functions.has(name)),
    );
  }
}

const NOWHERE = { start: 0, end: 0, anchor: 0 };

function evaluated(run: ReturnType<Environment['parse']>, variables: Readonly<Record<string, unknown>>): Evaluation {
  const { result, cost, isExceeded } = withBudget(CALL_COST_MAX, () => {
    try {
      return { value: run(variables) as unknown };
    } catch (error) {
      return { error: faultOf(error) };
    }
  });
  // The language lets `true || fault` be true; a budget that is spent ends the evaluation all the same.
  return isExceeded ? { error: 'operation cancelled: actual cost limit exceeded', cost } : { ...result, cost };
}

function faultOf(error: unknown): string {
  if (error instanceof CelFault) return error.message;
  if (error instanceof EvaluationError || error instanceof TypeFault) return runtimeText(error);
  // What the library itself stumbles over is the expression's fault, not the world's.
  if (error instanceof Error) return `internal error: ${error.message}`;
  throw error;
}

/** Environments for running differ by the names of their variables alone; there are few. */
const running = new Map<string, Environment>();

/** `declarations`: `self:dyn`. */
function runningEnvironment(declarations: readonly string[]): Environment {
  const key = declarations.join(' ');
  let environment = running.get(key);
  if (environment === undefined) {
    environment = baseEnvironment().clone({ homogeneousAggregateLiterals: false });
    for (const declaration of declarations) {
      const [name = '', type = 'dyn'] = declaration.split(':');
      environment.registerVariable(name, type);
    }
    running.set(key, environment);
  }
  return environment;
}

let names: ReadonlySet<string> | undefined;

function functionNames(): ReadonlySet<string> {
  names ??= new Set(
    baseEnvironment()
      .getDefinitions()
      .functions.map(({ name }) => name.replace(/^orrery_/, '')),
  );
  return names;
}

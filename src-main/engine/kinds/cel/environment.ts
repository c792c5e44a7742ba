// What every expression of a cluster may call: the language's own functions, and Kubernetes' libraries of them.
// upstream: apiserver pkg/cel/environment/base.go
import { Environment, Optional } from '@marcbachmann/cel-js';
import { registerAddresses } from './address-library.ts';
import { registerAuthorizer } from './authorizer-library.ts';
import { spend, weightOf } from './budget.ts';
import { ComposedVariables } from './composed-variables.ts';
import { registerFormats } from './format-library.ts';
import { registerLists } from './list-library.ts';
import { registerMacros } from './macros.ts';
import { registerQuantities } from './quantity-library.ts';
import { ITERATED, WEIGHED } from './rewrite.ts';
import { registerStrings } from './string-library.ts';
import type { TextReaders } from './values.ts';

/** Lists and maps of an expression hold values of one type each. Limits are the library's, but for the nesting that a small stack bears. */
const options = { enableOptionalTypes: true, homogeneousAggregateLiterals: true, limits: { maxAstNodes: 20_000, maxDepth: 100 } };

let base: Environment | undefined;

/** Made when the first expression is read: worlds without any pay nothing. */
export function baseEnvironment(): Environment {
  if (base !== undefined) return base;
  const environment = new Environment(options);
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  registerMacros(environment);
  registerStrings(environment);
  registerLists(environment);
  registerQuantities(environment);
  registerAddresses(environment);
  registerFormats(environment);
  registerAuthorizer(environment);
  environment.registerType('kubernetes.PolicyVariables', ComposedVariables);
  add(`${ITERATED}(A, int): A`, (value: unknown, units: bigint) => {
    spend(sizeOf(value) * Number(units));
    return value;
  });
  add(`${WEIGHED}(A): A`, (value: unknown) => {
    spend(weightOf(value));
    return value;
  });
  add('google.protobuf.Timestamp.orrery_getDayOfYear(): int', dayOfYear);
  base = environment;
  return base;
}

/** How texts become times and durations: the language's own conversions. */
export function textReaders(): TextReaders {
  readers ??= { timestamp: converter('timestamp'), duration: converter('duration') };
  return readers;
}

/** A value that may be absent, as the language holds it. */
export function optionalOf(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

let readers: TextReaders | undefined;

function converter(name: string): (text: string) => unknown {
  const run = baseEnvironment().clone().registerVariable('text', 'string').parse(`${name}(text)`);
  return (text) => run({ text });
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}

/** The library counts days in the machine's time zone. */
function dayOfYear(time: { getTime(): number; getUTCFullYear(): number }): bigint {
  const year = BigInt(time.getUTCFullYear()) - 1n;
  const daysBefore = year * 365n + year / 4n - year / 100n + year / 400n - 719_162n;
  return BigInt(Math.floor(time.getTime() / 86_400_000)) - daysBefore;
}

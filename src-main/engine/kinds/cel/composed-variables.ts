// Variables of a policy that are made of expressions: each is computed when it is first read, once, and its fault is the reader's.
// upstream: apiserver pkg/admission/plugin/cel/composition.go
import { CelFault } from './budget.ts';
import type { Compiled } from './expression.ts';

/** The library reads fields of a value whose type it knows; this one's fields are the variables. */
export class ComposedVariables {
  constructor(
    definitions: readonly { readonly name: string; readonly compiled: Compiled }[],
    read: (compiled: Compiled, name: string) => unknown,
  ) {
    const known = new Map<string, unknown>();
    for (const { name, compiled } of definitions) {
      const get = (): unknown => {
        if (!known.has(name)) known.set(name, read(compiled, name));
        return known.get(name);
      };
      Object.defineProperty(this, name, { enumerable: true, get });
    }
  }
}

/** The value of a variable, or the fault that upstream tells of it. */
export function readVariable(compiled: Compiled, name: string, variables: Readonly<Record<string, unknown>>): unknown {
  if ('error' in compiled) throw new CelFault(`composited variable "${name}" fails to compile: ${compiled.error}`);
  const result = compiled.expression.evaluate(variables);
  if ('error' in result) throw new CelFault(`composited variable "${name}" fails to evaluate: ${result.error}`);
  return result.value;
}

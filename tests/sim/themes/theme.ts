// A side of Kubernetes that some random worlds have and others have not. Each draws chance of its own, so that all else of a seed stays as it is.
import { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import type { Action } from '../plan.ts';

/** What a person does at once, without its time. */
export type Deed = (Action extends infer One ? (One extends Action ? Omit<One, 'atMs'> : never) : never) & {
  /** After the others of the happening. */
  readonly afterMs?: number;
};

export interface Theme {
  readonly name: string;
  /** One in so many worlds has it. */
  readonly oneIn: number;
  /** What a cluster's owner sets up for it. */
  readonly furniture: readonly JsonObject[];
  readonly happenings: readonly ((random: Random) => readonly Deed[])[];
  readonly happeningsMax: number;
}

export function themeActions(theme: Theme, seed: number, fromMs: number, untilMs: number): readonly Action[] {
  const random = Random.seeded(seed + numberOf(theme.name) * 0x1_0000_0000);
  if (random.below(theme.oneIn) > 0) return [];
  const made: Action[] = theme.furniture.map((object, index) => ({ atMs: fromMs + index * 10, what: 'apply', object }));
  for (let count = random.between(1, theme.happeningsMax); count > 0; count -= 1) {
    const atMs = random.between(fromMs, Math.max(fromMs, untilMs));
    for (const deed of random.pick(theme.happenings)(random)) {
      const { afterMs = 0, ...rest } = deed;
      made.push({ ...rest, atMs: atMs + afterMs } as Action);
    }
  }
  return made;
}

export const applied = (object: JsonObject): Deed => ({ what: 'apply', object });

/** A merge patch on one object of a kind, as `kubectl patch --type=merge` sends it. */
export function patched(random: Random, kind: string, body: JsonObject): Deed {
  return { what: 'ask', kind, pick: random.uint32(), method: 'PATCH', subresource: '', query: {}, body };
}

export function deleted(random: Random, kind: string): Deed {
  return { what: 'delete', kind, pick: random.uint32(), options: { propagationPolicy: 'Background' } };
}

function numberOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 0x10_0000;
  return sum;
}

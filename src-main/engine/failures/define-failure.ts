// What a failure is: a physical fact made untrue and made true again. Everything else that happens is the cluster's own doing.
import type { Physics } from '../physics/physics.ts';

export type FailureTarget = 'node' | 'zone' | 'disk' | 'container' | 'registry';

export interface Failure {
  /** Kebab case; a message `failure.<name>` says it in words. */
  readonly name: string;
  /** What it strikes. The key it gets: node name, zone name, disk handle, `<pod uid>/<container>`, registry host. */
  readonly target: FailureTarget;
  /** Is there such a thing, and is it well? A sentence for a person when not. */
  readonly refuse: (physics: Physics, key: string) => string | null;
  readonly apply: (physics: Physics, key: string, nowMs: number) => void;
  /** null: it happens once and needs no healing. */
  readonly heal: ((physics: Physics, key: string, nowMs: number) => void) | null;
}

export function defineFailure(failure: Failure): Failure {
  return failure;
}

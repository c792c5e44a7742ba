// The ordered list of controllers: they start in this order, and one that is not here does not run.
import type { AnyController } from '../client/component.ts';

export const controllers: readonly AnyController[] = [];

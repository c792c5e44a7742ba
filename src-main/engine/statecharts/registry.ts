// All charts, in the order the window lists them: greppable, and the property test finds every chart here.
import type { Chart } from './interpreter.ts';

export const charts: readonly Chart[] = [];

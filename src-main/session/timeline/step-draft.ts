// A step before it has its place in the history: what the readers of deltas make.
import type { StepRecord } from '../../contract/timeline.ts';
import type { Delta } from '../../engine/api/store.ts';

export interface StepDraft extends Pick<StepRecord, 'lane' | 'tone' | 'what'> {
  readonly values?: StepRecord['values'];
  /** Where it is told of another object than the one that changed. */
  readonly kind?: string;
  readonly key?: string;
}

/** Tells what a change of one object means, if anything. */
export type StepReader = (delta: Delta) => readonly StepDraft[];

export const NO_VALUES: StepRecord['values'] = {};
export const NO_STEPS: readonly StepDraft[] = [];

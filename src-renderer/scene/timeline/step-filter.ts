/**
 * Which steps a person wants to see.
 * Steps come in order of time, so a part of time is found by halving.
 */
import type { StepRecord } from '../../../src-main/contract/timeline.ts';
import type { TimeRange } from './time-range.ts';

export interface StepFilter {
  readonly text: string;
  /** Kind key; '' is every kind. */
  readonly kind: string;
  /** '' is every namespace. */
  readonly namespace: string;
  readonly troubles: boolean;
  /** Only what happened to this object. */
  readonly only: { readonly kind: string; readonly key: string } | null;
}

export const NO_FILTER: StepFilter = { text: '', kind: '', namespace: '', troubles: false, only: null };

export function filterSteps(steps: readonly StepRecord[], filter: StepFilter): readonly StepRecord[] {
  const { kind, namespace, troubles, only } = filter;
  const text = filter.text.trim().toLowerCase();
  if (text === '' && kind === '' && namespace === '' && !troubles && only === null) return steps;
  const prefix = `${namespace}/`;
  return steps.filter(
    (step) =>
      (!troubles || step.tone === 'bad') &&
      (kind === '' || step.kind === kind) &&
      (namespace === '' || step.key.startsWith(prefix)) &&
      (only === null || isAbout(step, only)) &&
      (text === '' || words(step).includes(text)),
  );
}

export function isAbout(step: StepRecord, { kind, key }: { readonly kind: string; readonly key: string }): boolean {
  return step.key === key && (step.kind === kind || step.kind.split('.')[0] === kind.split('.')[0]);
}

export function stepsIn(steps: readonly StepRecord[], { fromMs, untilMs }: TimeRange): readonly StepRecord[] {
  return steps.slice(firstFrom(steps, fromMs), firstFrom(steps, untilMs + 1));
}

function firstFrom(steps: readonly StepRecord[], atMs: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as StepRecord).atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function words({ what, kind, key, actor, values }: StepRecord): string {
  return `${what} ${kind} ${key} ${actor} ${Object.values(values).join(' ')}`.toLowerCase();
}

// When a node counts as short of something: thresholds, for how long they must hold, and how far beyond them is made free.
// upstream: pkg/kubelet/eviction/helpers.go
import { parseQuantity, quantityValue } from '../meta/quantity.ts';

export type Signal = keyof typeof SIGNALS;
export type EvictedResource = 'memory' | 'ephemeral-storage' | 'inodes' | 'pids';
export type PressureCondition = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

export interface Threshold {
  readonly signal: Signal;
  /** Of bytes or pieces, or a share of the whole. */
  readonly amount: number | null;
  readonly share: number | null;
  /** 0: it is hard. */
  readonly graceMs: number;
  /** To be freed beyond the threshold. */
  readonly reclaim: { readonly amount: number | null; readonly share: number | null };
}

export interface Observation {
  readonly available: number;
  readonly capacity: number;
}

export type Observations = Readonly<Record<Signal, Observation>>;

/** What a kubelet remembers of its thresholds: JSON. */
export interface PressureMemory {
  /** When each threshold was first found exceeded, by its text. */
  readonly firstSeenMs: Readonly<Record<string, number>>;
  /** Those whose grace was over, and that are not yet resolved. */
  readonly met: readonly string[];
  /** When each condition was last observed. */
  readonly lastSeenMs: Readonly<Partial<Record<PressureCondition, number>>>;
}

export const noPressure: PressureMemory = { firstSeenMs: {}, met: [], lastSeenMs: {} };

interface SignalRule {
  readonly resource: EvictedResource;
  readonly condition: PressureCondition;
}

/** What is watched, in the order in which it is acted upon. upstream: signalToResource, signalToNodeCondition, byEvictionPriority */
const SIGNALS = {
  'memory.available': { resource: 'memory', condition: 'MemoryPressure' },
  'nodefs.available': { resource: 'ephemeral-storage', condition: 'DiskPressure' },
  'nodefs.inodesFree': { resource: 'inodes', condition: 'DiskPressure' },
  'imagefs.available': { resource: 'ephemeral-storage', condition: 'DiskPressure' },
  'imagefs.inodesFree': { resource: 'inodes', condition: 'DiskPressure' },
  'pid.available': { resource: 'pids', condition: 'PIDPressure' },
} as const satisfies Readonly<Record<string, SignalRule>>;
const CONDITIONS = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** `memory.available<100Mi,nodefs.available<10%`; parts that cannot be read, or that the lab does not know, are left out. */
export function parseThresholds(text: string, reclaim: ReadonlyMap<string, string>): readonly Threshold[] {
  return text.split(',').flatMap((part) => {
    const [signal = '', value = ''] = part.split('<', 2);
    const amount = amountOf(value);
    if (!Object.hasOwn(SIGNALS, signal) || amount === null) return [];
    return [{ signal: signal as Signal, ...amount, graceMs: 0, reclaim: amountOf(reclaim.get(signal) ?? '') ?? NOTHING }];
  });
}

export function thresholdAmount({ amount, share }: Pick<Threshold, 'amount' | 'share'>, capacity: number): number {
  return amount ?? Math.floor(capacity * (share ?? 0));
}

/** Below it there is less than the threshold leaves, and than what is to be reclaimed where that counts. upstream: thresholdsMet */
export function isMet(threshold: Threshold, { available, capacity }: Observation, withReclaim: boolean): boolean {
  const least = thresholdAmount(threshold, capacity);
  return available < least + (withReclaim ? thresholdAmount(threshold.reclaim, capacity) : 0);
}

export interface Pressure {
  readonly memory: PressureMemory;
  readonly conditions: readonly PressureCondition[];
  /** Thresholds to act upon, the most urgent first. */
  readonly due: readonly Threshold[];
}

/** One look. upstream: eviction_manager.go synchronize */
export function judgePressure(
  thresholds: readonly Threshold[],
  before: PressureMemory,
  observations: Observations,
  nowMs: number,
  transitionMs: number,
): Pressure {
  const exceeded = thresholds.filter(
    (threshold) =>
      isMet(threshold, observations[threshold.signal], false) ||
      (before.met.includes(textOf(threshold)) && isMet(threshold, observations[threshold.signal], true)),
  );
  const firstSeenMs = Object.fromEntries(exceeded.map((threshold) => [textOf(threshold), before.firstSeenMs[textOf(threshold)] ?? nowMs]));
  const lastSeenMs = { ...before.lastSeenMs };
  for (const { signal } of exceeded) lastSeenMs[conditionOf(signal)] = nowMs;
  const conditions = CONDITIONS.filter((condition) => {
    const seen = lastSeenMs[condition];
    return seen !== undefined && nowMs - seen < transitionMs;
  });
  for (const condition of CONDITIONS) if (!conditions.includes(condition)) delete lastSeenMs[condition];
  const due = exceeded
    .filter((threshold) => nowMs - (firstSeenMs[textOf(threshold)] ?? nowMs) >= threshold.graceMs)
    .sort((a, b) => Number(a.signal !== 'memory.available') - Number(b.signal !== 'memory.available'));
  return { memory: { firstSeenMs, met: due.map(textOf), lastSeenMs }, conditions, due };
}

export function resourceOf(signal: Signal): EvictedResource {
  return SIGNALS[signal].resource;
}

function conditionOf(signal: Signal): PressureCondition {
  return SIGNALS[signal].condition;
}

function textOf({ signal, amount, share, graceMs }: Threshold): string {
  return `${signal}<${amount ?? share} ${graceMs}`;
}

const NOTHING = { amount: null, share: null };

/** `100Mi` or `10%`. */
function amountOf(text: string): Pick<Threshold, 'amount' | 'share'> | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) return { amount: null, share: Number(percent) / 100 };
  return text === '' || parseQuantity(text).value === undefined ? null : { amount: quantityValue(text), share: null };
}

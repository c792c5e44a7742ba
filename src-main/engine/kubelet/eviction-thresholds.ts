// When a node counts as short of something: thresholds, for how long they must hold, and how far beyond them is made free.
// upstream: pkg/kubelet/eviction/helpers.go
import { parseQuantity, quantityValue } from '../meta/quantity.ts';

/** What is watched; process ids and inodes have no model in the lab and are never short. */
export type Signal = 'memory.available' | 'nodefs.available' | 'imagefs.available';
export type EvictedResource = 'memory' | 'ephemeral-storage';
export type PressureCondition = 'MemoryPressure' | 'DiskPressure';

export interface Threshold {
  readonly signal: Signal;
  /** Of bytes, or a share of the whole. */
  readonly bytes: number | null;
  readonly share: number | null;
  /** 0: it is hard. */
  readonly graceMs: number;
  /** To be freed beyond the threshold. */
  readonly reclaim: { readonly bytes: number | null; readonly share: number | null };
}

export interface Observation {
  readonly availableBytes: number;
  readonly capacityBytes: number;
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

const SIGNALS: ReadonlySet<string> = new Set<Signal>(['memory.available', 'nodefs.available', 'imagefs.available']);

/** `memory.available<100Mi,nodefs.available<10%`; parts that cannot be read, or that the lab does not know, are left out. */
export function parseThresholds(text: string, reclaim: ReadonlyMap<string, string>): readonly Threshold[] {
  return text.split(',').flatMap((part) => {
    const [signal = '', value = ''] = part.split('<', 2);
    const amount = amountOf(value);
    if (!SIGNALS.has(signal) || amount === null) return [];
    return [{ signal: signal as Signal, ...amount, graceMs: 0, reclaim: amountOf(reclaim.get(signal) ?? '') ?? NOTHING }];
  });
}

export function thresholdBytes({ bytes, share }: Pick<Threshold, 'bytes' | 'share'>, capacityBytes: number): number {
  return bytes ?? Math.floor(capacityBytes * (share ?? 0));
}

/** Below it there is less than the threshold leaves, and than what is to be reclaimed where that counts. upstream: thresholdsMet */
export function isMet(threshold: Threshold, { availableBytes, capacityBytes }: Observation, withReclaim: boolean): boolean {
  const least = thresholdBytes(threshold, capacityBytes);
  return availableBytes < least + (withReclaim ? thresholdBytes(threshold.reclaim, capacityBytes) : 0);
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
  const conditions = (['MemoryPressure', 'DiskPressure'] as const).filter((condition) => {
    const seen = lastSeenMs[condition];
    return seen !== undefined && nowMs - seen < transitionMs;
  });
  for (const condition of ['MemoryPressure', 'DiskPressure'] as const) if (!conditions.includes(condition)) delete lastSeenMs[condition];
  const due = exceeded
    .filter((threshold) => nowMs - (firstSeenMs[textOf(threshold)] ?? nowMs) >= threshold.graceMs)
    .sort((a, b) => Number(a.signal !== 'memory.available') - Number(b.signal !== 'memory.available'));
  return { memory: { firstSeenMs, met: due.map(textOf), lastSeenMs }, conditions, due };
}

export function resourceOf(signal: Signal): EvictedResource {
  return signal === 'memory.available' ? 'memory' : 'ephemeral-storage';
}

function conditionOf(signal: Signal): PressureCondition {
  return signal === 'memory.available' ? 'MemoryPressure' : 'DiskPressure';
}

function textOf({ signal, bytes, share, graceMs }: Threshold): string {
  return `${signal}<${bytes ?? share} ${graceMs}`;
}

const NOTHING = { bytes: null, share: null };

/** `100Mi` or `10%`. */
function amountOf(text: string): Pick<Threshold, 'bytes' | 'share'> | null {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) return { bytes: null, share: Number(percent) / 100 };
  return text === '' || parseQuantity(text).value === undefined ? null : { bytes: quantityValue(text), share: null };
}

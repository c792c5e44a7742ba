/**
 * A life as the lab would tell it, for the gallery, which has no lab.
 * It follows the chart of a volume's attachment, the smallest that has delays, guards and events.
 */
import type { LifeRecord, LifeStepRecord } from '../../src-main/contract/bridge.ts';
import type { ChartRecord, ChartStateRecord, ChartWayRecord } from '../../src-main/contract/chart.ts';

const way = (on: string, to: string, more: Partial<ChartWayRecord> = {}): ChartWayRecord => ({
  on,
  to,
  isDelay: false,
  guard: '',
  ...more,
});
const state = (name: string, ...ways: readonly ChartWayRecord[]): ChartStateRecord => ({
  name,
  path: name,
  description: '',
  initial: '',
  passing: false,
  states: [],
  moves: [],
  ways,
});

export const SAMPLE_CHART: ChartRecord = {
  id: 'attachment',
  parallel: false,
  moves: [],
  ways: [],
  states: [
    state(
      'attaching',
      way('attach', 'attached', { isDelay: true, guard: 'attaches' }),
      way('attach', 'attachFailed', { isDelay: true }),
      way('delete', 'detaching'),
    ),
    state('attachFailed', way('retry', 'attaching', { isDelay: true }), way('delete', 'detaching')),
    state('attached', way('delete', 'detaching')),
    state('detaching', way('detach', 'detached', { isDelay: true })),
    state('detached'),
  ],
};

interface SampleLife {
  readonly name: 'rest' | 'taken' | 'refused' | 'waiting';
  readonly state: string;
  readonly step: LifeStepRecord | null;
  readonly waits: LifeRecord['waits'];
}

const step = (from: string, on: string, to: string, said: boolean): LifeStepRecord => ({
  atMs: 20_000,
  from,
  on,
  to,
  guards: [{ name: 'attaches', said }],
  cause: '',
});

export const SAMPLE_LIVES: readonly SampleLife[] = [
  { name: 'rest', state: 'attached', step: null, waits: [] },
  { name: 'taken', state: 'attached', step: step('attaching', 'attach', 'attached', true), waits: [] },
  { name: 'refused', state: 'attachFailed', step: step('attaching', 'attach', 'attachFailed', false), waits: [] },
  { name: 'waiting', state: 'attachFailed', step: null, waits: [{ name: 'retry', fromMs: 20_000, dueMs: 50_000 }] },
];

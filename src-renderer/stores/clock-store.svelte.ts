/**
 * Virtual time as the last frame told it.
 * The window never runs a clock of its own: what it shows is a moment that the cluster has really reached.
 */
import type { ClockRecord } from '../../src-main/contract/view.ts';

export class ClockStore {
  record: ClockRecord = $state.raw({ nowMs: 0, unixMs: 0, playing: false, speed: 1, achieved: 0 });

  fold(clock: ClockRecord): void {
    this.record = clock;
  }
}

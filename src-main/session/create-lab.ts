/**
 * Makes the lab that the windows look at.
 * A placeholder until the engine is joined here: an empty world whose clock runs.
 */
import { performance } from 'node:perf_hooks';
import type { Handlers } from '../contract/bridge.ts';
import type { LabHost, LabView } from './lab-host.ts';
import { openSession } from './open-session.ts';
import { Pacer } from './pacer.ts';
import { realSchedule } from './real-schedule.ts';

export interface CreateOptions {
  /** A snapshot to go on from; throws when it is none. */
  readonly saved?: Uint8Array | undefined;
  readonly autosave?: (pack: () => Uint8Array) => void;
}

export function createLab(_options: CreateOptions = {}): LabHost {
  const views = new Set<() => void>();
  let nowMs = 0;
  const changed = (): void => {
    for (const view of views) view();
  };
  const pacer = new Pacer({
    advance: (untilMs) => ({ nowMs: untilMs, idle: true }),
    now: () => performance.now(),
    schedule: realSchedule,
    failed: (error) => {
      throw error;
    },
    advanced: (reachedMs) => {
      nowMs = reachedMs;
      changed();
    },
  });
  const answer = (change: () => void) => (): Record<never, never> => {
    change();
    changed();
    return {};
  };
  const missing = (): never => {
    throw new Error('this lab has no cluster yet');
  };
  const handlers: Handlers = {
    'lab.info': () => ({ version: '0.1.0', kubernetes: '1.33', seed: 1, scenario: '', failures: [], scenarios: [] }),
    'lab.new': missing,
    'clock.play': answer(() => pacer.play()),
    'clock.pause': answer(() => pacer.pause()),
    'clock.speed': ({ speed }) => answer(() => pacer.setSpeed(speed))(),
    'clock.step': missing,
    'clock.next': missing,
    'failure.apply': missing,
    'failure.heal': missing,
    'failure.predict': missing,
    'object.get': missing,
    'object.delete': missing,
    'manifest.apply': missing,
    'snapshot.export': missing,
    'snapshot.open': missing,
  };
  const openView = (wake: () => void): LabView => {
    let reset = true;
    views.add(wake);
    wake();
    return {
      handlers,
      takeFrame: () => {
        const clock = { nowMs, unixMs: nowMs, playing: pacer.playing, speed: pacer.speed, achieved: pacer.achievedSpeed };
        const frame = { reset, clock, delta: {} };
        reset = false;
        return frame;
      },
      close: () => views.delete(wake),
    };
  };
  return { openSession: (send, options) => openSession(openView, send, options), close: () => pacer.pause() };
}

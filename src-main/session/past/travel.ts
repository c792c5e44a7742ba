// Windows that look at the past of one lab: time stands still for as long as one of them does, and nothing can be done to what was.
import type { Handlers, RequestName } from '../../contract/bridge.ts';
import type { StepRecord } from '../../contract/timeline.ts';
import { inSpareSlices } from '../in-slices.ts';
import type { World } from '../world.ts';
import { LookBack } from './look-back.ts';
import { relive } from './relive.ts';
import type { WindowSight } from './window-sight.ts';

export interface Clock {
  readonly playing: boolean;
  play(): void;
  pause(): void;
}

/** What would change the world, or asks what a change would do. */
const OF_THE_PRESENT: readonly RequestName[] = [
  'clock.step',
  'clock.next',
  'failure.apply',
  'load.set',
  'group.set',
  'failure.heal',
  'failure.predict',
  'yaml.check',
  'yaml.apply',
  'object.act',
  'object.weigh',
  'drain.plan',
  'manifest.apply',
  'pod.move',
  'pod.moveBack',
];

export class PastTravel {
  readonly #clock: Clock;
  readonly #away = new Set<WindowSight>();
  #world: World;
  #lookBack: LookBack;
  #resumes = false;

  /** `restored`: the world has a past that nobody here has seen. */
  constructor(clock: Clock, world: World, restored: boolean) {
    this.#clock = clock;
    this.#world = world;
    this.#lookBack = new LookBack(world);
    if (restored) void this.#relive();
  }

  replace(world: World, restored: boolean): void {
    this.close();
    this.#away.clear();
    this.#world = world;
    this.#lookBack = new LookBack(world);
    if (restored) void this.#relive();
  }

  close(): void {
    this.#lookBack.close();
  }

  get fromMs(): number {
    return this.#lookBack.fromMs;
  }
  get presentMs(): number {
    return this.#world.cluster.timeline.nowMs;
  }

  async show(sight: WindowSight, atMs: number): Promise<void> {
    if (atMs >= this.presentMs) {
      this.leave(sight);
      return;
    }
    if (this.#away.size === 0) this.#resumes = this.#clock.playing;
    this.#clock.pause();
    this.#world.cluster.settle();
    this.#away.add(sight);
    try {
      // A newer wish may take its place on the way; it is for that one to say where the window is.
      await sight.goTo(this.#lookBack, atMs);
    } catch (error) {
      if (!sight.isPast) this.leave(sight);
      throw error;
    }
  }

  /** Somebody stops time: it does not go on by itself when the last window comes back. */
  stop(): void {
    this.#resumes = false;
  }

  /** So many steps of the timeline before (less than 0) or after the moment that is shown. */
  async step(sight: WindowSight, by: number): Promise<void> {
    const { nowMs } = sight.world.cluster.timeline;
    const { steps } = this.#world.chronicle;
    if (by < 0) {
      const before = momentsOf(steps, (atMs) => atMs < nowMs);
      await this.show(sight, before.at(Math.max(by, -before.length)) ?? nowMs);
    } else if (by > 0) {
      const after = sight.isPast ? momentsOf(steps, (atMs) => atMs > nowMs) : [];
      await this.show(sight, after[by - 1] ?? this.presentMs);
    }
  }

  leave(sight: WindowSight): void {
    sight.leave();
    if (!this.#away.delete(sight) || this.#away.size > 0) return;
    this.#lookBack.rest();
    if (!this.#resumes) return;
    this.#resumes = false;
    this.#clock.play();
  }

  /** The same handlers; those that need the present refuse while this window looks at the past. */
  guard(sight: WindowSight, handlers: Handlers): Handlers {
    const guarded: Record<string, unknown> = { ...handlers };
    for (const name of OF_THE_PRESENT) {
      const handler = handlers[name] as (params: unknown) => unknown;
      guarded[name] = (params: unknown) => {
        if (sight.isPast) throw new Error('This is the past; it cannot be changed. Go back to the present first.');
        return handler(params);
      };
    }
    return guarded as unknown as Handlers;
  }

  /** What a restored world went through before it was opened, as far as this program can tell. */
  async #relive(): Promise<void> {
    const world = this.#world;
    const lookBack = this.#lookBack;
    const relived = await inSpareSlices(relive(world.cluster), () => this.#lookBack !== lookBack);
    if (relived === null || relived === undefined || this.#lookBack !== lookBack) return;
    world.journal.remember(relived.journal);
    world.chronicle.remember(relived.chronicle);
    lookBack.keep(relived.start, 0);
  }
}

/** Each once, in order: several steps may be of one moment. */
function momentsOf(steps: readonly StepRecord[], wanted: (atMs: number) => boolean): readonly number[] {
  return [...new Set(steps.map(({ atMs }) => atMs).filter(wanted))];
}

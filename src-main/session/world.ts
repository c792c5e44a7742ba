// One world as windows see it: the cluster, its records, and how far it runs at a time. Opening a snapshot or a scenario makes another world.
import type { Cluster } from '../engine/cluster.ts';
import { LifeJournal, type LifeWays } from './life-journal.ts';
import { kindsTold, stateTold } from './object-lives.ts';
import { Projection } from './projection/projection.ts';
import { Chronicle } from './timeline/chronicle.ts';

/** How far "to the next visible change" looks: a quiet cluster may never change again. */
export const NEXT_MS_MAX = 3_600_000;

/** A world at a moment, as far as a window looks at it. */
export interface Sight {
  readonly cluster: Cluster;
  readonly projection: Projection;
  /** What is known of the ways that lives went until then. */
  readonly ways: LifeWays;
}

export class World implements Sight {
  readonly cluster: Cluster;
  readonly projection: Projection;
  readonly journal: LifeJournal;
  readonly chronicle: Chronicle;

  constructor(cluster: Cluster, projection = Projection.of(cluster)) {
    this.cluster = cluster;
    this.projection = projection;
    this.chronicle = new Chronicle(cluster);
    this.journal = new LifeJournal(cluster, kindsTold, stateTold);
  }

  /** The cluster must not run meanwhile. */
  static *inSteps(cluster: Cluster): Generator<void, World> {
    return new World(cluster, yield* Projection.inSteps(cluster));
  }

  get ways(): LifeWays {
    return this.journal;
  }

  /** Nobody looks at it any more. */
  close(): void {
    this.journal.close();
  }

  /** Runs one entry of the queue, moving time to it. */
  step(): void {
    this.cluster.timeline.step();
  }

  /** Runs until a record that is drawn has changed. False: nothing did within the hour that has passed now. */
  *next(): Generator<void, boolean> {
    const { timeline } = this.cluster;
    const { tables } = this.projection;
    // What has changed already is no next change, even if nobody has looked since.
    this.projection.refresh();
    const before = tables.visibleChanges;
    const untilMs = timeline.nowMs + NEXT_MS_MAX;
    for (;;) {
      const dueMs = timeline.nextDueMs();
      if (dueMs === null || dueMs > untilMs) {
        this.cluster.advance(untilMs, 1);
        return false;
      }
      timeline.step();
      this.projection.refresh();
      if (tables.visibleChanges === before) {
        yield;
        continue;
      }
      // What else happens in this very millisecond belongs to the same picture.
      while (timeline.nextDueMs() === timeline.nowMs) timeline.step();
      return true;
    }
  }
}

// One world as windows see it: the cluster, its records, and how far it runs at a time. Opening a snapshot or a scenario makes another world.
import type { Cluster } from '../engine/cluster.ts';
import { Projection } from './projection/projection.ts';

/** Entries that "to the next visible change" may run before it gives up: a quiet cluster has nothing more to show. */
const NEXT_ENTRIES_MAX = 2_000_000;

export class World {
  readonly cluster: Cluster;
  readonly projection: Projection;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.projection = new Projection(cluster);
  }

  /** Runs one entry of the queue, moving time to it. */
  step(): void {
    this.cluster.timeline.step();
  }

  /** Runs until a record that is drawn has changed. */
  *next(): Generator<void, void> {
    const { timeline } = this.cluster;
    const { tables } = this.projection;
    const before = tables.visibleChanges;
    for (let left = NEXT_ENTRIES_MAX; left > 0; left -= 1) {
      if (!timeline.step()) return;
      this.projection.refresh();
      if (tables.visibleChanges === before) {
        yield;
        continue;
      }
      // What else happens in this very millisecond belongs to the same picture.
      while (timeline.nextDueMs() === timeline.nowMs) timeline.step();
      return;
    }
  }
}

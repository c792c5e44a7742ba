// `--events`: the cluster's Events as lines of JSON in the order in which they were recorded, repetitions included.
import type { Delta } from '../../../engine/api/store.ts';
import type { Cluster } from '../../../engine/cluster.ts';
import type { Event } from '../../../engine/kinds/core/event.ts';
import { countOf, lastSeenAt, speakerOf } from '../../../engine/kinds/core/event-sighting.ts';

export class EventLines {
  readonly #lines: string[] = [];

  constructor(cluster: Cluster, startMs: number) {
    for (const object of cluster.store.table('Event').values()) this.#add(object as Event, cluster.timeline.nowMs - startMs);
    cluster.store.onChange('Event', (delta: Delta) => {
      if (delta.type !== 'DELETED') this.#add(delta.object as Event, delta.atMs - startMs);
    });
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  #add(event: Event, atMs: number): void {
    const { type, reason, message, involvedObject, source } = event;
    const { kind, namespace, name } = involvedObject;
    const from = [speakerOf(event), source?.host].filter((part) => (part ?? '') !== '').join('/');
    const [time, count] = [lastSeenAt(event), countOf(event)];
    const line = { virtualSeconds: atMs / 1_000, time, type, reason, kind, namespace, name, message, source: from, count };
    this.#lines.push(JSON.stringify(line));
  }
}

// `--events`: the cluster's Events as lines of JSON in the order in which they were recorded, repetitions included.
import type { Delta } from '../../../engine/api/store.ts';
import type { Cluster } from '../../../engine/cluster.ts';
import type { Event } from '../../../engine/kinds/core/event.ts';

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

  #add({ type, reason, message, involvedObject, source, count = 1, lastTimestamp }: Event, atMs: number): void {
    const { kind, namespace, name } = involvedObject;
    const from = [source?.component, source?.host].filter((part) => (part ?? '') !== '').join('/');
    const line = { virtualSeconds: atMs / 1_000, time: lastTimestamp, type, reason, kind, namespace, name, message, source: from, count };
    this.#lines.push(JSON.stringify(line));
  }
}

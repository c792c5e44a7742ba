// What a person needs to report a broken assertion, and what replays it.
import type { Cluster } from '../engine/cluster.ts';

export function crashReport(cluster: Cluster, error: unknown): string {
  const { timeline, store, scenario } = cluster;
  const { current } = timeline;
  const entry = current === null ? 'between two entries' : `in ${current.owner} ${current.name} ${current.key}`;
  return [
    `The simulated world has stopped: ${error instanceof Error ? error.message : String(error)}`,
    `at ${timeline.nowMs} ms of virtual time, entry ${timeline.processed}, revision ${store.revision}, ${entry}`,
    `scenario ${scenario.name}, seed ${scenario.seed}, commands: ${JSON.stringify(cluster.log())}`,
    error instanceof Error ? (error.stack ?? '') : '',
  ].join('\n');
}

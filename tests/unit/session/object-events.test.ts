import { expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import type { Event } from '../../../src-main/engine/kinds/core/event.ts';
import { eventsAbout } from '../../../src-main/session/object-events.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

/** The index against a look at all events, for every pod and node. */
function check({ store }: Cluster): void {
  const all = [...store.table('Event').values()] as Event[];
  for (const kind of ['Pod', 'Node'])
    for (const object of store.table(kind).values()) {
      const { name, uid } = object.metadata;
      const wanted = all.filter(
        ({ involvedObject: about }) => about.uid === uid || (kind === 'Node' && about.kind === 'Node' && about.name === name),
      );
      expect(eventsAbout(store, object)).toEqual(wanted);
    }
}

test('events come, are counted, speak of another object, and expire', () => {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  check(cluster);
  cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-2' });
  for (let minute = 0; minute < 12; minute += 1) {
    cluster.advance(cluster.timeline.nowMs + 60_000);
    check(cluster);
  }
  const [event] = cluster.store.table('Event').values() as Iterable<Event>;
  const pod = [...cluster.store.table('Pod').values()].at(-1);
  if (event === undefined || pod === undefined) throw new Error('no event or no pod');
  const revision = cluster.store.nextRevision;
  const metadata = { ...event.metadata, resourceVersion: String(revision) };
  const involvedObject = { ...event.involvedObject, kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid };
  const key = `${metadata.namespace}/${metadata.name}`;
  cluster.store.commit('Event', key, { ...event, metadata, involvedObject } as Event, cluster.timeline.nowMs, {
    actor: 'a person',
    trigger: 'test',
  });
  expect(eventsAbout(cluster.store, pod).map(({ metadata: { name } }) => name)).toContain(event.metadata.name);
  cluster.advance(cluster.timeline.nowMs + 4_000_000);
  expect(eventsAbout(cluster.store, pod)).toEqual([]);
  check(cluster);
});

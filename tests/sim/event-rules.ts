// What no Event may ever do: count backwards, or have happened for the last time earlier than before.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Event } from '../../src-main/engine/kinds/core/event.ts';
import { countOf, firstSeenAt, lastSeenAt } from '../../src-main/engine/kinds/core/event-sighting.ts';

export class EventRules {
  hear({ kind, type, object, previous }: Delta): readonly string[] {
    if (kind !== 'Event' || type !== 'MODIFIED' || previous === null) return [];
    const [now, before] = [object as Event, previous as Event];
    const faults: string[] = [];
    if (countOf(now) < countOf(before)) faults.push(`counts ${countOf(now)} after ${countOf(before)}`);
    if (lastSeenAt(now) < lastSeenAt(before)) faults.push(`was last at ${lastSeenAt(now)} after ${lastSeenAt(before)}`);
    if (firstSeenAt(now) !== firstSeenAt(before)) faults.push(`was first at ${firstSeenAt(now)}, not at ${firstSeenAt(before)}`);
    if (now.reason !== before.reason || now.involvedObject.uid !== before.involvedObject.uid)
      faults.push('tells of something else than before');
    return faults;
  }
}

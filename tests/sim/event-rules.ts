// What no Event may ever do: count backwards, or have happened for the last time earlier than before.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Event } from '../../src-main/engine/kinds/core/event.ts';

export class EventRules {
  hear({ kind, type, object, previous }: Delta): readonly string[] {
    if (kind !== 'Event' || type !== 'MODIFIED' || previous === null) return [];
    const [now, before] = [object as Event, previous as Event];
    const faults: string[] = [];
    if ((now.count ?? 0) < (before.count ?? 0)) faults.push(`counts ${now.count} after ${before.count}`);
    if ((now.lastTimestamp ?? '') < (before.lastTimestamp ?? ''))
      faults.push(`was last at ${now.lastTimestamp} after ${before.lastTimestamp}`);
    if (now.firstTimestamp !== before.firstTimestamp) faults.push(`was first at ${now.firstTimestamp}, not at ${before.firstTimestamp}`);
    if (now.reason !== before.reason || now.involvedObject.uid !== before.involvedObject.uid)
      faults.push('tells of something else than before');
    return faults;
  }
}

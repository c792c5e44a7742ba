// Which events speak of an object: whoever looks at one object must not read the tens of thousands that speak of others.
import type { Store } from '../engine/api/store.ts';
import type { Event } from '../engine/kinds/core/event.ts';
import { type ApiObject, keyOf } from '../engine/meta/object.ts';

/** One for each store that somebody has looked into, from the first look on. */
const known = new WeakMap<Store, EventIndex>();

/** In order of their creation. */
export function eventsAbout(store: Store, object: ApiObject): readonly Event[] {
  let index = known.get(store);
  if (index === undefined) {
    index = new EventIndex(store);
    known.set(store, index);
  }
  return index.about(subjectOf(object.kind, object.metadata.name, object.metadata.uid));
}

/** A kubelet that does not know its node's uid names the node in its place. */
function subjectOf(kind: string | undefined, name: string | undefined, uid: string | undefined): string {
  return kind === 'Node' ? `Node ${name}` : (uid ?? '');
}

class EventIndex {
  readonly #keys = new Map<string, Set<string>>();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    for (const event of store.table('Event').values() as Iterable<Event>) this.#add(event);
    store.onChange('Event', ({ type, object, previous }) => {
      const before = previous as Event | null;
      // Somebody may write another subject into an event.
      if (type === 'MODIFIED' && before !== null && subjectOfEvent(before) === subjectOfEvent(object as Event)) return;
      if (before !== null) this.#remove(before);
      if (type !== 'DELETED') this.#add(object as Event);
    });
  }

  about(subject: string): readonly Event[] {
    return [...(this.#keys.get(subject) ?? [])].map((key) => this.#store.get('Event', key) as Event);
  }

  #add(event: Event): void {
    const subject = subjectOfEvent(event);
    const keys = this.#keys.get(subject) ?? new Set();
    this.#keys.set(subject, keys.add(keyOf(event)));
  }

  #remove(event: Event): void {
    const subject = subjectOfEvent(event);
    const keys = this.#keys.get(subject);
    keys?.delete(keyOf(event));
    if (keys?.size === 0) this.#keys.delete(subject);
  }
}

function subjectOfEvent({ involvedObject: { kind, name, uid } }: Event): string {
  return subjectOf(kind, name, uid);
}

// Most of a world's objects are Events, which differ in few texts: what they share is written once, which takes a quarter of the file.
import type { ApiObject } from '../engine/meta/object.ts';

type Texts = Readonly<Record<string, unknown>>;
/** An Event whose texts of its own are empty. */
type Shared = Texts & { readonly metadata: Texts; readonly involvedObject: Texts };

/** Texts that are an Event's own, by the part of it that they are in. */
const OWN = ['message', 'firstTimestamp', 'lastTimestamp'] as const;
const OWN_OF_METADATA = ['name', 'uid', 'resourceVersion', 'creationTimestamp'] as const;
const OWN_OF_REGARDED = ['name', 'uid', 'resourceVersion'] as const;

/** The number of what it shares, the number of its owners (or null), and its own texts in the order of the lists above. */
type Written = readonly [shared: number, owners: number | null, ...own: readonly string[]];
const WRITTEN_LENGTH = 2 + OWN.length + OWN_OF_METADATA.length + OWN_OF_REGARDED.length;

/** Writes Events with numbers of what they share, which it collects. */
export class EventWriter {
  readonly shared: Shared[] = [];
  readonly #numbers = new Map<string, number>();
  /** By sort, the one that was written last. */
  readonly #latest = new Map<string, { readonly event: Shared; readonly number: number }>();

  /** An Event without one of the texts, which only a hand can have made, is written as it is. */
  write<T extends { readonly kind: string; readonly apiVersion: string }>(object: T): T | Written {
    if (object.kind !== 'Event' || object.apiVersion !== 'v1') return object;
    const event = object as unknown as Shared;
    const { metadata, involvedObject } = event;
    const { managedFields: owners } = metadata;
    if (!has(event, OWN) || !has(metadata, OWN_OF_METADATA) || !has(involvedObject, OWN_OF_REGARDED)) return object;
    if (owners !== undefined && typeof owners !== 'number') return object;
    const own = [
      ...OWN.map((key) => event[key]),
      ...OWN_OF_METADATA.map((key) => metadata[key]),
      ...OWN_OF_REGARDED.map((key) => involvedObject[key]),
    ];
    return [this.#numberOf(event), owners ?? null, ...(own as string[])];
  }

  /** Most events are of a sort that was just written: to see that is quicker than to make a text of what they share. */
  #numberOf(event: Shared): number {
    const sort = `${event['reason']} ${event['reportingInstance']} ${event['count']} ${event.involvedObject['fieldPath']}`;
    const latest = this.#latest.get(sort);
    if (latest !== undefined && areAlike(latest.event, event)) return latest.number;
    const shared = withoutOwn(event);
    const text = JSON.stringify(shared);
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.shared.push(shared) - 1;
      this.#numbers.set(text, number);
    }
    this.#latest.set(sort, { event, number });
    return number;
  }
}

function withoutOwn(event: Shared): Shared {
  const { metadata, involvedObject } = event;
  const owners = metadata['managedFields'] === undefined ? {} : { managedFields: 0 };
  return {
    ...event,
    metadata: { ...metadata, name: '', uid: '', resourceVersion: '', creationTimestamp: '', ...owners },
    involvedObject: { ...involvedObject, name: '', uid: '', resourceVersion: '' },
    message: '',
    firstTimestamp: '',
    lastTimestamp: '',
  };
}

const OWN_PARTS: ReadonlySet<string> = new Set([...OWN, 'metadata', 'involvedObject']);
const OWN_IN_METADATA: ReadonlySet<string> = new Set([...OWN_OF_METADATA, 'managedFields']);
const OWN_IN_REGARDED: ReadonlySet<string> = new Set(OWN_OF_REGARDED);

function areAlike(a: Shared, b: Shared): boolean {
  return (
    agree(a, b, OWN_PARTS) && agree(a.metadata, b.metadata, OWN_IN_METADATA) && agree(a.involvedObject, b.involvedObject, OWN_IN_REGARDED)
  );
}

/** The same keys in the same order, with the very same values but for those that are each event's own. */
function agree(a: Texts, b: Texts, own: ReadonlySet<string>): boolean {
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, index) => key === others[index] && (own.has(key) || a[key] === b[key]));
}

export function isWrittenEvent(value: unknown): value is Written {
  if (!Array.isArray(value) || value.length !== WRITTEN_LENGTH) return false;
  const [shared, owners, ...own] = value as readonly unknown[];
  return typeof shared === 'number' && (owners === null || typeof owners === 'number') && own.every((text) => typeof text === 'string');
}

/** The Event that was written so; throws RangeError when what it shares is not there. */
export function readEvent([number, owners, ...own]: Written, shared: readonly unknown[]): ApiObject {
  const event = shared[number] as Shared | undefined;
  if (event === undefined) throw new RangeError(`there is no part ${number} of events`);
  const [message, firstTimestamp, lastTimestamp, name, uid, resourceVersion, creationTimestamp, ...regarded] = own;
  const [regardedName, regardedUid, regardedVersion] = regarded;
  return {
    ...event,
    metadata: { ...event.metadata, name, uid, resourceVersion, creationTimestamp, ...(owners !== null && { managedFields: owners }) },
    involvedObject: { ...event.involvedObject, name: regardedName, uid: regardedUid, resourceVersion: regardedVersion },
    message,
    firstTimestamp,
    lastTimestamp,
  } as unknown as ApiObject;
}

function has(holder: Texts | undefined, keys: readonly string[]): boolean {
  return holder !== undefined && keys.every((key) => typeof holder[key] === 'string');
}

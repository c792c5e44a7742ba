// Steps from the body of an older version to that of the next. Nothing of a body was checked yet: what a step cannot read, it throws at.
import type { ApiObject } from '../engine/meta/object.ts';

/** By the version they come from. */
export const migrations: Readonly<Record<number, (body: unknown) => unknown>> = { 1: withExpiryOfEvents };

interface Body1 {
  readonly pool: readonly ApiObject[];
  readonly store: { readonly objects: Readonly<Record<string, readonly number[]>> };
  readonly eventExpiry: { readonly keys: readonly string[]; readonly changedMs: readonly number[]; readonly revisions: readonly number[] };
}

/** Version 1 told of every change of an Event with its key and revision; version 2 of the last one of each, whose key and revision the Event has. */
function withExpiryOfEvents(body: unknown): unknown {
  const { pool, store, eventExpiry } = body as Body1;
  const times = new Map(eventExpiry.revisions.map((revision, index) => [revision, eventExpiry.changedMs[index]]));
  const revisions = (store.objects['Event'] ?? []).map((number) => Number(pool[number]?.metadata.resourceVersion)).sort((a, b) => a - b);
  return {
    ...(body as Body1),
    eventExpiry: { changedMs: revisions.map((revision) => times.get(revision)), scheduled: eventExpiry.keys.length > 0 },
  };
}

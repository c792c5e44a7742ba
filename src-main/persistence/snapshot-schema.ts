// The shape of a snapshot's first line and of the world in those after it, checked before anything of a file is used. README.md beside this file documents it for people.
import * as v from 'valibot';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Lists of tens of thousands are looked through by hand, which takes a tenth of the time. */
const listOf = <T>(what: string, is: (item: unknown) => boolean) =>
  v.custom<readonly T[]>((value) => Array.isArray(value) && value.every(is), `Expected a list of ${what}`);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const pooled = listOf<number>('numbers', isCount);
const countdown = v.looseObject({ kind: v.string(), key: v.string(), name: v.string(), fromMs: v.number() });
const entry = v.tuple([v.number(), count, v.string(), v.string(), v.string(), v.unknown(), v.nullable(countdown)]);
const delta = v.looseObject({
  revision: count,
  atMs: count,
  type: v.picklist(['ADDED', 'MODIFIED', 'DELETED']),
  kind: v.string(),
  key: v.string(),
  object: count,
  previous: v.nullable(count),
  cause: v.object({ actor: v.string(), trigger: v.string() }),
});
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isApiObject = (value: unknown): boolean => {
  if (!isRecord(value) || !isText(value['apiVersion']) || !isText(value['kind'])) return false;
  const { metadata } = value;
  return (
    isRecord(metadata) &&
    isText(metadata['name']) &&
    isText(metadata['uid']) &&
    isText(metadata['resourceVersion']) &&
    isText(metadata['creationTimestamp'])
  );
};
const isNamed = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && isText(value[0]) && isRecord(value[1]);
const anything = v.record(v.string(), v.unknown());
const component = v.object({ memory: v.unknown(), quota: v.object({ tokens: v.number(), atMs: v.number() }), loop: v.unknown() });

/** First line: what the file is, readable without reading the rest. */
export const headerSchema = v.object({
  format: v.literal('orrery-snapshot'),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Release that was modelled. */
  kubernetes: v.string(),
  scenario: v.string(),
  seed: v.number(),
  /** Virtual milliseconds since the scenario's start. */
  nowMs: count,
  /** Bytes after this line, and their SHA-256 in hexadecimal. */
  bodyLength: count,
  bodyDigest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** The world, by its members. */
export const bodyMembers = {
  pool: listOf<unknown>('objects', isApiObject),
  specs: v.array(anything),
  owners: v.optional(v.array(v.array(anything))),
  scenario: v.looseObject({
    name: v.string(),
    seed: v.number(),
    epochMs: v.number(),
    machines: v.array(anything),
    objects: v.array(anything),
  }),
  timeline: v.object({
    epochMs: v.number(),
    nowMs: count,
    sequence: count,
    processed: count,
    seed: v.number(),
    streams: v.record(v.string(), v.tuple([v.number(), v.number(), v.number(), v.number()])),
    entries: v.array(entry),
  }),
  store: v.object({ revision: count, objects: v.record(v.string(), pooled), history: v.array(delta) }),
  physics: v.record(v.string(), anything),
  kinds: v.array(v.object({ apiVersion: v.string(), kind: v.string(), namespaced: v.nullable(v.boolean()) })),
  components: v.object({
    components: v.record(v.string(), component),
    caches: v.record(v.string(), v.object({ objects: pooled, lanes: v.record(v.string(), v.array(delta)) })),
    everything: v.array(delta),
    deaf: v.optional(v.record(v.string(), anything)),
    events: v.object({
      objects: v.optional(listOf<unknown>('records with their keys', isNamed)),
      outboxes: v.optional(v.array(v.tuple([v.string(), anything]))),
      serial: count,
    }),
  }),
  eventExpiry: v.object({ changedMs: pooled, scheduled: v.boolean() }),
  failures: v.array(anything),
  log: v.array(v.object({ atMs: count, processed: count, command: v.looseObject({ type: v.string() }) })),
};

export type SnapshotHeader = v.InferOutput<typeof headerSchema>;

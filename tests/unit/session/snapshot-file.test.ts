// Snapshots: what was saved goes on as if nothing had happened, and what is no snapshot is refused with a reason.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import type { Pod } from '../../../src-main/engine/kinds/core/pod.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { planMachines } from '../../../src-main/engine/scenario.ts';
import { LineReader } from '../../../src-main/persistence/json-lines.ts';
import { SnapshotError } from '../../../src-main/persistence/snapshot.ts';
import { openInSlices, openSnapshot, packInSlices, packSnapshot, unpackSnapshot } from '../../../src-main/session/snapshot-file.ts';

const RUN_MS = 480_000;
const labels = { app: 'web' };
const objects: readonly JsonObject[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'web', image: 'nginx', readinessProbe: { httpGet: { path: '/', port: 80 } } }],
          volumes: [{ name: 'scratch', emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db' },
    spec: {
      containers: [{ name: 'db', image: 'mysql', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'crashing' },
    spec: { containers: [{ name: 'sh', image: 'busybox', command: ['sh', '-c', 'sleep 5; exit 3'] }] },
  },
];

function start(): Cluster {
  const machines = planMachines(3, 3);
  const cluster = Cluster.start({ name: 'test', seed: 11, epochMs: 1_748_851_200_000, region: 'orrery', machines, objects });
  cluster.advance(cluster.timeline.nowMs + 30_000);
  cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-2' });
  return cluster;
}

const body = (cluster: Cluster): string => gunzipSync(packSnapshot(cluster.save())).toString();

let good: Buffer;
let finalBody: string;
let endMs: number;
beforeAll(() => {
  const cluster = start();
  good = packSnapshot(cluster.save());
  endMs = cluster.timeline.nowMs + RUN_MS;
  cluster.advance(endMs);
  finalBody = body(cluster);
});

test('a world that was saved and opened at any instants ends as the one that was not', () => {
  const instants = fc.uniqueArray(fc.integer({ min: 0, max: RUN_MS }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(instants, (atMs) => {
      let cluster = start();
      const startMs = cluster.timeline.nowMs;
      for (const ms of atMs.toSorted((a, b) => a - b)) {
        cluster.advance(startMs + ms);
        cluster = Cluster.restore(unpackSnapshot(packSnapshot(cluster.save())));
      }
      cluster.advance(endMs);
      return body(cluster) === finalBody;
    }),
    { numRuns: 12, seed: 5 },
  );
});

test('a world that is unpacked in several pieces opens as it was', async () => {
  const cluster = start();
  for (const letter of ['a', 'é', '𝄞'])
    cluster.command({
      type: 'apply',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `text-${letter.codePointAt(0)}` },
        data: { text: letter.repeat(240_000 / Buffer.byteLength(letter)) },
      },
    });
  const bytes = await packInSlices(cluster);
  const opened = await openInSlices(bytes as Buffer);
  expect(body(opened as Cluster) === body(cluster)).toBe(true);
  expect(body(cluster).length).toBeGreaterThan(1024 * 1024);
});

function refusal(bytes: Uint8Array): string {
  try {
    unpackSnapshot(bytes);
    return 'accepted';
  } catch (error) {
    if (error instanceof SnapshotError) return error.message;
    throw error;
  }
}

/** At once and in slices alike. */
async function refuses(bytes: Uint8Array, reason: RegExp): Promise<void> {
  const atOnce = refusal(bytes);
  expect(atOnce).toMatch(reason);
  await expect(openInSlices(bytes)).rejects.toThrow(new SnapshotError(atOnce));
}

function wholeOf(bodyText: string): unknown {
  const reader = new LineReader();
  for (const line of bodyText.trimEnd().split('\n')) reader.add(JSON.parse(line));
  return reader.whole();
}

/** A world may as well be written in one line. */
const oneLine = (whole: unknown): string => `${JSON.stringify([[], whole])}\n`;

/** The good snapshot with its first line and what comes after it changed, and the digest made right again unless `keepDigest`. */
function edited(change: (header: Record<string, unknown>, bodyText: string) => string, keepDigest = false): Buffer {
  const text = gunzipSync(good).toString();
  const end = text.indexOf('\n');
  const header = JSON.parse(text.slice(0, end)) as Record<string, unknown>;
  const next = change(header, text.slice(end + 1));
  if (!keepDigest)
    Object.assign(header, { bodyLength: Buffer.byteLength(next), bodyDigest: createHash('sha256').update(next).digest('hex') });
  return gzipSync(`${JSON.stringify(header)}\n${next}`);
}

test('what is no snapshot is refused with a sentence that says why', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32));
  await refuses(Buffer.from('hello'), /not an Orrery snapshot/);
  await refuses(Buffer.alloc(0), /not an Orrery snapshot/);
  await refuses(gzipSync('kind: Pod'), /not an Orrery snapshot/);
  await refuses(gzipSync('{"format":"other"}'), /not an Orrery snapshot/);
  await refuses(good.subarray(0, good.length / 2), /incomplete or damaged/);
  await refuses(bomb, /far larger than any snapshot/);
});

test('a snapshot that was cut, changed, or made by a newer program is refused', async () => {
  const cut = edited((_header, text) => text.slice(0, text.length / 2), true);
  const changed = edited((_header, text) => text.replace('worker-2', 'worker-3'), true);
  const newer = edited((header, text) => {
    header['version'] = 99;
    return text;
  });
  await refuses(cut, /incomplete/);
  await refuses(changed, /changed after it was saved/);
  await refuses(newer, /version 99.*newer Orrery/s);
});

test('a file of version 1 goes on, and is one of today when it is saved again', () => {
  const bytes = readFileSync(join(import.meta.dirname, 'version-1.orrery'));
  const cluster = openSnapshot(bytes);
  const told = () => [...cluster.store.table('Event').values()].map((event) => (event as unknown as { reason: string }).reason);
  const pods = () => [...cluster.store.table('Pod').values()].map((pod) => (pod as Pod).status.phase);
  expect(cluster.timeline.nowMs).toBe(130_000);
  expect(told()).toEqual(expect.arrayContaining(['NodeReady', 'Scheduled', 'Started']));
  expect(pods()).toContain('Running');
  const again = openSnapshot(packSnapshot(cluster.save()));
  // Events live for an hour after their last change.
  for (const world of [cluster, again]) world.advance(59 * 60_000);
  expect(told()).toEqual(expect.arrayContaining(['NodeReady', 'Scheduled', 'Started']));
  for (const world of [cluster, again]) world.advance(63 * 60_000);
  expect(told()).toEqual([]);
  expect(again.save()).toEqual(cluster.save());
});

test('a world from before there were objects of addresses, of flows and of API groups gets them', () => {
  const cluster = openSnapshot(readFileSync(join(import.meta.dirname, 'version-1.orrery')));
  const names = (kind: string) => [...cluster.store.table(`${kind}.networking.k8s.io`).keys()];
  expect([names('ServiceCIDR'), names('IPAddress')]).toEqual([[], []]);
  cluster.advance(cluster.timeline.nowMs + 3 * 60_000);
  expect([names('ServiceCIDR'), names('IPAddress')]).toEqual([['kubernetes'], ['10.96.0.1']]);
  const count = (kind: string) => cluster.store.table(kind).size;
  expect(count('FlowSchema.flowcontrol.apiserver.k8s.io')).toBe(13);
  expect(count('APIService.apiregistration.k8s.io')).toBe(23);
});

test('a file of version 1 whose events do not fit is refused', async () => {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, 'version-1.orrery'))).toString();
  const changed = text.slice(text.indexOf('\n') + 1).replace(/"revisions":\[\d+,/, '"revisions":[0,');
  const header = JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<string, unknown>;
  Object.assign(header, { bodyLength: Buffer.byteLength(changed), bodyDigest: createHash('sha256').update(changed).digest('hex') });
  await refuses(gzipSync(`${JSON.stringify(header)}\n${changed}`), /damaged: eventExpiry.changedMs: Expected a list of numbers/);
});

test('a value that reads __proto__ is one like any other', async () => {
  const cluster = Cluster.start({ name: 'test', seed: 1, epochMs: 0, region: 'orrery', machines: planMachines(1, 1), objects: [] });
  for (const name of ['a', 'b'])
    cluster.command({
      type: 'apply',
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: '__proto__' } },
    });
  const opened = openSnapshot(packSnapshot(cluster.save()));
  expect(opened.save()).toEqual(cluster.save());
  expect((opened.store.get('ConfigMap', 'default/b') as unknown as { data: unknown }).data).toEqual({ text: '__proto__' });
});

test('a hostile body with a right digest is refused too', async () => {
  const withBody = (change: (value: Record<string, unknown>) => void): Buffer =>
    edited((_header, text) => {
      const value = wholeOf(text) as Record<string, unknown>;
      change(value);
      return oneLine(value);
    });
  await refuses(
    edited((_header, text) => text.replace('{', '{"__proto__":{"polluted":true},')),
    /__proto__/,
  );
  await refuses(
    edited((_header, text) => `${text}[["__pr\\u006fto__"],{"polluted":true}]\n`),
    /__proto__/,
  );
  await refuses(
    edited((_header, text) => `${text}[[],1,[[0,[{"polluted":true}]]],["__proto__"]]\n`),
    /__proto__/,
  );
  await refuses(
    edited(() => '{}'),
    /damaged/,
  );
  await refuses(
    edited(() => ''),
    /damaged/,
  );
  await refuses(
    edited(() => '[1,2'),
    /not JSON/,
  );
  await refuses(
    withBody((value) => Object.assign(value, { pool: [{ kind: 'Pod' }] })),
    /damaged/,
  );
  await refuses(
    withBody((value) => Object.assign(value, { pool: [] })),
    /damaged/,
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('random damage never gets in, and never throws anything but a refusal', () => {
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = Buffer.from(good);
      for (const [at, by] of changes) bytes[at] = ((bytes[at] as number) + by) & 0xff;
      // A flipped byte of gzip's header (its time, its system) changes nothing of what is inside.
      return refusal(bytes) !== 'accepted' || changes.every(([at]) => at < 10);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('a body with any of its values changed by hand opens or is refused, and never does anything else', () => {
  const text = gunzipSync(good).toString();
  const whole = wholeOf(text.slice(text.indexOf('\n') + 1)) as Json;
  const steps = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 9 });
  const odd = fc.constantFrom<Json>(null, -1, 0, 1e308, 2 ** 53, '', 'x', true, [], {}, [[]], { a: 1 });
  fc.assert(
    fc.property(steps, odd, (path, value) => {
      const bytes = edited(() => oneLine(changed(whole, path, value)));
      try {
        return openSnapshot(bytes) instanceof Cluster;
      } catch (error) {
        return error instanceof SnapshotError;
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

test('a line with any of its values changed by hand is read or refused, and nothing else', () => {
  const text = gunzipSync(good).toString();
  const lines = text
    .slice(text.indexOf('\n') + 1)
    .trimEnd()
    .split('\n');
  const steps = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 6 });
  const odd = fc.constantFrom<Json>(null, -1, 0, 1, 1e308, 2 ** 53, '', 'length', true, [], {}, [[]], { a: 1 });
  fc.assert(
    fc.property(fc.nat(lines.length - 1), steps, odd, (at, path, value) => {
      const line = JSON.stringify(changed(JSON.parse(lines[at] as string) as Json, path, value));
      const bytes = edited(() => `${lines.with(at, line).join('\n')}\n`);
      try {
        return openSnapshot(bytes) instanceof Cluster;
      } catch (error) {
        return error instanceof SnapshotError;
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `whole` with another value where the numbers lead, each choosing among the members that are there. */
function changed(whole: Json, [step = 0, ...rest]: readonly number[], value: Json): Json {
  if (typeof whole !== 'object' || whole === null) return value;
  const keys = Object.keys(whole);
  const key = keys[step % keys.length];
  if (key === undefined) return value;
  const next = rest.length === 0 ? value : changed((whole as Record<string, Json>)[key] as Json, rest, value);
  return Array.isArray(whole) ? whole.with(Number(key), next) : { ...whole, [key]: next };
}

// Files that a person drops on the lab: nothing of them when one cannot be read, else document by document; and no file stops the world.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import { kindKey } from '../../../src-main/engine/kinds/kind.ts';
import { keyOf } from '../../../src-main/engine/meta/object.ts';
import { planMachines } from '../../../src-main/engine/scenario.ts';
import { applyFiles } from '../../../src-main/session/apply-files.ts';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { EPOCH_MS } from '../../../src-main/session/scenarios.ts';
import { packSnapshot, unpackSnapshot } from '../../../src-main/session/snapshot-file.ts';
import { World } from '../../../src-main/session/world.ts';
import { type Json, sampleObjects } from './sample-objects.ts';

const startCluster = (): Cluster =>
  Cluster.start({ name: 'test', seed: 1, epochMs: EPOCH_MS, region: 'orrery', machines: planMachines(1, 2), objects: [] });

const pod = (name: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: a, image: nginx${more} }] }\n`;

function check(texts: readonly string[], expected: { faults?: readonly string[]; results?: readonly string[] }): Cluster {
  const cluster = startCluster();
  const { faults, results } = applyFiles(
    cluster,
    texts.map((text, index) => ({ name: `${index}.yaml`, text })),
  );
  expect({
    faults: faults.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`),
    results: results.map(({ kind, namespace, name, outcome, message, warnings }) =>
      [`${kind} ${namespace}/${name} ${outcome}`, message, ...warnings].filter((part) => part !== '').join(': '),
    ),
  }).toEqual({ faults: [], results: [], ...expected });
  return cluster;
}

test('a namespace and a pod in it', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
  check([`${namespace}---\n${pod('a, namespace: shop')}`], { results: ['Namespace /shop created', 'Pod shop/a created'] });
});

test('a pod whose account does not come is refused, after as many looks as upstream takes', () => {
  const cluster = startCluster();
  const { nowMs } = cluster.timeline;
  const { results } = applyFiles(cluster, [{ name: 'a.yaml', text: pod('a').replace('spec: {', 'spec: { serviceAccountName: robot,') }]);
  expect(results[0]?.message).toMatch(/error looking up service account default\/robot: serviceaccount "robot" not found$/);
  expect(cluster.timeline.nowMs).toBe(nowMs + 200);
});

test('load and node groups stand in the same file, and are refused in the same way', () => {
  const lab = (kind: string, name: string, spec: string): string =>
    `apiVersion: orrery.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n';
  const group = '{ zone: zone-a, minSize: 1, maxSize: 3, cpu: "4", memory: 8Gi, pods: "110" }';
  const { physics } = check(
    [
      [
        service,
        lab('Load', 'web', '{ requestsPerSecond: 50 }'),
        lab('Load', 'api', '{ requestsPerSecond: 50 }'),
        lab('Load', 'web', '{ requestsPerSecond: many }'),
        lab('NodeGroup', 'pool-a', group),
        lab('NodeGroup', 'pool-b', '{ zone: mars }'),
        lab('Sun', 'one', '{}'),
      ].join('---\n'),
    ],
    {
      results: [
        'Service default/web created',
        'Load default/web configured',
        'Load default/api refused: services "api" not found',
        'Load default/web refused: requests a second must be a number from 0 on, not many',
        'NodeGroup /pool-a configured',
        'NodeGroup /pool-b refused: There is no zone "mars". There are: zone-a.',
        'Sun /one refused: orrery.dev/v1 has the kinds Load and NodeGroup, not Sun',
      ],
    },
  );
  expect([physics.get('load', 'default/web')?.requestsPerSecond, physics.get('nodeGroup', 'pool-a')?.maxSize]).toEqual([50, 3]);
});

test('the valid documents are applied, the others refused with the Status of the API server', () => {
  const cluster = check([[pod('one'), pod('Two'), pod('three')].join('---\n')], {
    results: [
      'Pod default/one created',
      `Pod /Two refused: Pod "Two" is invalid: metadata.name: Invalid value: "Two": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'Pod default/three created',
    ],
  });
  expect([...cluster.store.table('Pod').keys()]).toEqual(['default/one', 'default/three']);
});

test('unknown fields are named', () =>
  void check([pod('one', ', imag: x')], { results: ['Pod default/one created: unknown field "spec.containers[0].imag"'] }));

test('a type that does not fit', () =>
  void check(['apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { hostNetwork: "yes" }\n'], {
    results: [
      'Pod /a refused: Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
  }));

test('a version that is no longer served', () =>
  void check(['apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: { name: a }\n'], {
    results: ['Deployment /a refused: no matches for kind "Deployment" in version "extensions/v1beta1"; it is served as apps/v1'],
  }));

test("somebody else's kind is stored", () =>
  void check(['apiVersion: example.org/v1\nkind: Widget\nmetadata: { name: a }\nspec: { any: thing }\n'], {
    results: ['Widget default/a created'],
  }));

test('nothing of any file is applied when one of them cannot be read', () => {
  const cluster = check([pod('one'), 'apiVersion: v1\nkind: [\n'], {
    faults: [
      '1.yaml:3:1 flow sequence in block collection must be sufficiently indented and end with a ]; expected lines of one block to begin at the same column',
    ],
  });
  expect([cluster.store.table('Pod').size, cluster.log()]).toEqual([0, []]);
});

describe('fuzz', () => {
  const odd: fc.Arbitrary<Json> = fc.oneof(
    fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e300, 2 ** 31, '', ' ', 'a', 'A_b', '-1', '1Gi', '1e400', '%', '\u0000'),
    fc.constantFrom<Json>([], {}, [null], [[]], [{}], { a: null }, { '': '' }),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  );
  /** Every place in a value below its root, as the keys that lead there. */
  const places = (value: Json, path: readonly string[] = []): readonly (readonly string[])[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, part]) => [[...path, key], ...places(part, [...path, key])]);
  const replaced = (value: Json, [key, ...rest]: readonly string[], by: Json): Json => {
    if (key === undefined) return by;
    if (typeof value !== 'object' || value === null) return value; // an earlier change took the place away
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, Json>;
    copy[key] = replaced(copy[key] ?? null, rest, by);
    return copy;
  };
  const changed = fc
    .constantFrom(...sampleObjects)
    .chain((sample) =>
      fc
        .array(fc.tuple(fc.constantFrom(...places(sample)), odd), { minLength: 1, maxLength: 2 })
        .map((changes) => changes.reduce((value, [path, by]) => replaced(value, path, by), sample)),
    );

  test('no object stops the world or the window onto it', () => {
    const cluster = startCluster();
    const { projection } = new World(cluster);
    fc.assert(
      fc.property(changed, (object) => {
        applyFiles(cluster, [{ name: 'f.json', text: JSON.stringify(object) }]);
        cluster.advance(cluster.timeline.nowMs + 1_000);
        projection.refresh();
        for (const kind of cluster.kinds.all()) {
          if (kind.kind !== (object as { kind?: Json }).kind) continue;
          for (const stored of cluster.server.list(kind)) {
            for (const { value } of kind.columns) expect(value(stored, cluster.timeline.unixMs)).toBeDefined();
            objectDetail(cluster, kindKey(kind), keyOf(stored));
          }
        }
      }),
      { numRuns: 400, seed: 1 },
    );
    Cluster.restore(unpackSnapshot(packSnapshot(cluster.save()))).advance(cluster.timeline.nowMs + 10_000);
  }, 60_000);
});

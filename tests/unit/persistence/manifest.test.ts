// Manifests of every form go in; faults come out with file, line, column and what was expected, and no text makes the reader throw.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MANIFEST_CHARACTERS_MAX, parseManifest } from '../../../src-main/persistence/manifest.ts';

function check(text: string, expected: { objects?: readonly unknown[]; lines?: readonly number[]; faults?: readonly string[] }): void {
  const { documents, faults } = parseManifest('shop.yaml', text);
  expect({
    ...(expected.objects && { objects: documents.map(({ object }) => object) }),
    ...(expected.lines && { lines: documents.map(({ line }) => line) }),
    faults: faults.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`),
  }).toEqual({ faults: [], ...expected });
}

const named = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });
const valid = ['apiVersion: v1', 'kind: Pod', 'metadata:', '  name: web', 'spec:', '  containers:', '  - name: a', '    image: nginx'].join(
  '\n',
);

describe('documents', () => {
  test('many, with comments and empty ones between', () =>
    check(
      '# the shop\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n',
      {
        objects: [named('Pod', 'a'), named('Pod', 'b')],
        lines: [3, 9],
      },
    ));
  test('JSON, indented by tabs', () =>
    check('{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": {"name": "a"}\n}', { objects: [named('Pod', 'a')], lines: [1] }));
  test('a List is its items', () =>
    check(
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n',
      {
        objects: [named('Pod', 'a'), named('Secret', 'b')],
        lines: [4, 7],
      },
    ));
  test('a typed list names its kind once', () =>
    check('apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n', { objects: [named('Pod', 'a')] }));
  test('generateName is a name', () => check('{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}', { lines: [1] }));
  test('a List of nothing', () => check('apiVersion: v1\nkind: List\nitems:\n', { objects: [] }));
  test('a byte order mark and lines as Windows ends them', () =>
    check('\ufeffapiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: a\r\n---\r\napiVersion: v1\r\nkind: Pod\r\nmetadata: {name: b}\r\n', {
      objects: [named('Pod', 'a'), named('Pod', 'b')],
      lines: [1, 6],
    }));
  test('anchors and aliases', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata: &m {name: a}\nagain: *m\n', { objects: [{ ...named('Pod', 'a'), again: { name: 'a' } }] }));
  test('keys named like inherited members are keys', () =>
    check('{apiVersion: v1, kind: Pod, metadata: {name: a}, constructor: {prototype: {x: 1}}}', {
      objects: [{ ...named('Pod', 'a'), constructor: { prototype: { x: 1 } } }],
    }));
  test('nothing at all', () => check('', { objects: [] }));
});

describe('scalars as kubectl reads them', () => {
  const value = (text: string) => (parseManifest('f', `${valid}\nx: ${text}`).documents[0]!.object as any).x;
  test.each([
    ['yes', true],
    ['On', true],
    ['off', false],
    ['n', false],
    ['"yes"', 'yes'],
    ['0777', 511],
    ['0o17', 15],
    ['0x1F', 31],
    ['1_000', 1000],
    ['-12', -12],
    ['22:22', '22:22'],
    ['1e3', 1000],
    ['0.5', 0.5],
    ['089', 89],
    ['2024-01-01', '2024-01-01'],
    ['~', null],
    ['1.2.3', '1.2.3'],
    ['100m', '100m'],
    ['.inf', '.inf'],
    ['!!str 12', '12'],
    ['!!binary aGVsbG8=', 'hello'],
    ['!!timestamp 2020-01-01', '2020-01-01'],
    ['!!js/function "f"', 'f'],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
  test('merge keys', () =>
    expect((parseManifest('f', `${valid}\na: &a {b: 1}\nx: {<<: *a, c: 2}`).documents[0]!.object as any).x).toEqual({ b: 1, c: 2 }));
});

describe('faults', () => {
  test('bad indentation', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n bad: b\n', {
      faults: ['shop.yaml:5:1 all mapping items must start at the same column; expected lines of one block to begin at the same column'],
    }));
  test('an open quote', () =>
    check('apiVersion: v1\nkind: "Pod\n', {
      faults: ['shop.yaml:3:1 missing closing "quote; expected the quote or bracket to be closed'],
    }));
  test('tabs', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n', {
      faults: ['shop.yaml:4:1 tabs are not allowed as indentation; expected spaces, not tabs'],
    }));
  test('an alias of nothing', () =>
    check(`${valid}\nx: *nobody\n`, { faults: ['shop.yaml:9:4 *nobody stands for nothing; expected an anchor &nobody before it'] }));
  test('an alias inside of itself', () =>
    check(`${valid}\nx: &a {b: [*a]}\n`, {
      faults: ['shop.yaml:9:12 *a stands inside of what &a names, so that it would never end'],
    }));
  test('no metadata, and other parts that are of no use', () => {
    check('apiVersion: v1\nkind: Pod\nmetadata: []\n', { faults: ['shop.yaml:1:1 expected metadata with a name in this Pod'] });
    check('apiVersion: 1\nkind: Pod\nmetadata: {name: a}\n', { faults: ['shop.yaml:1:1 expected apiVersion, such as "v1" or "apps/v1"'] });
    check('hello\n', { faults: ['shop.yaml:1:1 expected an object with apiVersion, kind and metadata, found a single value'] });
    check('apiVersion: v1\nkind: List\nitems:\n- 5\n', {
      faults: ['shop.yaml:4:3 expected items[0] to be an object with apiVersion, kind and metadata'],
    });
  });
  test('a key twice', () =>
    check('apiVersion: v1\nkind: Pod\nkind: Pod\n', { faults: ['shop.yaml:3:1 map keys must be unique; expected each key once'] }));
  test('a list at the top', () =>
    check('- a\n- b\n', { faults: ['shop.yaml:1:1 expected an object with apiVersion, kind and metadata, found a list'] }));
  test('no kind', () =>
    check('---\napiVersion: v1\nmetadata: {name: a}\n', { faults: ['shop.yaml:2:1 expected kind, such as "Pod" or "Deployment"'] }));
  test('no name', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b}}\n', {
      faults: ['shop.yaml:1:1 expected metadata.name or metadata.generateName to be a text in this Pod'],
    }));
  test('a polluting key', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  __proto__: {x: 1}\n', {
      faults: ['shop.yaml:5:3 the key __proto__ is not allowed'],
    }));
  test('a template that was not rendered', () =>
    check('apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n', {
      faults: ['shop.yaml:4:10 expected a key, found a mapping or a list: is this a template that was not rendered?'],
    }));
  test('an alias bomb', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`);
    check(`apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nl0: &l0 [x]\n${levels.join('\n')}\n`, {
      objects: [],
      faults: ['shop.yaml:1:1 cannot be read: its aliases repeat too much; write the repeated parts out'],
    });
  });
  test.each([5000, 200_000])('nesting of %d', (depth) =>
    check('['.repeat(depth), { objects: [], faults: ['shop.yaml:1:1 expected YAML or JSON: it is nested too deeply'] }),
  );
  test('absurd size', () => {
    const size = MANIFEST_CHARACTERS_MAX + 1;
    const faults = [`shop.yaml:1:1 the file has ${size} characters; at most ${MANIFEST_CHARACTERS_MAX} are read: split it`];
    check('x'.repeat(size), { objects: [], faults });
  });
});

describe('fuzz', () => {
  const holds = (text: string) => {
    const { documents, faults } = parseManifest('f', text);
    for (const { object } of documents) expect(JSON.parse(JSON.stringify(object))).toEqual(object);
    for (const { line, column, message } of faults) expect(line >= 1 && column >= 1 && message !== '').toBe(true);
    expect(({} as any).polluted).toBeUndefined();
  };
  test('any text', { timeout: 60_000 }, () =>
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds), { numRuns: 500, seed: 1 }),
  );
  test('YAML-like text', { timeout: 60_000 }, () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'{}[]:,-?&*!|>\'"%@`# \n\tab0~<='.split(''), '__proto__', '---\n', '<<: *a'), { maxLength: 80 }),
        (parts) => holds(parts.join('')),
      ),
      { numRuns: 1000, seed: 1 },
    ),
  );
  test('a valid manifest with a piece replaced', { timeout: 60_000 }, () =>
    fc.assert(
      fc.property(fc.nat(valid.length), fc.nat(12), fc.string({ maxLength: 12 }), (at, length, piece) =>
        holds(valid.slice(0, at) + piece + valid.slice(at + length)),
      ),
      { numRuns: 1000, seed: 1 },
    ),
  );
});

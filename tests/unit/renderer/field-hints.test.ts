// What the editor offers and says at a place of a half-written object, and which lines nobody can edit.
import { expect, test } from 'vitest';
import type { FieldTable } from '../../../src-main/contract/yaml.ts';
import { hintOf, offersAt } from '../../../src-renderer/panels/yaml/field-hints.ts';
import { lockedLines } from '../../../src-renderer/panels/yaml/yaml-path.ts';

const table: FieldTable = {
  root: 'core.Pod',
  types: {
    'core.Pod': { kind: 'string', metadata: 'meta.ObjectMeta', spec: 'core.PodSpec' },
    'meta.ObjectMeta': { name: 'string', labels: '{}string' },
    'core.PodSpec': { containers: '[]core.Container', hostNetwork: 'bool', accessModes: '[]string' },
    'core.Container': { name: 'string', imagePullPolicy: 'string', ports: '[]core.ContainerPort' },
    'core.ContainerPort': { containerPort: 'int32', protocol: 'string' },
  },
  values: { 'core.Container.imagePullPolicy': ['Always', 'Never'], 'core.PodSpec.accessModes': ['ReadWriteOnce'] },
  managed: false,
  owner: null,
  hasStatus: true,
};

/** `|` is where a person types; what is offered, as it would be written. */
function check(text: string, expected: readonly string[] | null): void {
  const lines = text.split('\n');
  const row = lines.findIndex((line) => line.includes('|'));
  const column = lines[row]?.indexOf('|') ?? 0;
  lines[row] = (lines[row] ?? '').replace('|', '');
  expect(offersAt(table, lines, row, column)?.offers.map((offer) => offer.text) ?? null).toEqual(expected);
}

test('fields of the object, of what is inside it, and of an item of a list', () => {
  check('kind: Pod\n|', ['kind: ', 'metadata:\n  ', 'spec:\n  ']);
  check('spec:\n  h|', ['containers:\n    - ', 'hostNetwork: ', 'accessModes:\n    - ']);
  check('spec:\n  containers:\n    - name: a\n      i|', ['name: ', 'imagePullPolicy: ', 'ports:\n        - ']);
  check('spec:\n  containers:\n  - name: a\n    ports:\n    - |', ['containerPort: ', 'protocol: ']);
});
test('values where only a few are taken', () => {
  check('spec:\n  hostNetwork: |', ['true', 'false']);
  check('spec:\n  containers:\n    - imagePullPolicy: A|', ['Always', 'Never']);
  check('spec:\n  accessModes:\n    - R|', ['ReadWriteOnce']);
  check('metadata:\n  name: |', []);
});
test('nothing where the kind knows nothing', () => {
  check('nobody:\n  knows:\n    |', null);
  check('metadata:\n  labels:\n    a|', []);
});

test('what a key is', () => {
  const lines = 'spec:\n  containers:\n    - name: a\n      ports:\n        - containerPort: 80\nmetadata:\n  labels:\n    app: a'.split(
    '\n',
  );
  const hints = lines.map((_, row) => hintOf(table, lines, row)).map((hint) => (hint === null ? '' : `${hint.path} ${hint.type}`));
  expect(hints).toEqual([
    'spec core.PodSpec',
    'spec.containers []core.Container',
    'spec.containers[].name string',
    'spec.containers[].ports []core.ContainerPort',
    'spec.containers[].ports[].containerPort int32',
    'metadata meta.ObjectMeta',
    'metadata.labels {}string',
    '',
  ]);
});

test('status and what the API server fills in are locked, also below lists', () => {
  const lines = 'metadata:\n  name: a\n  uid: b\nspec:\n  status: mine\nstatus:\n  conditions:\n  - type: Ready\n\nlast: 1'.split('\n');
  expect(lockedLines(lines, true)).toEqual([
    [2, 2],
    [5, 7],
  ]);
  expect(lockedLines(lines, false)).toEqual([[2, 2]]);
});

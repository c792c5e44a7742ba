// A window's table of one kind: everything at first, then what changed, and the ages of what is on screen.
import { beforeEach, expect, test } from 'vitest';
import type { ObjectTableDelta } from '../../../src-main/contract/object-table.ts';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import { ObjectTable, ROWS_PER_FRAME } from '../../../src-main/session/object-table.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

let cluster: Cluster;
let table: ObjectTable;
beforeEach(() => {
  cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(60_000);
  table = new ObjectTable();
});

/** `key: cell | cell`, and removed keys with a minus. */
function check(delta: ObjectTableDelta | undefined, expected: readonly string[] | undefined): void {
  const rows = delta?.put.map(({ key, cells }) => `${key}: ${cells.join(' | ')}`);
  expect(rows === undefined ? undefined : [...rows, ...(delta?.remove ?? []).map((key) => `-${key}`)]).toEqual(expected);
}

const applyMap = (name: string, data: Record<string, string>): void => {
  cluster.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data } });
};

test('it begins with the columns of kubectl get, all rows and the count of every kind', () => {
  table.open(cluster, 'Node');
  const delta = table.take();
  expect(delta?.columns?.map(({ name, wide }) => (wide ? `(${name})` : name))).toEqual([
    'Name',
    'Status',
    'Roles',
    'Age',
    'Version',
    '(Internal-IP)',
    '(External-IP)',
    '(OS-Image)',
    '(Kernel-Version)',
    '(Container-Runtime)',
  ]);
  expect(delta?.put.map(({ key }) => key).toSorted()).toEqual([...cluster.store.table('Node').keys()].toSorted());
  expect(delta?.complete).toBe(true);
  expect(delta?.kinds?.find(({ kind }) => kind === 'Pod')).toEqual({
    kind: 'Pod',
    namespaced: true,
    simulated: true,
    count: cluster.store.table('Pod').size,
  });
});

test('after that only what changed, and nothing while nothing did', () => {
  table.open(cluster, 'ConfigMap');
  table.take();
  check(table.take(), undefined);
  applyMap('one', { a: '1' });
  check(table.take(), ['default/one: one | 1 | 0s']);
  cluster.command({ type: 'delete', kind: 'ConfigMap', key: 'default/one', options: {} });
  check(table.take(), ['-default/one']);
});

test('ages go on for the rows on screen and for no others', () => {
  applyMap('one', { a: '1' });
  applyMap('two', {});
  table.open(cluster, 'ConfigMap');
  table.take();
  table.look(['default/two']);
  table.take();
  cluster.advance(cluster.timeline.nowMs + 7000);
  check(table.take(), ['default/two: two | 0 | 7s']);
  check(table.take(), undefined);
});

test('a long table comes over several frames, and says when it is complete', () => {
  for (let index = 0; index <= ROWS_PER_FRAME; index += 1) applyMap(`map-${index}`, {});
  const all = cluster.store.table('ConfigMap').size;
  table.open(cluster, 'ConfigMap');
  const [first, second] = [table.take(), table.take()];
  expect([first?.put.length, first?.complete, second?.put.length, second?.complete]).toEqual([
    ROWS_PER_FRAME,
    false,
    all - ROWS_PER_FRAME,
    true,
  ]);
});

test('closed, it hears nothing; another world begins it anew', () => {
  table.open(cluster, 'ConfigMap');
  table.take();
  const other = Cluster.start(builtInScenario('empty', 1));
  table.replace(other);
  expect(table.take()?.columns?.length).toBe(3);
  table.close();
  applyMap('one', {});
  check(table.take(), undefined);
});

test('a kind that is not there is refused', () => {
  expect(() => table.open(cluster, 'Unicorn')).toThrow('There is no kind "Unicorn" in this lab.');
});

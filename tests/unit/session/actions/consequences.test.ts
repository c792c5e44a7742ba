// What a deletion says beforehand, for each kind of object that takes something with it.
import { beforeAll, expect, test } from 'vitest';
import type { ObjectAction } from '../../../../src-main/contract/object-action.ts';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { consequences } from '../../../../src-main/session/actions/consequences.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

let cluster: Cluster;
let web = '';
let database = '';
let claim = '';
beforeAll(() => {
  cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(90_000);
  const pods = [...cluster.store.table('Pod').keys()];
  web = pods.find((key) => key.startsWith('shop/web-')) ?? '';
  database = pods.find((key) => key.startsWith('shop/database-')) ?? '';
  claim = [...cluster.store.table('PersistentVolumeClaim').keys()][0] ?? '';
});

type Deletion = Extract<ObjectAction, { do: 'delete' }>;

/** `what count`, with `!` for what is grave. */
function check(kind: string, key: string, options: Partial<Deletion>, expected: readonly string[]): void {
  const said = consequences(cluster, { do: 'delete', cascade: 'Background', ...options }, [{ kind, key }]);
  expect(said.map(({ what, grave, values }) => `${grave ? '!' : ''}${what} ${values['seconds'] ?? values['count']}`)).toEqual(expected);
}

test('a pod of a Deployment', () => check('Pod', web, {}, ['grace 30', 'replaced 1']));
test('with a shorter grace', () => check('Pod', web, { gracePeriodSeconds: 5 }, ['grace 5', 'replaced 1']));
test('by force', () => check('Pod', web, { gracePeriodSeconds: 0 }, ['!forced 1', 'replaced 1']));
test('a Deployment: its ReplicaSet and pods go after it', () => check('Deployment.apps', 'shop/web', {}, ['!dependents-after 7']));
test('or before it', () => check('Deployment.apps', 'shop/web', { cascade: 'Foreground' }, ['!dependents-before 7']));
test('or stay', () => check('Deployment.apps', 'shop/web', { cascade: 'Orphan' }, ['dependents-orphaned 1']));
test('a claim in use, whose volume is deleted with it', () =>
  check('PersistentVolumeClaim', claim, {}, ['!volume-deleted 1', 'claim-in-use 1']));
test('a node with pods', () => {
  const { nodeName } = (cluster.store.get('Pod', database) as unknown as { spec: { nodeName: string } }).spec;
  const pods = [...cluster.store.table('Pod').values()].filter(
    (pod) => (pod as { spec?: { nodeName?: string } }).spec?.nodeName === nodeName,
  );
  check('Node', nodeName, {}, [`!node-pods ${pods.length}`]);
});
test('what takes nothing with it', () => check('ConfigMap', 'default/none', {}, []));

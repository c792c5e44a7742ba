// Which pods of a node a drain evicts, passes over and refuses: the cases of kubectl's filters.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';
import { drainPlan } from '../../../../src-main/session/actions/drain-plan.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const cluster = Cluster.start(builtInScenario('empty', 1));
const [node = ''] = [...cluster.store.table('Node').keys()].filter((name) => name.includes('worker'));

function pod(name: string, more: { spec?: JsonObject; metadata?: JsonObject } = {}): void {
  const metadata = { name, namespace: 'default', ...more.metadata };
  const spec = { nodeName: node, containers: [{ name: 'app', image: 'nginx' }], ...more.spec };
  cluster.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'Pod', metadata, spec } });
}

const daemonSet = (name: string, uid: string): JsonObject => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true }],
});

/** Keys by what becomes of them, with the reason. */
function check(options: { force: boolean; deleteEmptyDirData: boolean }, expected: Readonly<Record<string, string>>): void {
  const { evict, skipped, blocked } = drainPlan(cluster, [node], options);
  const all = [
    ...evict.map(({ key }) => [key, 'evict']),
    ...skipped.map(({ key, why }) => [key, `skip ${why}`]),
    ...blocked.map(({ key, why }) => [key, `refuse ${why}`]),
  ];
  const ours = all.map(([key = '', what]) => [key.split('/')[1], what]);
  expect(Object.fromEntries(ours)).toEqual(expected);
}

test('as kubectl drain --ignore-daemonsets does', () => {
  cluster.command({
    type: 'apply',
    object: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
      },
    },
  });
  const uid = cluster.store.get('DaemonSet.apps', 'default/agent')?.metadata.uid ?? '';
  pod('alone');
  pod('scratch', { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } });
  pod('agent-x', { metadata: daemonSet('agent', uid) });
  pod('static', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'abc' } } });
  pod('elsewhere', { spec: { nodeName: '' } });
  check(
    { force: false, deleteEmptyDirData: false },
    { alone: 'refuse no-controller', scratch: 'refuse local-storage', 'agent-x': 'skip daemon-set', static: 'skip mirror' },
  );
  check(
    { force: true, deleteEmptyDirData: false },
    { alone: 'evict', scratch: 'refuse local-storage', 'agent-x': 'skip daemon-set', static: 'skip mirror' },
  );
  check(
    { force: true, deleteEmptyDirData: true },
    { alone: 'evict', scratch: 'evict', 'agent-x': 'skip daemon-set', static: 'skip mirror' },
  );
});

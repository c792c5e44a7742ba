import { expect, test } from 'vitest';
import { VERSION_INFO } from '../../../../src-main/engine/api/rest/discovery.ts';
import { INFO } from '../../../../src-main/engine/api/rest/openapi.ts';
import type { Node } from '../../../../src-main/engine/kinds/core/node.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

test('the API server, its documents and every node tell of one release', () => {
  const nodes = [...new TestCluster({ workers: 2 }).run('1m').world.store.table('Node').values()] as unknown as readonly Node[];
  const told = [INFO.version, ...nodes.map(({ status }) => status.nodeInfo?.kubeletVersion)];
  expect([nodes.length > 0, ...new Set(told)]).toEqual([true, VERSION_INFO.gitVersion]);
});

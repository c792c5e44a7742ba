// Which pods are spread together by default: those of one owner and of the Services that select them.
import { expect, test } from 'vitest';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { printRequirements } from '../../../../src-main/engine/meta/labels.ts';
import { defaultRequirements } from '../../../../src-main/engine/scheduler/default-selector.ts';
import { listerOf, viewWith } from './cluster-view-with.ts';

const set = { spec: { selector: { matchLabels: { set: 'db' } } } };

function check(owner: { readonly apiVersion: string; readonly kind: string } | null, selected: string): void {
  const view = viewWith({
    services: listerOf('default', { web: { spec: { selector: { app: 'web' } } }, other: { spec: { selector: { app: 'other' } } } }),
    replicationControllers: listerOf('default', { db: { spec: { selector: { set: 'db' } } } }),
    replicaSets: listerOf('default', { db: set }),
    statefulSets: listerOf('default', { db: set }),
  });
  const ownerReferences = owner === null ? [] : [{ ...owner, name: 'db', uid: 'db', controller: true }];
  const metadata = { name: 'pod', namespace: 'default', labels: { app: 'web', set: 'db' }, ownerReferences };
  expect(printRequirements(defaultRequirements({ metadata, spec: {}, status: {} } as unknown as Pod, view))).toBe(selected);
}

test('the selectors of Services and of the owner hold together', () => {
  check(null, 'app=web');
  check({ apiVersion: 'v1', kind: 'ReplicationController' }, 'app=web,set=db');
  check({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, 'app=web,set=db');
  check({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, 'app=web,set=db');
  check({ apiVersion: 'apps/v1', kind: 'DaemonSet' }, 'app=web');
  check({ apiVersion: 'example.com/v1', kind: 'StatefulSet' }, 'app=web');
});

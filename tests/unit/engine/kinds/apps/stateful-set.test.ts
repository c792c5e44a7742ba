// Of a StatefulSet's pods the annotations are looked at, as of any workload's.
import { expect, test } from 'vitest';
import { type StatefulSet, statefulSetKind } from '../../../../../src-main/engine/kinds/apps/stateful-set.ts';

function check(annotations: Readonly<Record<string, string>>, expected: readonly string[]): void {
  const metadata = { labels: { app: 'db' }, annotations };
  const template = { metadata, spec: { restartPolicy: 'Always', containers: [{ name: 'db', image: 'db' }] } };
  const spec = {
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'OnDelete' },
    selector: { matchLabels: { app: 'db' } },
    template,
  };
  const set = { metadata: { name: 'db', namespace: 'shop' }, spec } as unknown as StatefulSet;
  expect(statefulSetKind.validate(set).map(String)).toEqual(expected);
}

const name = 'controller.kubernetes.io/pod-deletion-cost';

test('a cost of deletion', () => check({ [name]: '-5' }, []));
test('a cost that is no number', () =>
  check({ [name]: 'dear' }, [`spec.template.annotations[${name}]: Invalid value: "dear": must be a 32bit integer`]));

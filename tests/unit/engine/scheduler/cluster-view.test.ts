// Counting pods goes through all of them once, in steps, and then follows what changes.
import { expect, test } from 'vitest';
import type { Node } from '../../../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { ClusterView } from '../../../../src-main/engine/scheduler/cluster-view.ts';
import { plugins } from '../../../../src-main/engine/scheduler/plugins/registry.ts';
import { countBeforehand } from '../../../../src-main/engine/scheduler/scheduling-cycle.ts';
import { viewWith } from './cluster-view-with.ts';

const PODS = 5_000;
const spec = { containers: [] } as unknown as Pod['spec'];
const isEven = { key: 'even', matches: ({ metadata }: Pod) => Number(metadata.uid) % 2 === 0 };

function crowded(): ClusterView {
  const view = viewWith({});
  for (let index = 0; index < 10; index += 1)
    view.setNode({ metadata: { name: `node-${index}`, labels: { room: `room-${index % 2}` } }, spec: {}, status: {} } as unknown as Node);
  for (let index = 0; index < PODS; index += 1) view.setPod(numbered(index), `node-${index % 10}`);
  return view;
}

function numbered(index: number): Pod {
  return {
    metadata: { name: `pod-${index}`, namespace: 'default', uid: `${index}`, labels: { app: 'web' } },
    spec,
    status: {},
  } as unknown as Pod;
}

test('a first count rests after every thousand pods', () => {
  const view = crowded();
  expect([...view.countInSteps([isEven])]).toHaveLength(PODS / 1_000);
  expect([...view.countInSteps([isEven])]).toHaveLength(0);
  expect(Object.fromEntries(view.count(isEven).byDomain('room'))).toEqual({ 'room-0': PODS / 2 });
  view.removePod('default/pod-0');
  expect(Object.fromEntries(view.count(isEven).byDomain('room'))).toEqual({ 'room-0': PODS / 2 - 1 });
});

test('what plugins will ask is counted before they are asked, once for pods of one specification', () => {
  const view = crowded();
  const constraint = {
    maxSkew: 1,
    topologyKey: 'room',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' } },
  };
  const waiting = { ...numbered(PODS), spec: { ...spec, topologySpreadConstraints: [constraint] } } as Pod;
  const steps = countBeforehand(waiting, view, plugins);
  expect([...(steps ?? [])]).toHaveLength(PODS / 1_000);
  expect(countBeforehand(waiting, view, plugins)).toBeNull();
  const sorts = plugins.flatMap((plugin) => plugin.sorts?.(waiting, view) ?? []);
  expect(sorts).toHaveLength(1);
  expect([...view.countInSteps(sorts)]).toHaveLength(0);
  view.forgetCounts();
  expect(countBeforehand(waiting, view, plugins)).not.toBeNull();
});

import { expect, test } from 'vitest';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { ClusterView, type Lister, type Listers } from '../../../../../src-main/engine/scheduler/cluster-view.ts';
import { nodeVolumeLimits } from '../../../../../src-main/engine/scheduler/plugins/node-volume-limits.ts';

const DRIVER = 'block.csi.orrery.dev';

const listerOf = <T>(objects: Readonly<Record<string, unknown>>): Lister<T> => ({
  get: (key) => objects[key] as T | undefined,
  values: () => Object.values(objects) as T[],
  inNamespace: () => [],
});

const podWith = (name: string, ...claims: readonly string[]): Pod =>
  ({
    metadata: { name, namespace: 'default', uid: name },
    spec: {
      nodeName: 'node',
      containers: [],
      volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    },
    status: {},
  }) as unknown as Pod;

/** Claims a, b and c are bound to volumes of the same names; the node holds at most two. */
function check(
  given: { running: readonly (readonly string[])[]; attached: readonly string[]; wanted: readonly string[] },
  fits: boolean,
): void {
  const names = ['a', 'b', 'c'];
  const listers: Partial<Listers> = {
    claims: listerOf(Object.fromEntries(names.map((name) => [`default/${name}`, { metadata: { name }, spec: { volumeName: name } }]))),
    volumes: listerOf(Object.fromEntries(names.map((name) => [name, { spec: { csi: { driver: DRIVER, volumeHandle: `vol-${name}` } } }]))),
    csiNodes: listerOf({ node: { spec: { drivers: [{ name: DRIVER, allocatable: { count: 2 } }] } } }),
    attachmentsOn: () => given.attached.map((volume) => ({ spec: { source: { persistentVolumeName: volume } } })) as never,
  };
  const view = new ClusterView(listers as Listers);
  const pods = new Map(given.running.map((claims, index) => [`pod-${index}`, podWith(`pod-${index}`, ...claims)]));
  const plan = nodeVolumeLimits.planFilter?.(podWith('new', ...given.wanted), view) ?? null;
  if (plan === null || !('filter' in plan)) throw new Error('the plugin has nothing to check');
  expect(plan.filter({ name: 'node', podsWithClaims: pods } as never)?.reasons ?? []).toEqual(
    fits ? [] : ['node(s) exceed max volume count'],
  );
}

test('a node takes no more volumes of a driver than its CSINode allows', () => {
  check({ running: [['a']], attached: ['a'], wanted: ['b'] }, true);
  check({ running: [['a'], ['b']], attached: ['a', 'b'], wanted: ['c'] }, false);
  check({ running: [['a', 'b']], attached: [], wanted: ['b'] }, true);
});

test('a volume that is not detached yet still counts', () => {
  check({ running: [['a']], attached: ['a', 'b'], wanted: ['c'] }, false);
  check({ running: [], attached: ['b'], wanted: ['c'] }, true);
  check({ running: [['a']], attached: ['a', 'b'], wanted: ['b'] }, true);
});

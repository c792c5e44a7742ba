// What a window gets told of use: only of what it names, and nothing where nothing is measured.
import { expect, test } from 'vitest';
import { readUsage } from '../../../src-main/session/read-usage.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: one, annotations: { orrery.dev/cpu-millis: "300" } }
spec: { nodeName: worker-1, containers: [{ name: a, image: "nginx:1.28" }, { name: b, image: "nginx:1.28" }] }
`;

test('of named nodes and pods', () => {
  const { world } = new TestCluster({ workers: 1, zones: 1 }).apply(pod).run('1m');
  expect(readUsage(world, ['worker-1', 'gone'], ['default/one', 'default/gone'])).toEqual({
    nodes: { 'worker-1': { cpuMillis: 660, memoryBytes: (420 + 16) * 2 ** 20 }, gone: null },
    pods: { 'default/one': { cpuMillis: 600, memoryBytes: 16 * 2 ** 20 }, 'default/gone': null },
  });
});

test('not of everything at once', () =>
  expect(() => readUsage(new TestCluster({ workers: 1, zones: 1 }).world, Array<string>(10_001).fill('a'), [])).toThrow('too many names'));

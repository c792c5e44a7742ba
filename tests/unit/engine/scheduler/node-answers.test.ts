// What was found out about a node holds until the node changes: a view that remembers decides as one that has just been built.
import { expect, test } from 'vitest';
import { Random } from '../../../../src-main/engine/base/random.ts';
import type { Node } from '../../../../src-main/engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { plugins } from '../../../../src-main/engine/scheduler/plugins/registry.ts';
import { decide } from '../../../../src-main/engine/scheduler/scheduling-cycle.ts';
import { viewWith } from './cluster-view-with.ts';

function machine(index: number, spec: object = {}): Node {
  const labels = {
    'kubernetes.io/hostname': `node-${index}`,
    'topology.kubernetes.io/zone': `zone-${index % 3}`,
    size: index % 2 ? 'big' : 'small',
  };
  const allocatable = { cpu: index % 2 ? '8' : '2', memory: '4Gi', pods: '20' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${index}`, labels }, spec, status: { allocatable } } as unknown as Node;
}

const requests = (cpu: string) => [{ name: 'app', image: 'nginx', resources: { requests: { cpu } } }];
const specs = [
  { containers: requests('100m') },
  { containers: requests('500m'), tolerations: [{ key: 'slow', operator: 'Exists' }] },
  { containers: requests('200m'), nodeSelector: { size: 'big' } },
].map((spec) => podKind.defaults({ spec } as unknown as Pod).spec);

function podOf(serial: number): Pod {
  const metadata = { name: `pod-${serial}`, namespace: 'default', uid: `uid-${serial}` };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: specs[serial % specs.length], status: {} } as unknown as Pod;
}

/** Schedules so many pods while others leave and nodes change; each decision is compared with that of a new view. */
function check(seed: number, pods: number): void {
  const random = Random.seeded(seed);
  const nodes = Array.from({ length: 40 }, (_, index) => machine(index));
  const placed = new Map<string, { readonly pod: Pod; readonly node: string }>();
  const view = viewWith({});
  for (const node of nodes) view.setNode(node);
  const state = { nextStartNodeIndex: 0 };
  for (let serial = 0; serial < pods; serial += 1) {
    const fresh = viewWith({});
    for (const node of nodes) fresh.setNode(node);
    for (const { pod, node } of placed.values()) fresh.setPod(pod, node);
    const pod = podOf(serial);
    const expected = decide(pod, fresh, { plugins, percentageOfNodesToScore: 0 }, { ...state }, Random.seeded(serial));
    const decided = decide(pod, view, { plugins, percentageOfNodesToScore: 0 }, state, Random.seeded(serial));
    expect([serial, decided.node?.name, decided.diagnosis]).toEqual([serial, expected.node?.name, expected.diagnosis]);
    if (decided.node !== null) {
      placed.set(pod.metadata.name, { pod, node: decided.node.name });
      view.setPod(pod, decided.node.name);
    }
    const leaving = [...placed.keys()][random.below(placed.size * 3)];
    if (leaving !== undefined) {
      placed.delete(leaving);
      view.removePod(`default/${leaving}`);
    }
    const index = random.below(nodes.length * 4);
    if (index < nodes.length) {
      nodes[index] = machine(index, random.below(2) === 0 ? { taints: [{ key: 'slow', effect: 'NoSchedule' }] } : { unschedulable: true });
      view.setNode(nodes[index] as Node);
    }
  }
}

test.each([1, 2, 3])('a view with a memory decides as a new one (seed %i)', (seed) => check(seed, 150));

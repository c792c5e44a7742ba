// Profiles: which plugins a configuration leaves, in which order and with which weights, what it refuses, and how pods are placed by it.
import { expect, test } from 'vitest';
import { readSchedulerConfiguration, type SchedulerConfiguration } from '../../../../src-main/engine/scheduler/scheduler-configuration.ts';
import { SchedulerWorld } from './scheduler-world.ts';

type ProfileGiven = NonNullable<SchedulerConfiguration['profiles']>[number];

/** Filters in order, then scorers with their weights. */
function check(given: ProfileGiven, filters: readonly string[], scorers: Readonly<Record<string, number>>): void {
  const read = readSchedulerConfiguration({ profiles: [given] });
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  const plugins = [...read.profiles.values()].flatMap((profile) => profile.plugins);
  expect(plugins.filter(({ planFilter }) => planFilter !== undefined).map(({ name }) => name)).toEqual(filters);
  const weights = plugins.filter(({ planScore }) => planScore !== undefined).map(({ name, weight }) => [name, weight]);
  expect(Object.fromEntries(weights)).toEqual(scorers);
}

const filters = [
  ...['NodeUnschedulable', 'NodeName', 'TaintToleration', 'NodeAffinity', 'NodePorts', 'NodeResourcesFit', 'VolumeRestrictions'],
  ...['NodeVolumeLimits', 'VolumeBinding', 'VolumeZone', 'PodTopologySpread', 'InterPodAffinity'],
];
const weights = {
  TaintToleration: 3,
  NodeAffinity: 2,
  NodeResourcesFit: 1,
  PodTopologySpread: 2,
  InterPodAffinity: 2,
  NodeResourcesBalancedAllocation: 1,
  ImageLocality: 1,
};

test('without a word it is upstream’s default profile', () => check({}, filters, weights));

test('plugins are turned off at one point, or at all', () => {
  const { PodTopologySpread: _, ...others } = weights;
  check({ plugins: { score: { disabled: [{ name: 'PodTopologySpread' }] } } }, filters, others);
  check(
    { plugins: { multiPoint: { disabled: [{ name: 'PodTopologySpread' }] } } },
    filters.filter((name) => name !== 'PodTopologySpread'),
    others,
  );
});

test('only what is named is left when everything is turned off', () => {
  const plugins = {
    filter: { enabled: [{ name: 'NodeResourcesFit' }, { name: 'NodeName' }], disabled: [{ name: '*' }] },
    score: { enabled: [{ name: 'ImageLocality', weight: 7 }], disabled: [{ name: '*' }] },
  };
  check({ plugins }, ['NodeResourcesFit', 'NodeName'], { ImageLocality: 7 });
});

test('a plugin that is named again for one point comes first there, with its weight', () => {
  const plugins = { score: { enabled: [{ name: 'NodeAffinity', weight: 50 }] }, filter: { enabled: [{ name: 'NodePorts' }] } };
  check({ plugins }, ['NodePorts', ...filters.filter((name) => name !== 'NodePorts')], { ...weights, NodeAffinity: 50 });
});

function refused(given: SchedulerConfiguration, ...errors: readonly string[]): void {
  expect(readSchedulerConfiguration(given)).toEqual({ errors });
}

test('what makes no sense is refused in upstream’s words', () => {
  const profile = (more: object): SchedulerConfiguration => ({ profiles: [{ schedulerName: 'mine', ...more }] });
  const creating = 'initializing profiles: creating profile for scheduler name mine: ';
  refused(profile({ plugins: { filter: { enabled: [{ name: 'Coscheduling' }] } } }), `${creating}plugin "Coscheduling" does not exist`);
  refused({ profiles: [{ schedulerName: 'mine' }, { schedulerName: 'mine' }] }, 'profiles[1].schedulerName: Duplicate value: "mine"');
  refused({ podInitialBackoffSeconds: 0 }, 'podInitialBackoffSeconds: Invalid value: 0: must be greater than 0');
  refused({ percentageOfNodesToScore: 101 }, 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]');
  const ratio = (shape: readonly object[]) => ({
    pluginConfig: [
      { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape } } } },
    ],
  });
  const fit = `${creating}initializing plugin "NodeResourcesFit": scoringStrategy.requestedToCapacityRatio.shape`;
  refused(profile(ratio([])), `${fit}: Required value: at least one point must be specified`);
  refused(profile(ratio([{ utilization: 0, score: 11 }])), `${fit}[0].score: Invalid value: 11: not in valid range [0-10]`);
  const falling = [
    { utilization: 50, score: 1 },
    { utilization: 50, score: 2 },
  ];
  refused(profile(ratio(falling)), `${fit}[1].utilization: Invalid value: 50: utilization values must be sorted in increasing order`);
});

test('two profiles place pods in two ways, and each says who it is', () => {
  const packing = { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' } } };
  const noBalance = { score: { disabled: [{ name: 'NodeResourcesBalancedAllocation' }, { name: 'PodTopologySpread' }] } };
  const profiles = [{}, { schedulerName: 'bin-packer', plugins: noBalance, pluginConfig: [packing] }];
  const world = new SchedulerWorld(null, { profiles }).node('worker-1').node('worker-2').node('worker-3');
  world.pod('first', { nodeName: 'worker-2' }).run(50);
  for (const name of ['a', 'b', 'c']) world.pod(name, { schedulerName: 'bin-packer' });
  world.pod('spread').pod('nobody', { schedulerName: 'unknown' }).run(2_000);
  expect(['a', 'b', 'c'].map((name) => world.nodeOf(name))).toEqual(['worker-2', 'worker-2', 'worker-2']);
  expect(world.nodeOf('spread')).not.toBe('worker-2');
  expect(world.nodeOf('nobody')).toBeUndefined();
  expect(world.sourcesOf('a')).toEqual(['bin-packer']);
  expect(world.sourcesOf('spread')).toEqual(['default-scheduler']);
});

test('a profile may hold its pods to some nodes, leave lesser pods alone, and wait longer', () => {
  const required = {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['zone-b'] }] }],
  };
  const pluginConfig = [{ name: 'NodeAffinity', args: { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }];
  const plugins = { postFilter: { disabled: [{ name: 'DefaultPreemption' }] } };
  const world = new SchedulerWorld(null, { profiles: [{ pluginConfig, plugins }], podInitialBackoffSeconds: 30, podMaxBackoffSeconds: 60 });
  world.node('worker-1').node('worker-2', { zone: 'zone-b', cpu: '1' });
  const big = { containers: [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '900m' } } }] };
  world.pod('low', big).run(100);
  expect(world.nodeOf('low')).toBe('worker-2');
  world.pod('high', { ...big, priority: 100 }).run(100);
  expect(world.events('high')).toEqual([
    "FailedScheduling: 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match scheduler-enforced node affinity.",
  ]);
  expect(world.nodeOf('low')).toBe('worker-2');
});

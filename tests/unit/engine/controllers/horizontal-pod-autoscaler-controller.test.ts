// The autoscaler in a whole cluster: the textbook's numbers, what it says when it cannot know, and that looking less often finds the same.
import { expect, test } from 'vitest';
import type { AnyController } from '../../../../src-main/engine/client/component.ts';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import {
  horizontalPodAutoscalerController,
  tickingHorizontalPodAutoscalerController,
} from '../../../../src-main/engine/controllers/horizontal-pod-autoscaler-controller.ts';
import type { HorizontalPodAutoscaler } from '../../../../src-main/engine/kinds/autoscaling/autoscaler.ts';
import type { Event } from '../../../../src-main/engine/kinds/core/event.ts';
import { planMachines } from '../../../../src-main/engine/scenario.ts';
import { documentsOf, durationMs } from '../../../support/test-cluster.ts';

const target = (name: string, replicas: number, cpu: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} }, annotations: { orrery.dev/cpu-millis: "0", orrery.dev/cpu-millis-per-request: "10" } }
    spec: { containers: [{ name: app, image: "nginx:1.28", resources: { requests: { ${cpu} memory: 16Mi } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`;

const autoscaler = (spec: string, name = 'web'): string => `
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${name} }
spec: ${spec}
`;

const cpuOf = (percent: number, rest = 'minReplicas: 2, maxReplicas: 20', name = 'web'): string =>
  `{ scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }, ${rest}, metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: ${percent} } } }] }`;

class Lab {
  readonly world: Cluster;

  constructor(manifest: string, controllers: readonly AnyController[] = []) {
    const scenario = { name: 'test', seed: 3, epochMs: 1_748_851_200_000, region: 'orrery', machines: planMachines(1, 3), objects: [] };
    this.world = Cluster.start(scenario, { freezes: true, controllers });
    for (const object of documentsOf(manifest)) this.world.command({ type: 'apply', object });
  }

  run(time: string): this {
    this.world.advance(this.world.timeline.nowMs + durationMs(time));
    return this;
  }

  load(requestsPerSecond: number): this {
    this.world.command({ type: 'load', service: 'default/web', requestsPerSecond });
    return this;
  }

  get autoscaler(): HorizontalPodAutoscaler {
    return this.world.store.get('HorizontalPodAutoscaler.autoscaling', 'default/web') as HorizontalPodAutoscaler;
  }

  /** Size, and what was measured. */
  get told(): string {
    const { currentReplicas, currentMetrics } = this.autoscaler.status;
    return `${currentReplicas} at ${currentMetrics?.[0]?.resource?.current.averageUtilization}%`;
  }

  get conditions(): readonly string[] {
    return (this.autoscaler.status.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`);
  }

  get events(): readonly string[] {
    return [...(this.world.store.table('Event').values() as Iterable<Event>)]
      .filter(({ involvedObject }) => involvedObject.kind === 'HorizontalPodAutoscaler')
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
  }
}

test('the textbook: two pods that ask for 200m and use 300m at a target of 50 % become six', () => {
  const lab = new Lab(target('web', 2, 'cpu: 200m,') + autoscaler(cpuOf(50)));
  lab.run('2m').load(60).run('2m');
  expect(lab.told).toBe('6 at 50%');
  expect(lab.events.filter((event) => event.includes('Rescale'))).toEqual([
    'Normal SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    'Normal SuccessfulRescale: New size: 6; reason: cpu resource utilization (percentage of request) above target',
  ]);
});

test('six that use half of what is wanted become three, after the five minutes of the highest recommendation', () => {
  const lab = new Lab(target('web', 6, 'cpu: 200m,') + autoscaler(cpuOf(50)));
  lab.load(60).run('7m');
  expect(lab.told).toBe('6 at 50%');
  lab.load(30).run('4m');
  expect(lab.told).toBe('6 at 25%');
  expect(lab.conditions[0]).toBe('AbleToScale True ScaleDownStabilized');
  lab.run('3m');
  expect(lab.told).toBe('3 at 50%');
  lab.load(15).run('7m');
  expect(lab.told).toBe('2 at 37%');
});

test('of pods that do not say what they ask for, no share can be told', () => {
  const lab = new Lab(target('web', 1, '') + autoscaler(cpuOf(50, 'maxReplicas: 3'))).run('90s');
  expect(lab.conditions).toEqual(['AbleToScale True SucceededGetScale', 'ScalingActive False FailedGetResourceMetric']);
  const missing = /failed to get cpu utilization: missing request for cpu in container app of Pod web-/;
  expect(lab.events.filter((event) => missing.test(event)).map((event) => event.split(':')[0])).toEqual([
    'Warning FailedGetResourceMetric',
    'Warning FailedComputeMetricsReplicas',
  ]);
});

test.each([
  ['apps/v1', 'Deployment', 'deployments/scale.apps "web" not found'],
  ['apps/v1', 'Nothing', 'no matches for kind "Nothing" in group "apps"'],
  ['v1', 'Pod', 'the server could not find the requested resource'],
  ['a/b/c', 'Deployment', 'unexpected GroupVersion string: a/b/c'],
])('a target that has no scale: %s %s', (apiVersion, kind, message) => {
  const lab = new Lab(autoscaler(`{ scaleTargetRef: { apiVersion: ${apiVersion}, kind: ${kind}, name: web }, maxReplicas: 3 }`)).run('20s');
  expect(lab.events).toEqual([`Warning FailedGetScale: ${message}`]);
  expect(lab.autoscaler.status.conditions?.[0]?.message).toBe(
    `the HPA controller was unable to get the target's current scale: ${message}`,
  );
});

test('two for the same pods do nothing but say so', () => {
  const lab = new Lab(target('web', 1, 'cpu: 200m,') + autoscaler(cpuOf(50)) + autoscaler(cpuOf(80), 'web-too')).run('1m');
  const said = 'pods by selector app=web are controlled by multiple HPAs: [{web default} {web-too default}]';
  expect(lab.events).toContain(`Warning AmbiguousSelector: ${said}`);
});

test('requests that reach pods, and numbers from outside, count as metrics', () => {
  const metrics = `[{ type: Pods, pods: { metric: { name: requests_per_second }, target: { type: AverageValue, averageValue: "10" } } },
    { type: External, external: { metric: { name: queue }, target: { type: AverageValue, averageValue: "30" } } }]`;
  const spec = `{ scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, maxReplicas: 20, metrics: ${metrics} }`;
  const lab = new Lab(target('web', 1, 'cpu: 200m,') + autoscaler(spec));
  lab.world.command({ type: 'measure', name: 'default/queue', value: 100 });
  lab.run('1m');
  expect(lab.autoscaler.status.currentReplicas).toBe(4);
  lab.load(70).run('2m');
  expect(lab.autoscaler.status.currentReplicas).toBe(7);
  expect(lab.autoscaler.status.currentMetrics).toEqual([
    { type: 'Pods', pods: { metric: { name: 'requests_per_second' }, current: { averageValue: '10' } } },
    { type: 'External', external: { metric: { name: 'queue' }, current: { averageValue: '14286m' } } },
  ]);
});

test('an autoscaler whose looks find nothing new is not looked at, and its history is the same', () => {
  const historyOf = (controller: AnyController): readonly [history: readonly string[], entries: number] => {
    const history: string[] = [];
    const lab = new Lab(target('web', 2, 'cpu: 200m,') + autoscaler(cpuOf(50)), [controller]);
    lab.world.store.onEveryChange(({ atMs, kind, key, type, object }) => {
      if (kind === 'HorizontalPodAutoscaler.autoscaling') history.push(`${atMs} ${type} ${key} ${JSON.stringify(object)}`);
      if (kind === 'Deployment.apps') history.push(`${atMs} ${JSON.stringify((object as unknown as { spec: object }).spec)}`);
    });
    lab.run('15m').load(60).run('21m').load(11).run('33m').load(0).run('1h');
    return [history, lab.world.timeline.processed];
  };
  const [quiet, few] = historyOf(horizontalPodAutoscalerController);
  const [ticked, many] = historyOf(tickingHorizontalPodAutoscalerController);
  expect(quiet).toEqual(ticked);
  expect(many - few).toBeGreaterThan(300);
});

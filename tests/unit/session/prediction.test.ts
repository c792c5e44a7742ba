// What a fork run ahead says of a failure: each consequence once, with its time, its pods and, of what stays broken, the reason.
import { beforeAll, expect, test } from 'vitest';
import type { Prediction } from '../../../src-main/contract/bridge.ts';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import type { Pod } from '../../../src-main/engine/kinds/core/pod.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { predict } from '../../../src-main/session/prediction.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

let cluster: Cluster;
let databaseNode = '';
let podsBefore = 0;

beforeAll(() => {
  cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(90_000);
  const pods = [...cluster.store.table('Pod').values()] as Pod[];
  podsBefore = pods.length;
  databaseNode = pods.find((pod) => pod.metadata.name.startsWith('database-'))?.spec.nodeName ?? '';
});

function run(failure: string, target: string, lab = cluster): Prediction {
  const steps = predict(lab, failure, [target]);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** `what first letters of the pods`: names end in chance. */
function check(failure: string, target: string, expected: readonly string[]): void {
  const said = run(failure, target).steps.map(({ what, values }) => {
    const pods = String(values['pods'] ?? values['pod'] ?? '').replace(/-[a-z0-9]+-[a-z0-9]+/g, '');
    const reason = String(values['reason'] ?? '').replace(/ ".*/, '');
    return [what, pods, reason].filter(Boolean).join(' | ');
  });
  expect(said).toEqual(expected);
}

test('a node with the database', () =>
  check('node-power-off', databaseNode, [
    'node-unknown',
    'endpoints-drop',
    'pods-deleted | database',
    'pods-replaced | database',
    'volume-stuck | database | Multi-Attach error for volume',
  ]));

test('a registry that nobody pulls from just now: nothing changes, and the lab itself has not moved', () => {
  const before = cluster.timeline.nowMs;
  check('registry-down', 'registry.k8s.io', ['nothing']);
  expect([cluster.timeline.nowMs, cluster.store.table('Pod').size]).toEqual([before, podsBefore]);
});

test('a zone: what the volume holds back finds no node elsewhere', () => {
  const zone = String(cluster.store.get('Node', databaseNode)?.metadata.labels?.['topology.kubernetes.io/zone']);
  const steps = run('zone-outage', zone).steps;
  const homeless = steps.find(({ what }) => what === 'pods-unscheduled');
  expect(homeless?.values['pods']).toMatch(/^database-/);
  expect(homeless?.values['reason']).toMatch(/^0\/10 nodes are available: .*node affinity/);
});

test('a replacement that a quota forbids is told, and a pod that keeps its name until its node says that it has gone', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  const containers = [{ name: 'c', image: 'nginx:1.27' }];
  const template = { metadata: { labels: { app: 'queue' } }, spec: { containers, terminationGracePeriodSeconds: 3600 } };
  const spec = { replicas: 1, selector: { matchLabels: { app: 'queue' } }, template };
  const object = (apiVersion: string, kind: string, name: string, rest: object): JsonObject =>
    ({ apiVersion, kind, metadata: { name, namespace: 'narrow' }, spec: rest }) as never;
  lab.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'narrow' } } });
  lab.command({ type: 'apply', object: object('apps/v1', 'Deployment', 'queue', spec) });
  lab.command({ type: 'apply', object: object('v1', 'ResourceQuota', 'one', { hard: { pods: '1' } }) });
  lab.advance(150_000);
  const nodeOf = (name: string): string =>
    ([...lab.store.table('Pod').values()] as Pod[]).find(({ metadata }) => metadata.name.startsWith(name))?.spec.nodeName ?? '';
  const told = (name: string): readonly (readonly unknown[])[] =>
    run('node-power-off', nodeOf(name), lab)
      .steps.filter(({ values }) => String(values['pods']).includes(name))
      .map(({ what, afterMs, values }) => [what, afterMs === 900_000, values['reason']]);
  expect(told('queue-')).toEqual([
    ['pods-deleted', false, undefined],
    ['pods-refused', true, 'exceeded quota: one, requested: pods=1, used: pods=1, limited: pods=1'],
  ]);
  lab.command({ type: 'apply', object: object('v1', 'ResourceQuota', 'one', { hard: { pods: '9' } }) });
  lab.command({ type: 'apply', object: object('apps/v1', 'StatefulSet', 'store', { ...spec, serviceName: 'store' }) });
  lab.advance(240_000);
  expect(told('store-')).toEqual([
    ['pods-deleted', false, undefined],
    ['pods-leaving', true, undefined],
  ]);
});

test('a pod that tolerates the loss for ever stays where it is', () => {
  const spec = { nodeName: databaseNode, tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'nginx:1.27' }] };
  cluster.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'patient', namespace: 'default' }, spec } });
  cluster.advance(cluster.timeline.nowMs + 30_000);
  const staying = run('node-power-off', databaseNode).steps.find(({ what }) => what === 'pods-stay');
  expect(staying?.values).toEqual({ count: 1, pods: 'patient' });
});

test('what runs by the clock anyway, on another node, replaces nothing, and what has ended well is not stuck', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  const node = ([...lab.store.table('Pod').values()] as Pod[]).find(({ metadata }) => metadata.name.startsWith('web-'))?.spec.nodeName;
  const template = {
    restartPolicy: 'Never',
    nodeSelector: { 'kubernetes.io/hostname': node === 'worker-9' ? 'worker-8' : 'worker-9' },
    containers: [{ name: 'tick', image: 'busybox:1.36', command: ['sh', '-c', 'exit 0'] }],
  };
  const object = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'shop' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: template } } } },
  };
  lab.command({ type: 'apply', object });
  const told = JSON.stringify(run('node-power-off', node ?? '', lab).steps);
  expect(told).toContain('pods-replaced');
  expect(told).not.toContain('tick-');
  expect(told).not.toContain('pods-stuck');
});

const cachePod = (): string => [...cluster.store.table('Pod').keys()].find((key) => key.startsWith('shop/cache-')) ?? '';

test('a container that crashes: its pod is not Ready for a moment, and comes back', () =>
  check('container-crash', `${cachePod()}/redis`, [
    'pods-unready | cache',
    'endpoints-drop',
    'pods-restart | cache',
    'pods-recover | cache',
  ]));

test('a container that answers no probe: its pod is not Ready at the end', () =>
  check('probe-failure', `${cachePod()}/redis`, ['pods-unready | cache', 'endpoints-drop', 'pods-stuck | cache']));

test('a pod of no Service that is lost for a moment is something, too', () =>
  check('container-crash', 'default/patient/c', ['pods-unready | patient', 'pods-restart | patient', 'pods-recover | patient']));

test('a pod that never starts again has failed, and its Job makes another one', () => {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx:1.27' }] } };
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'count', namespace: 'default' }, spec: { template } };
  cluster.command({ type: 'apply', object: job });
  cluster.advance(cluster.timeline.nowMs + 30_000);
  const pod = [...cluster.store.table('Pod').keys()].find((key) => key.startsWith('default/count-')) ?? '';
  const said = run('container-crash', `${pod}/c`).steps;
  expect(said.map(({ what }) => what)).toEqual(['pods-failed', 'pods-replaced', 'pods-ready-again']);
});

test('a node that was lost before is not lost once more', () => {
  cluster.command({ type: 'fail', failure: 'node-power-off', target: databaseNode });
  cluster.advance(cluster.timeline.nowMs + 90_000);
  const other = [...cluster.store.table('Node').keys()].find((name) => name.startsWith('worker-') && name !== databaseNode) ?? '';
  const lost = run('node-power-off', other).steps.find(({ what }) => what === 'node-unknown');
  expect(lost?.values).toMatchObject({ node: other, count: 1 });
});

test('what would have come without the failure, too, is none of its consequences', () => {
  const doomed = [...cluster.store.table('Pod').keys()].find((key) => key.startsWith('shop/cache-')) ?? '';
  cluster.command({ type: 'fail', failure: 'probe-failure', target: `${doomed}/redis` });
  check('registry-down', 'registry.k8s.io', ['nothing']);
});

test('what a failure holds up is told: it comes without the failure, and with it never', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  lab.command({ type: 'fail', failure: 'node-power-off', target: databaseNode });
  lab.advance(110_000);
  const { steps } = run('component-stop', 'kube-controller-manager', lab);
  expect(steps.map(({ what, isMissing }) => [what, isMissing])).toEqual([
    ['node-unknown', true],
    ['endpoints-drop', true],
    ['pods-deleted', true],
    ['pods-replaced', true],
  ]);
  const deleted = steps.find(({ what }) => what === 'pods-deleted');
  expect(deleted?.values['pods']).toMatch(/^database-/);
  expect(deleted?.otherwiseMs).toBeGreaterThan(320_000);
  expect(deleted?.otherwiseMs).toBeLessThan(340_000);
  expect(run('component-stop', 'kube-scheduler', lab).steps.map(({ what, values }) => [what, values['count']])).toEqual([
    ['pods-stuck', 1],
  ]);
  lab.advance(220_000);
  const held = run('component-stop', 'kube-controller-manager', lab).steps.map(({ what, isMissing = false }) => [what, isMissing]);
  expect(held).toEqual([
    ['pods-deleted', true],
    ['pods-replaced', true],
    ['pods-stay', false],
  ]);
});

test('of two lost nodes only what the second one does is its consequence', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  const pods = [...lab.store.table('Pod').values()] as Pod[];
  const nodes = [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))].filter((name) => name !== databaseNode);
  const [first = '', second = ''] = nodes.filter((name) => name.startsWith('worker-'));
  const on = (node: string): number => pods.filter(({ spec }) => spec.nodeName === node).length;
  lab.command({ type: 'fail', failure: 'node-power-off', target: first });
  lab.advance(110_000);
  const { steps } = run('node-power-off', second, lab);
  const counts = steps.map(({ what, values, otherwiseMs }) => [what, values['count'], otherwiseMs]);
  expect(counts).toEqual([
    ['node-unknown', 1, undefined],
    ['endpoints-drop', on(second), undefined],
    ['pods-deleted', on(second), undefined],
    ['pods-replaced', on(second), undefined],
    ['pods-ready-again', on(second), undefined],
  ]);
});

test('what comes sooner says when it would have come', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 30 };
  const spec = { containers: [{ name: 'c', image: 'nginx:1.27', readinessProbe }] };
  lab.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'rarely', namespace: 'default' }, spec } });
  lab.advance(150_000);
  lab.command({ type: 'fail', failure: 'probe-failure', target: 'default/rarely/c' });
  const { steps } = run('container-crash', 'default/rarely/c', lab);
  const unready = steps.find(({ what }) => what === 'pods-unready');
  expect(unready?.afterMs).toBeLessThan(2000);
  expect(unready?.otherwiseMs).toBeGreaterThan(15_000);
  expect(steps.find(({ what }) => what === 'pods-restart')?.otherwiseMs).toBeUndefined();
});

test('pods on their way that a failure stops do not become Ready', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(8_000);
  const { steps } = run('registry-down', 'docker.io', lab);
  const missing = steps.find(({ what }) => what === 'pods-ready');
  expect(missing?.isMissing).toBe(true);
  expect(steps.find(({ what }) => what === 'pods-stuck')?.values['count']).toBe(missing?.values['count']);
});

test('what runs by the clock comes no more without controllers; what has ended is cleared away untold; one lost pod has one replacement', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  lab.advance(90_000);
  const podOf = (script: string) => ({
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] }],
  });
  const object = (kind: string, name: string, spec: object) => ({
    apiVersion: 'batch/v1',
    kind,
    metadata: { name, namespace: 'shop' },
    spec,
  });
  const tick = { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: podOf('sleep 5') } } } };
  const work = { completions: 3, template: { spec: podOf('sleep 100') } };
  for (const one of [object('CronJob', 'tick', tick), object('Job', 'work', work)]) lab.command({ type: 'apply', object: one as never });
  lab.advance(190_000);
  const steps = run('component-stop', 'kube-controller-manager', lab).steps;
  expect(steps.map(({ what, isMissing }) => [what, isMissing])).toEqual([['pods-created', true]]);
  expect(Number(steps[0]?.values['count'])).toBeGreaterThan(15);
  const worker = ([...lab.store.table('Pod').values()] as Pod[]).find(
    ({ metadata, status }) => metadata.name.startsWith('work-') && status.phase === 'Running',
  );
  const replaced = run('node-power-off', worker?.spec.nodeName ?? '', lab).steps.find(({ what }) => what === 'pods-replaced');
  const own = ([...lab.store.table('Pod').values()] as Pod[]).filter(
    ({ spec, status, metadata }) =>
      spec.nodeName === worker?.spec.nodeName && status.phase === 'Running' && metadata.ownerReferences !== undefined,
  );
  expect(replaced?.values['count']).toBe(own.length);
});

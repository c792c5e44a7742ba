// What a person does to objects: what becomes of them, what takes it back, and that the log of commands replays it.
import { beforeEach, expect, test } from 'vitest';
import type { ObjectAction } from '../../../../src-main/contract/object-action.ts';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import type { Node } from '../../../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { parseManifest } from '../../../../src-main/persistence/manifest.ts';
import { actOn } from '../../../../src-main/session/actions/act-on.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

let cluster: Cluster;
beforeEach(() => {
  cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(90_000);
});

const node = (name: string): Node => cluster.store.get('Node', name) as Node;
const web = (): { spec: { replicas: number; template: { metadata: { annotations?: Record<string, string> } } } } =>
  cluster.store.get('Deployment.apps', 'shop/web') as never;

/** Does it, then what takes it back; `seen` is read before, after and at the end. */
function check(action: ObjectAction, kind: string, key: string, seen: () => unknown, expected: readonly unknown[]): void {
  const before = seen();
  const [done] = actOn(cluster, action, [{ kind, key }]);
  expect(done).toMatchObject({ refused: '', kind, key });
  const after = seen();
  const undone = done?.undo ? actOn(cluster, done.undo, [{ kind, key }]) : [];
  expect(undone.map(({ refused }) => refused)).toEqual(done?.undo ? [''] : []);
  expect([before, after, done?.undo ? seen() : 'cannot be undone']).toEqual(expected);
}

test('cordon and uncordon', () => {
  const cordoned = (): unknown => node('worker-1').spec.unschedulable ?? false;
  check({ do: 'cordon' }, 'Node', 'worker-1', cordoned, [false, true, false]);
  check({ do: 'uncordon' }, 'Node', 'worker-1', cordoned, [false, false, 'cannot be undone']);
});

test('taint: one of the same key and effect is replaced, and comes back', () => {
  const taints = (): unknown => (node('worker-1').spec.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`);
  check({ do: 'taint', key: 'gpu', value: 'a', effect: 'NoSchedule' }, 'Node', 'worker-1', taints, [[], ['gpu=a:NoSchedule'], []]);
  actOn(cluster, { do: 'taint', key: 'gpu', value: 'a', effect: 'NoSchedule' }, [{ kind: 'Node', key: 'worker-1' }]);
  check({ do: 'taint', key: 'gpu', value: 'b', effect: 'NoSchedule' }, 'Node', 'worker-1', taints, [
    ['gpu=a:NoSchedule'],
    ['gpu=b:NoSchedule'],
    ['gpu=a:NoSchedule'],
  ]);
  check({ do: 'untaint', key: 'gpu', effect: 'NoSchedule' }, 'Node', 'worker-1', taints, [['gpu=a:NoSchedule'], [], ['gpu=a:NoSchedule']]);
});

test('scale', () => check({ do: 'scale', replicas: 9 }, 'Deployment.apps', 'shop/web', () => web().spec.replicas, [6, 9, 6]));

test('restart: the template is stamped, and new pods roll out', () => {
  const stamp = (): unknown => web().spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] ?? '';
  check({ do: 'restart' }, 'Deployment.apps', 'shop/web', stamp, ['', '2025-06-02T08:01:30Z', 'cannot be undone']);
});

test('a rollout is paused, resumed and undone as kubectl does, and refused in its words', () => {
  const paused = (): unknown => (web().spec as { paused?: boolean }).paused ?? false;
  check({ do: 'suspend' }, 'Deployment.apps', 'shop/web', paused, [false, true, false]);
  const refused = (kind: string, key: string): unknown => actOn(cluster, { do: 'rollback' }, [{ kind, key }])[0]?.refused;
  expect(refused('Deployment.apps', 'shop/web')).toBe('no rollout history found for deployment "web"');
  actOn(cluster, { do: 'restart' }, [{ kind: 'Deployment.apps', key: 'shop/web' }]);
  cluster.advance(cluster.timeline.nowMs + 60_000);
  const stamp = (): unknown => web().spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] ?? '';
  actOn(cluster, { do: 'suspend' }, [{ kind: 'Deployment.apps', key: 'shop/web' }]);
  expect(refused('Deployment.apps', 'shop/web')).toContain(
    "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume",
  );
  actOn(cluster, { do: 'resume' }, [{ kind: 'Deployment.apps', key: 'shop/web' }]);
  expect([stamp(), refused('Deployment.apps', 'shop/web'), stamp()]).toEqual(['2025-06-02T08:01:30Z', '', '']);
  cluster.advance(cluster.timeline.nowMs + 60_000);
  expect([refused('Deployment.apps', 'shop/web'), stamp()]).toEqual(['', '2025-06-02T08:01:30Z']);
});

const made = (text: string): void => {
  for (const { object } of parseManifest('test', text).documents) cluster.command({ type: 'apply', object });
};

test('a StatefulSet goes back to the revision before', () => {
  const set = (image: string): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: app, image: "${image}" }] }`;
  const image = (): unknown =>
    (cluster.store.get('StatefulSet.apps', 'default/db') as { spec?: { template: Pod } }).spec?.template.spec.containers[0]?.image;
  const back = (): unknown => actOn(cluster, { do: 'rollback' }, [{ kind: 'StatefulSet.apps', key: 'default/db' }])[0]?.refused;
  made(set('nginx:1.26'));
  cluster.advance(cluster.timeline.nowMs + 60_000);
  expect(back()).toBe('no last revision to roll back to');
  made(set('nginx:1.27'));
  cluster.advance(cluster.timeline.nowMs + 60_000);
  expect([image(), back(), image()]).toEqual(['nginx:1.27', '', 'nginx:1.26']);
});

test('a CronJob is suspended, and run now: the Job is its own, and goes when that is taken back', () => {
  made(`
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    metadata: { labels: { team: data } }
    spec: { template: { spec: { restartPolicy: OnFailure, containers: [{ name: app, image: busybox, command: [sleep, "5"] }] } } }`);
  const suspended = (): unknown => (cluster.store.get('CronJob.batch', 'default/report') as { spec?: { suspend?: boolean } }).spec?.suspend;
  check({ do: 'suspend' }, 'CronJob.batch', 'default/report', suspended, [false, true, false]);
  const [run] = actOn(cluster, { do: 'trigger' }, [{ kind: 'CronJob.batch', key: 'default/report' }]);
  expect(run).toMatchObject({ kind: 'Job.batch', refused: '', undo: { do: 'delete' } });
  const { metadata } = cluster.store.get('Job.batch', run?.key ?? '') as Pod;
  expect(metadata.name).toMatch(/^report-manual-/);
  expect([
    metadata.labels?.['team'],
    metadata.annotations,
    metadata.ownerReferences?.map(({ kind, controller }) => [kind, controller]),
  ]).toEqual(['data', { 'cronjob.kubernetes.io/instantiate': 'manual' }, [['CronJob', true]]]);
  cluster.advance(cluster.timeline.nowMs + 30_000);
  expect((cluster.store.get('Job.batch', run?.key ?? '') as { status?: { succeeded?: number } }).status?.succeeded).toBe(1);
});

test('who is held by a budget is told by which, and by its numbers', () => {
  made(`
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: all-of-web, namespace: shop }
spec: { minAvailable: 6, selector: { matchLabels: { app: web } } }`);
  cluster.advance(cluster.timeline.nowMs + 10_000);
  const key = [...cluster.store.table('Pod').keys()].find((name) => name.startsWith('shop/web-')) ?? '';
  expect(actOn(cluster, { do: 'evict' }, [{ kind: 'Pod', key }])[0]).toMatchObject({
    code: 429,
    refused:
      "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget all-of-web needs 6 healthy pods and has 6 currently.",
  });
});

test('delete: a claim is made again without what the binder put into it', () => {
  const claim = (): unknown => {
    const found = cluster.store.get('PersistentVolumeClaim', 'default/spare') as { spec: { volumeName?: string } } | undefined;
    return found && (found.spec.volumeName ?? 'no volume');
  };
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'none' };
  const metadata = { name: 'spare', namespace: 'default' };
  cluster.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec } });
  const [done] = actOn(cluster, { do: 'delete', cascade: 'Background' }, [{ kind: 'PersistentVolumeClaim', key: 'default/spare' }]);
  cluster.advance(cluster.timeline.nowMs + 5000);
  expect(claim()).toBeUndefined();
  if (done?.undo) actOn(cluster, done.undo, [done]);
  expect(claim()).toBe('no volume');
});

test('delete: what has a controller is not made again by hand; refusals are told one by one', () => {
  const [pod] = [...(cluster.store.table('Pod').values() as Iterable<Pod>)].filter(({ metadata }) => metadata.name.startsWith('web-'));
  const key = `shop/${pod?.metadata.name ?? ''}`;
  const results = actOn(cluster, { do: 'delete', gracePeriodSeconds: 0, cascade: 'Background' }, [
    { kind: 'Pod', key },
    { kind: 'Pod', key: 'default/nobody' },
  ]);
  expect(results.map(({ refused, code, undo }) => ({ refused, code, undo }))).toEqual([
    { refused: '', code: 200, undo: null },
    { refused: 'There is no Pod "default/nobody" (any more).', code: 404, undo: null },
  ]);
  expect(cluster.store.get('Pod', key)).toBeUndefined();
  const [negative] = actOn(cluster, { do: 'scale', replicas: -1 }, [{ kind: 'Deployment.apps', key: 'shop/web' }]);
  expect(negative?.refused).toBe(
    'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
});

test('every action is in the log, and replays to the same world', () => {
  const begin = cluster.fork();
  const from = cluster.log().length;
  actOn(cluster, { do: 'cordon' }, [{ kind: 'Node', key: 'worker-2' }]);
  cluster.advance(cluster.timeline.nowMs + 3000);
  const pods = [...(cluster.store.table('Pod').values() as Iterable<Pod>)].filter(({ spec }) => spec.nodeName === 'worker-2');
  const keys = pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  actOn(cluster, { do: 'evict' }, keys.map((key) => ({ kind: 'Pod', key }))); // biome-ignore format: one line an act
  actOn(cluster, { do: 'scale', replicas: 2 }, [{ kind: 'Deployment.apps', key: 'shop/api' }]);
  cluster.advance(cluster.timeline.nowMs + 60_000);
  begin.redo(cluster.log().slice(from));
  begin.advance(cluster.timeline.nowMs);
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.map((key) => cluster.store.get('Pod', key))).toEqual(keys.map(() => undefined));
  expect(JSON.stringify(begin.save())).toBe(JSON.stringify(cluster.save()));
});

test('an eviction that two budgets stand against is refused, whatever its code says', () => {
  for (const name of ['one', 'two'])
    cluster.command({
      type: 'apply',
      object: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name, namespace: 'shop' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
      },
    });
  cluster.advance(cluster.timeline.nowMs + 5000);
  const [key = ''] = [...cluster.store.table('Pod').keys()].filter((name) => name.startsWith('shop/web-'));
  const [done] = actOn(cluster, { do: 'evict' }, [{ kind: 'Pod', key }]);
  expect(done).toMatchObject({ code: 500, refused: expect.stringMatching(/more than one PodDisruptionBudget/) });
  expect((cluster.store.get('Pod', key) as Pod).metadata.deletionTimestamp).toBeUndefined();
});

test('a pod is resized while it runs, in the words of the resize subresource, and gets back what it had', () => {
  const pod = (): Pod => [...cluster.store.table('Pod').values()].find(({ metadata }) => metadata.name.startsWith('web-')) as Pod;
  const { name, namespace } = pod().metadata;
  const cpu = (): unknown => pod().spec.containers[0]?.resources?.requests?.['cpu'];
  const containers = [{ name: 'nginx', requests: { cpu: '150m' }, limits: {} }];
  check({ do: 'resize', containers }, 'Pod', `${namespace}/${name}`, cpu, ['100m', '150m', '100m']);
  const wrong = [{ name: 'nginx', requests: {}, limits: { memory: '32Mi' } }];
  const [refused] = actOn(cluster, { do: 'resize', containers: wrong }, [{ kind: 'Pod', key: `${namespace}/${name}` }]);
  expect(refused?.refused).toContain('memory limits cannot be decreased unless resizePolicy is RestartContainer');
  const noAmount = [{ name: 'nginx', requests: { cpu: '99x' }, limits: {} }];
  const [unread] = actOn(cluster, { do: 'resize', containers: noAmount }, [{ kind: 'Pod', key: `${namespace}/${name}` }]);
  expect(unread).toMatchObject({ code: 422, refused: expect.stringContaining('quantities must match the regular expression') });
});

test('what is still on its way out is not made again: that is refused, and no word says that it was taken back', () => {
  made('{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: default}, spec: {containers: [{name: c, image: "nginx:1.27"}]}}');
  cluster.advance(cluster.timeline.nowMs + 30_000);
  const pod = [{ kind: 'Pod', key: 'default/bare' }];
  const [gone] = actOn(cluster, { do: 'delete', cascade: 'Background' }, pod);
  const again = (): unknown => (gone?.undo ? actOn(cluster, gone.undo, pod)[0]?.refused : 'cannot be undone');
  expect(again()).toContain('pods "bare" already exists');
  cluster.advance(cluster.timeline.nowMs + 60_000);
  expect(again()).toBe('');
  expect(again()).toBe('pods "bare" already exists');
});

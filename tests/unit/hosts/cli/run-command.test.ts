// `orrery run` as a person uses it: files in, tables or JSON out, exit codes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { type RunOptions, runCommand } from '../../../../src-main/hosts/cli/run/run-command.ts';
import { unpackSnapshot } from '../../../../src-main/session/snapshot-file.ts';

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx
          readinessProbe: { httpGet: { path: /, port: 80 } }
`;

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: nginx, imag: b }] }\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-run-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

interface Outcome {
  readonly code: number | string;
  readonly out: string;
  readonly complaints: string;
}

function run(text: string, options: RunOptions = {}): Outcome {
  const file = join(folder, 'input.yaml');
  writeFileSync(file, text);
  const lines: string[] = [];
  const complaints: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void complaints.push(line));
  const outcome = (code: number | string): Outcome => ({ code, out: lines.join('\n'), complaints: complaints.join('\n') });
  try {
    return outcome(runCommand([file], { nodes: '3', ...options }));
  } catch (error) {
    return outcome(`${(error as Error).name}: ${(error as Error).message.replaceAll(folder, '')}`);
  }
}

test('load comes at its time, and only to a Service that is there', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n';
  const saved = join(folder, 'world.orrery');
  expect(run(`${service}---${WEB}`, { for: '1m', load: ['web=20@30s'], snapshot: saved }).code).toBe(0);
  const { log, physics } = unpackSnapshot(readFileSync(saved));
  const startMs = log.find(({ command }) => command.type === 'apply')?.atMs ?? 0;
  expect(log.filter(({ command }) => command.type === 'load').map(({ atMs }) => atMs - startMs)).toEqual([30_000]);
  expect(physics.load).toEqual({ 'default/web': { requestsPerSecond: 20 } });
  expect(run(service, { load: ['shop/web=20@1s'] }).code).toBe('UsageError: --load shop/web=20@1s: services "web" not found');
  expect(run(service, { load: ['web'] }).code).toBe('UsageError: --load: "web" must be SERVICE=RATE@TIME, like shop/web=50@2m');
  expect(run(service, { load: ['web=x@1s'] }).code).toBe('UsageError: --load: requests a second must be a number from 0 on, not x');
});

interface Report {
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly events: number;
  readonly stateHash: string;
  readonly objects: readonly Readonly<Record<string, string | number | boolean>>[];
}

const json = ({ out }: Outcome): Report => JSON.parse(out) as Report;

test('a document with the objects as kubectl shows them', () => {
  const outcome = run(WEB, { json: true, for: '2m' });
  const report = json(outcome);
  expect([outcome.code, report.virtualSeconds, report.events > 0]).toEqual([0, 120, true]);
  const deployment = report.objects.find(({ kind }) => kind === 'Deployment');
  expect(deployment).toMatchObject({ namespace: 'default', name: 'web', ready: '3/3', upToDate: 3, available: 3, age: '2m' });
  const pods = report.objects.filter(({ kind }) => kind === 'Pod');
  expect(pods.map(({ ready, status, restarts }) => [ready, status, String(restarts)])).toEqual(Array(3).fill(['1/1', 'Running', '0']));
});

test('the same seed gives the same state, another seed another', () => {
  const hash = (seed: string): string => json(run(WEB, { json: true, for: '1m', seed })).stateHash;
  const [once, again, other] = [hash('5'), hash('5'), hash('6')];
  expect([once === again, once === other]).toEqual([true, false]);
});

test('it stops when the condition holds, and says 1 when it does not', () => {
  const early = json(run(WEB, { json: true, until: 'deployment/web=Available', for: '1h' }));
  expect(early.virtualSeconds).toBeGreaterThan(1);
  expect(early.virtualSeconds).toBeLessThan(120);
  expect(run(WEB, { until: 'ready' }).code).toBe(0);
  expect(run(WEB, { until: 'available' }).code).toBe(0);
  expect(run(POD, { until: 'available', for: '1m' }).code).toBe(1);
  expect(run(WEB, { until: 'deployment/web{.status.readyReplicas}=3' }).code).toBe(0);
  expect(run(WEB, { until: 'node/worker-1=Ready:Unknown', fail: ['node/worker-1@10s'] }).code).toBe(0);
  const never = run(WEB, { until: 'deployment/other', for: '30s' });
  expect([never.code, never.out.split('\n').at(-1)]).toEqual([1, 'The condition "deployment/other" did not come to hold.']);
});

const POD_TEMPLATE =
  'selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: a, image: nginx }] } }';
const STATEFUL = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { replicas: 3, serviceName: db, ${POD_TEMPLATE} }\n`;
const DAEMON = `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: db }\nspec: { ${POD_TEMPLATE} }\n`;
const job = (command: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: db }\nspec: { backoffLimit: 1, template: { spec: { restartPolicy: Never, containers: [{ name: a, image: busybox, command: [sh, -c, '${command}'] }] } } }\n`;

test.each<[string, string, string, string]>([
  [
    'stateful set, whose pods come one after the other',
    STATEFUL,
    'ready',
    'statefulsets:\nNAMESPACE   NAME   READY   AGE\ndefault     db     3/3',
  ],
  ['stateful set by its short name', STATEFUL, 'sts/db', 'db     3/3'],
  ['daemon set', DAEMON, 'daemonset/db', 'db     3         3         3'],
  ['job', job('sleep 20'), 'job/db', 'db     Complete   1/1'],
  ['kind with its group', WEB, 'deployments.apps/web', 'web    3/3'],
  ['field that has come to have a value', WEB, 'deployment/web{.status.readyReplicas}', 'web    1/3'],
])('the condition waits for the pods of a %s', (_what, text, until, expected) => {
  const { code, out } = run(text, { until });
  expect([code, out]).toEqual([0, expect.stringContaining(expected)]);
});

test('a pod that failed does not count once another has taken its place', () => {
  const failing = 'if [ -e /shared/tried ]; then sleep 60; else touch /shared/tried; exit 1; fi';
  expect(run(job('exit 1'), { until: 'ready', for: '5m' }).code).toBe(1);
  const volume =
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: shared }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n';
  const mounted = job(failing)
    .replace('image: busybox', 'image: busybox, volumeMounts: [{ name: v, mountPath: /shared }]')
    .replace('containers:', 'volumes: [{ name: v, persistentVolumeClaim: { claimName: shared } }], containers:');
  const outcome = run(`${volume}---\n${mounted}`, { json: true, until: 'ready', for: '5m' });
  const pods = json(outcome).objects.filter(({ kind }) => kind === 'Pod');
  expect([outcome.code, pods.map(({ status }) => status).sort()]).toEqual([0, ['Error', 'Running']]);
});

test('a node fails and comes back at the times that were asked for', () => {
  const status = (options: RunOptions): unknown =>
    json(run(WEB, { json: true, ...options })).objects.find(({ kind, name }) => kind === 'Node' && name === 'worker-2')?.['status'];
  expect(status({ fail: ['node/worker-2@1m'], for: '3m' })).toBe('NotReady');
  expect(status({ fail: ['node/worker-2@1m'], heal: ['node/worker-2@2m'], for: '4m' })).toBe('Ready');
});

test('it leaves a snapshot that goes on and the Events as lines', () => {
  const [snapshot, events] = [join(folder, 'end.orrery'), join(folder, 'events.jsonl')];
  run(WEB, { for: '1m', snapshot, events });
  const cluster = Cluster.restore(unpackSnapshot(readFileSync(snapshot)));
  cluster.advance(cluster.timeline.nowMs + 60_000);
  expect(cluster.store.table('Pod').size).toBe(3);
  const lines = readFileSync(events, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter(({ reason }) => reason === 'Scheduled')).toHaveLength(3);
});

test('a failure planned for later than the condition is said not to have happened', () =>
  expect(run(WEB, { until: 'available', fail: ['node/worker-1@10m'] })).toMatchObject({
    code: 0,
    complaints: 'Warning: the condition held before --fail node/worker-1@10m, which did not happen',
  }));

test('unknown fields are named with the object that has them', () =>
  expect(run(POD, { for: '1s' }).complaints).toBe('Warning: pod/default/a: unknown field "spec.containers[0].imag"'));

test('what is stored and not simulated is marked, in tables and in JSON', () => {
  const widget = 'apiVersion: example.org/v1\nkind: Widget\nmetadata: { name: w }\n';
  expect(run(widget, { for: '1s', until: 'widget/w' }).out).toMatch(
    /\nwidgets \(stored, not simulated\):\nNAMESPACE {3}NAME {3}AGE\ndefault {5}w {6}0s\n/,
  );
  const row = json(run(widget, { for: '1s', json: true })).objects.find(({ kind }) => kind === 'Widget');
  expect(row).toEqual({ kind: 'Widget', namespace: 'default', name: 'w', age: '1s', note: 'stored, not simulated' });
});

test('the latest warnings say what went wrong', () => {
  const { out } = run(POD.replace('nginx', 'nginx, envFrom: [{ secretRef: { name: missing } }]'), { for: '1m' });
  expect(out).toMatch(/latest warnings:\n.*\ndefault .* Warning +Failed +pod\/a +Error: secret "missing" not found/);
});

test.each<[string, string, RunOptions, string]>([
  ['a file that is no YAML', 'a: [1,\nb', {}, 'input.yaml:2:1'],
  [
    'an object that is refused',
    WEB.replace('name: web }', 'name: W_eb }'),
    {},
    'refused: Deployment.apps "W_eb" is invalid: metadata.name',
  ],
  ['nothing to apply', '# nothing\n', {}, 'there is no object in it'],
  ['too many zones', WEB, { zones: '9' }, '--zones: "9" must be a whole number from 1 to 3'],
  ['an unknown target', WEB, { fail: ['node/worker-9@1s'] }, 'node "worker-9" does not exist'],
  ['an unknown zone', WEB, { fail: ['zone/x@1s'] }, 'zone "x" does not exist; there are: zone-a, zone-b, zone-c'],
  ['an unknown container', WEB, { fail: ['probe/default/web/web@1s'] }, 'does not exist; write it as NAMESPACE/POD/CONTAINER'],
  ['a place that cannot be written', WEB, { snapshot: '/nowhere/at/all.orrery' }, 'cannot write /nowhere/at/all.orrery: there is no such'],
  ['a directory to write to', WEB, { events: tmpdir() }, 'it is a directory'],
  ['a failure after the end', WEB, { for: '1m', fail: ['node/worker-1@2m'] }, 'the run ends before that'],
  ['mending what is whole', WEB, { heal: ['node/worker-1@1s'] }, 'no such failure is in force'],
  ['an unknown kind', WEB, { until: 'unicorn/web' }, 'there is no kind "unicorn"'],
  ['a name of too many parts', WEB, { until: 'deployment/a/b/c' }, '"deployment/a/b/c" must be deployment/[NAMESPACE/]NAME'],
  ['a name without its end', WEB, { until: 'deployment/a/' }, '"deployment/a/" must be deployment/[NAMESPACE/]NAME'],
  ['a namespace of what has none', WEB, { until: 'node/default/worker-1' }, '"node/default/worker-1" must be node/NAME'],
  ['a kind of another group', WEB, { until: 'deployment.batch/web' }, 'there is no kind "deployment.batch"'],
  ['a file without a name', WEB, { events: '' }, 'cannot write a file without a name'],
  ['a condition that is none', WEB, { until: '???' }, 'is no condition'],
])('bad input: %s', (_name, text, options, expected) => {
  const { code, out } = run(text, options);
  expect(String(code)).toContain('UsageError');
  expect(String(code)).toContain(expected);
  expect(out).toBe('');
});

test('a file that is not there', () => {
  expect(() => runCommand([join(folder, 'missing.yaml')], {})).toThrow('cannot read');
  expect(existsSync(join(folder, 'missing.yaml'))).toBe(false);
});

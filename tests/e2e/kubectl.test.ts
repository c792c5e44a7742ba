// A person's own kubectl at the lab: the built command line serves, the real kubectl asks. Without a kubectl these tests say so and are skipped.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/browser-lab.ts';
import { KUBECTL, SPARING_KUBECTL, whyNoKubectl } from '../support/find-kubectl.ts';

const why = whyNoKubectl();
const isMissing = why !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'orrery-kubectl-'));
const kubeconfig = join(folder, 'config');

let lab: ChildProcess;
let ready: { apiServer: string; kubeconfig: string; ui: string };

beforeAll(async () => {
  if (isMissing) return;
  const arguments_ = ['serve', '--kubeconfig', kubeconfig, '--speed', '20', '--nodes', '2', '--zones', '2', '--scenario', 'empty'];
  lab = spawn(process.execPath, [join(ROOT, 'out/main/orrery.cjs'), ...arguments_], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(lab.stdout as NonNullable<typeof lab.stdout>, 'data')) as [Buffer];
  ready = JSON.parse(line.toString());
});
afterAll(() => {
  lab?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** What kubectl prints, and with which status it ends when that is not 0. */
function kubectl(line: string, input = '', more: Readonly<Record<string, string>> = {}): string {
  const env = { ...process.env, ...SPARING_KUBECTL, HOME: folder, NO_PROXY: '*', no_proxy: '*', ...more };
  const given = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'cache'), ...line.split(' ')];
  const { status, stdout, stderr } = spawnSync(KUBECTL, given, { encoding: 'utf8', env, input, timeout: 50_000 });
  return `${stdout}${stderr}`.trim() + (status === 0 ? '' : ` [${status}]`);
}

const deployment = (replicas: number, image = 'nginx:1.25'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: "${image}"}]
`;

describe.skipIf(isMissing)(isMissing ? `kubectl (skipped: ${why})` : 'kubectl', () => {
  test('finds the lab and its nodes', () => {
    expect(ready).toMatchObject({ apiServer: expect.stringMatching(/^https:\/\/127\.0\.0\.1:/), kubeconfig });
    expect(kubectl('get --raw /readyz')).toBe('ok');
    expect(kubectl('get nodes')).toMatch(/NAME +STATUS +ROLES +AGE +VERSION\ncontrol-plane +Ready +control-plane/);
    expect(kubectl('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin');
  });

  test('makes a namespace and a pod in it from one file', () => {
    const inNew =
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: fresh}\n';
    expect(kubectl('apply -f -', `${inNew}spec: {containers: [{name: app, image: nginx}]}\n`)).toBe(
      'namespace/fresh created\npod/one created',
    );
  });

  test('rolls an application out, scales it, changes it and takes it back', () => {
    expect(kubectl('apply -f -', deployment(2))).toBe('deployment.apps/web created');
    expect(kubectl('rollout status deployment/web --timeout=40s')).toContain('successfully rolled out');
    expect(kubectl('apply -f -', deployment(2))).toBe('deployment.apps/web unchanged');
    expect(kubectl('diff -f -', deployment(2))).toBe('');
    expect(kubectl('scale deployment/web --replicas=3')).toBe('deployment.apps/web scaled');
    expect(kubectl('set image deployment/web c=nginx:1.26')).toBe('deployment.apps/web image updated');
    expect(kubectl('rollout status deployment/web --timeout=40s')).toContain('successfully rolled out');
    expect(kubectl('rollout undo deployment/web')).toBe('deployment.apps/web rolled back');
    expect(kubectl('describe deployment web')).toMatch(/Image: +nginx:1.25[\s\S]*ScalingReplicaSet/);
  });

  test('ages are those of the lab, in tables and where kubectl counts itself', () => {
    const seconds = (text: string | undefined): number => {
      const [, minutes = '0', rest = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? '') ?? [];
      return Number(minutes) * 60 + Number(rest);
    };
    expect(kubectl('create configmap aged --from-literal=a=1')).toBe('configmap/aged created');
    const age = (): number => seconds(/aged +1 +(\S+)/.exec(kubectl('get configmap aged'))?.[1]);
    // Two runs of kubectl take a fraction of a second, which is many seconds of the lab.
    const first = age();
    expect(age()).toBeGreaterThan(first);
    expect(kubectl('describe deployment web')).not.toContain('<invalid>');
  });

  test('looks into containers', () => {
    const pod = `
apiVersion: v1
kind: Pod
metadata: {name: talker}
spec:
  containers: [{name: c, image: "busybox:1.36", command: [sh, -c, "echo started; sleep 3600"]}]
`;
    expect(kubectl('apply -f -', pod)).toBe('pod/talker created');
    expect(kubectl('wait --for=condition=Ready pod/talker --timeout=40s')).toContain('condition met');
    expect(kubectl('logs talker')).toBe('started');
    expect(kubectl('exec talker -- echo hello')).toBe('hello');
    expect(kubectl('exec -i talker -- cat', 'through')).toBe('through');
    expect(kubectl('exec talker -- false')).toBe('command terminated with exit code 1 [1]');
    // As kubectl before 1.30 does, and what kubectl falls back to.
    const spdy = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' };
    expect(kubectl('exec -i talker -- cat', 'through', spdy)).toBe('through');
    expect(kubectl('exec talker -- false', '', spdy)).toBe('command terminated with exit code 1 [1]');
  });

  test('copies bytes of any kind, modes and folders in and out', () => {
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    const bytes = Buffer.from(Array.from({ length: 1_100_000 }, (_, at) => (at * at) >> 3));
    mkdirSync(join(there, 'sub'), { recursive: true });
    writeFileSync(join(there, 'bytes'), bytes);
    writeFileSync(join(there, 'sub', 'größe.sh'), 'echo copied\n', { mode: 0o755 });
    expect(kubectl(`cp ${there} talker:/tmp/there`)).toBe('');
    expect(kubectl('exec talker -- stat -c %a:%s:%n /tmp/there/sub/größe.sh')).toBe('755:12:/tmp/there/sub/größe.sh');
    kubectl(`cp talker:/tmp/there ${back}`);
    expect(readFileSync(join(back, 'bytes')).equals(bytes)).toBe(true);
    expect(readFileSync(join(back, 'sub', 'größe.sh'), 'utf8')).toBe('echo copied\n');
  });

  test('asks a Service from inside a pod, and through the API server', () => {
    expect(kubectl('expose deployment web --port=80')).toBe('service/web exposed');
    expect(kubectl('rollout status deployment/web --timeout=40s')).toContain('successfully rolled out');
    expect(kubectl('exec talker -- wget -qO- http://web/hello')).toMatch(/^nginx in pod web-\S+ answers GET \/hello$/);
    expect(kubectl('exec talker -- wget -qO- http://nobody')).toContain("wget: bad address 'nobody'");
    expect(kubectl('exec talker -- env')).toContain('KUBERNETES_SERVICE_HOST=10.96.0.1');
    expect(kubectl('get --raw /api/v1/namespaces/default/services/web/proxy/x')).toMatch(/^nginx in pod web-\S+ answers GET \/x$/);
  });

  test('is told what is wrong as by a real server', () => {
    expect(kubectl('apply -f -', deployment(-1))).toContain('spec.replicas: Invalid value: -1: must be greater than or equal to 0');
    expect(kubectl('get nosuchthing')).toBe(`error: the server doesn't have a resource type "nosuchthing" [1]`);
    expect(kubectl('get pods --as=bob')).toContain('User "bob" cannot list resource "pods" in API group "" in the namespace "default"');
    expect(kubectl('explain deployment.spec.replicas')).toMatch(/KIND: +Deployment/);
  });

  test('applies on the server, and hears of conflicts', () => {
    expect(
      kubectl('apply --server-side --field-manager=one -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: "1"}'),
    ).toBe('configmap/m serverside-applied');
    expect(
      kubectl('apply --server-side --field-manager=two -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: "2"}'),
    ).toContain('conflict with "one": .data.a');
  });

  test('the lab ends when it is told to', async () => {
    lab.kill('SIGTERM');
    const [code] = (await once(lab, 'exit')) as [number];
    expect(code).toBe(0);
  });
});

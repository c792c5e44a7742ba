// The built command line in processes of its own: the same history twice, exit codes, a host that starts and stops. Needs out/ (npm run build).
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../support/browser-lab.ts';

const PROGRAM = join(ROOT, 'out/main/orrery.cjs');
const folder = mkdtempSync(join(tmpdir(), 'orrery-built-'));
afterAll(() => rmSync(folder, { recursive: true }));

const web = join(folder, 'web.yaml');
writeFileSync(
  web,
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
`,
);

function orrery(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', cwd: folder, timeout: 30_000 });
  return { status, stdout, stderr };
}

const check = (args: readonly string[], status: number, expected: RegExp): void => {
  const ran = orrery(...args);
  expect([ran.status, `${ran.stdout}${ran.stderr}`]).toEqual([status, expect.stringMatching(expected)]);
};

test('two processes live through the same history', () => {
  const story = ['run', web, '--json', '--seed', '7', '--for', '10m', '--fail', 'node/worker-2@1m', '--heal', 'node/worker-2@8m'];
  const [once, again] = [JSON.parse(orrery(...story).stdout), JSON.parse(orrery(...story).stdout)];
  expect(Object.keys(once)).toEqual(['virtualSeconds', 'wallSeconds', 'events', 'stateHash', 'objects']);
  expect({ ...again, wallSeconds: 0 }).toEqual({ ...once, wallSeconds: 0 });
});

test.each([
  ['the condition holds', ['run', web, '--until', 'available'], 0, /The condition "available" holds/],
  ['the time is over', ['run', web, '--for', '10s'], 0, /Simulated 10 s/],
  ['the condition does not hold', ['run', web, '--until', 'pod/web', '--for', '10s'], 1, /did not come to hold/],
  ['no file', ['run', 'missing.yaml'], 2, /orrery: cannot read missing\.yaml: there is no such file/],
  ['no such option', ['run', web, '--frob'], 2, /unknown option '--frob'/],
  ['no such command', ['frobnicate'], 2, /unknown command 'frobnicate'/],
  ['no such measurement', ['bench', '--only', 'nothing'], 2, /there is no measurement "nothing"/],
  ['no such cases', ['conformance', 'missing'], 2, /orrery: cannot read missing: there is no such file/],
] as const)('exit code: %s', (_name, args, status, expected) => check(args, status, expected));

test('a manifest may come from the standard input', () => {
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, 'run', '-', '--until', 'available'], {
    input: readFileSync(web),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('The condition "available" holds')]);
});

test.skipIf(!existsSync('/dev/zero'))('a device without an end is no manifest', () =>
  check(['run', '/dev/zero'], 2, /cannot read \/dev\/zero: it is larger than/),
);

test.skipIf(!existsSync('/dev/full'))('an output that cannot be written is said in a sentence', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'run', web], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  expect([status, stderr]).toEqual([2, 'orrery: cannot write the output: the disk is full\n']);
});

test('a kubeconfig that leads to other clusters is refused and left as it is', () => {
  const theirs = 'clusters: [{ name: work, cluster: { server: https://example.org } }]\n';
  writeFileSync(join(folder, 'config'), theirs);
  check(['serve', '--kubeconfig', 'config'], 2, /--kubeconfig: cannot write config: it leads to other clusters than the lab/);
  expect(readFileSync(join(folder, 'config'), 'utf8')).toBe(theirs);
  check(['serve', '--kubeconfig', folder], 2, /--kubeconfig: cannot write .*: it is a directory; name a file/);
});

test.each(['run', 'serve', 'conformance', 'bench'])('%s --help names the release', (command) =>
  check([command, '--help'], 0, /Kubernetes 1\.33[\s\S]*Exit codes:/),
);

test('a host says where it is in one line, refuses a second one on its port, and stops when asked', async () => {
  const host = spawn(process.execPath, [PROGRAM, 'serve', '--speed', '10'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => host.once('close', (code) => resolve(code)));
  let said = '';
  await new Promise<void>((resolve) => {
    host.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.endsWith('\n')) resolve();
    });
  });
  const { url, origin, token, pid } = JSON.parse(said) as Record<string, string | number>;
  expect([url, pid]).toEqual([`${origin}/#token=${token}`, host.pid]);
  expect(await fetch(String(origin)).then(({ status }) => status)).toBe(200);
  check(['serve', '--port', new URL(String(origin)).port], 2, /cannot listen on port \d+: another program uses it/);
  host.kill('SIGTERM');
  // Windows knows no signals: there the process is simply ended.
  expect([await ended, said.trim().split('\n').length]).toEqual([process.platform === 'win32' ? null : 0, 1]);
});

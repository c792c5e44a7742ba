// A kubectl's whole day at the lab: the 51 checks of kubectl-checks.sh against the built command line. Without a kubectl they say so and are skipped.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/browser-lab.ts';
import { KUBECTL, SPARING_KUBECTL, whyNoKubectl } from '../support/find-kubectl.ts';

const CHECKS = join(ROOT, 'tests/e2e/kubectl-checks.sh');
/** Lab seconds in a real one: a CronJob of every minute must run within the time that a check waits. */
const SPEED = '60';
/** A bound for what hangs, not a measure: all checks together take about half a minute. */
const ALL_MS = 600_000;

const why = whyNoKubectl();
const names = spawnSync('bash', [CHECKS, '--list'], { encoding: 'utf8' })
  .stdout.trim()
  .split('\n')
  .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
  .map((match) => ({ number: Number(match?.[1]), name: match?.[2] ?? '' }));

describe.skipIf(why !== undefined)(why === undefined ? "a kubectl's day" : `a kubectl's day (skipped: ${why})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-kubectl-checks-'));
  const kubeconfig = join(folder, 'config');
  const answers = new Map<number, string>();
  let lab: ChildProcess;
  let closing = '';

  beforeAll(async () => {
    const serve = [join(ROOT, 'out/main/orrery.cjs'), 'serve', '--kubeconfig', kubeconfig, '--speed', SPEED, '--nodes', '3'];
    lab = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(lab.stdout as NonNullable<typeof lab.stdout>, 'data');
    const env = { ...process.env, ...SPARING_KUBECTL, HOME: folder, KUBECTL, KUBECONFIG: kubeconfig, JOBS: '2', WAIT: '60', LIMIT: '120' };
    const checks = spawn('bash', [CHECKS], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    checks.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    await once(checks, 'close');
    const lines = text.trim().split('\n');
    closing = lines.at(-1) ?? '';
    for (const line of lines) {
      const [, verdict, number, rest] = /^(ok|not ok) (\d+) (.*)$/.exec(line) ?? [];
      if (verdict !== undefined) answers.set(Number(number), verdict === 'ok' ? 'ok' : `not ok: ${rest}`);
    }
  }, ALL_MS);

  afterAll(() => {
    lab?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(names)('$number $name', ({ number }) => {
    expect(answers.get(number)).toBe('ok');
  });

  test('all of them were run', () => {
    expect(names).toHaveLength(51);
    expect(closing).toBe('51 passed, 0 failed');
  });
});

// Debian's python3-kubernetes at the door. Where it is not installed these tests say so and are skipped.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { writeKubeconfig } from '../../../../src-main/hosts/http/kubeconfig.ts';
import { serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const SCRIPT = fileURLToPath(new URL('../../../support/python-client.py', import.meta.url));
/** Debian's own first: the one in the path may be another that knows none of Debian's packages. */
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import kubernetes'], { stdio: 'ignore' }).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), 'orrery-python-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(python === undefined)(python === undefined ? 'Python (skipped: python3-kubernetes is not installed)' : 'Python', async () => {
  const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), speed: 60 });
  const door = await serveApi(apiAccess(lab));
  try {
    writeKubeconfig(join(folder, 'config'), door.access);
    const env = { ...process.env, NO_PROXY: '*', no_proxy: '*' };
    const script = spawn(python ?? '', [SCRIPT, join(folder, 'config')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, complaints] = ['', ''];
    script.stdout.on('data', (part) => {
      output += part;
    });
    script.stderr.on('data', (part) => {
      complaints += part;
    });
    await once(script, 'close');
    expect(output, complaints).not.toBe('');
    expect(JSON.parse(output)).toEqual({
      nodes: ['control-plane', 'worker-1'],
      patched: { a: '1', b: '2' },
      refused: [409, 'AlreadyExists'],
      watched: [['ADDED', 'from-python']],
      log: 'spoken\n',
      exec: 'hello\n',
      replicas: 0,
      events: true,
      typed: ['typed', 0],
      forwarded: ['HTTP/1.1 200 OK', true, null],
      custom: { legs: 4 },
      dynamic: ['r'],
      token: 3,
      evicted: 'Status',
      may: true,
      version: 'v1.33.0',
    });
  } finally {
    await door.close();
    lab.close();
  }
});

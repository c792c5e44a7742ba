// The launcher as a user runs it, with dummy "Electron" executables. Needs out/ (npm run build).
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LAUNCH = fileURLToPath(new URL('../../out/main/launch.cjs', import.meta.url));
const posix = process.platform !== 'win32';

function fakeDist(script: string): string {
  const dist = mkdtempSync(join(tmpdir(), 'orrery-dist-'));
  const name = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
  mkdirSync(join(dist, name, '..'), { recursive: true });
  writeFileSync(join(dist, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dist, name), 0o755);
  return dist;
}

interface Ran {
  output: string;
  code: number | null;
}
/** Runs the launcher until it exits or prints a loopback address. */
function launch(env: Record<string, string>, args: string[] = []): Promise<Ran> {
  const child = spawn(process.execPath, [LAUNCH, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: tmpdir(),
      XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'orrery-state-')),
      ORRERY_BROWSER: 'none',
      ORRERY_IGNORE_SANDBOX: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const hear = (data: Buffer): void => {
    output += data.toString();
    if (output.includes('http://127.0.0.1:') && output.includes('#token=')) child.kill('SIGTERM');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.once('close', (code) => resolve({ output, code })));
}

describe.runIf(posix)('npm start', () => {
  let mirror: Server;
  let base = '';
  beforeAll(async () => {
    mirror = createServer((_request, _response) => undefined); // accepts and never answers
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    mirror.closeAllConnections();
    mirror.close();
  });

  test('uses an Electron that comes up', async () => {
    const dist = fakeDist(
      `exec "${process.execPath}" -e 'console.log("ELECTRON", process.argv.length); process.send({ type: "ready" }); process.disconnect()' "$@"`,
    );
    const { output, code } = await launch({ ELECTRON_OVERRIDE_DIST_PATH: dist });
    expect(output).toContain('ELECTRON');
    expect(output).not.toContain('127.0.0.1');
    expect(code).toBe(0);
  });

  test('falls back when Electron dies before its window', async () => {
    const { output } = await launch({
      ELECTRON_OVERRIDE_DIST_PATH: fakeDist('echo "error while loading shared libraries: libgtk-3.so.0" >&2; exit 127'),
    });
    expect(output).toContain('Electron ended before its window opened (exit 127)');
    expect(output).toContain('open this address in a browser: http://127.0.0.1:');
  });

  test('says what ELECTRON_OVERRIDE_DIST_PATH lacks', async () => {
    const { output } = await launch({ ELECTRON_OVERRIDE_DIST_PATH: tmpdir() });
    expect(output).toContain('ELECTRON_OVERRIDE_DIST_PATH has no');
    expect(output).toContain('open this address in a browser');
  });

  test('gives up on a silent mirror after the probe, not after five minutes', async () => {
    // That it does not wait for five minutes is what the time limit of this test says.
    const { output } = await launch({ ELECTRON_MIRROR: base });
    expect(output).toContain('Electron cannot be downloaded from 127.0.0.1');
  }, 60_000);

  test('--electron fails instead of falling back; --browser never looks for Electron', async () => {
    expect((await launch({ ORRERY_NO_DOWNLOAD: '1' }, ['--electron'])).code).toBe(1);
    const { output } = await launch({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, ['--browser']);
    expect(output).not.toContain('ELECTRON_OVERRIDE');
    expect(output).toContain('open this address');
  });

  test('a port that is taken is said in one line, and nothing is left on disk; without it two labs run side by side', async () => {
    const state = mkdtempSync(join(tmpdir(), 'orrery-state-'));
    const taken = String((mirror.address() as AddressInfo).port);
    const { output, code } = await launch({ XDG_STATE_HOME: state }, ['--browser', '--port', taken]);
    expect([code, output.split('\n')[0]]).toEqual([
      2,
      expect.stringMatching(new RegExp(`^orrery: cannot listen on port ${taken}: .*EADDRINUSE`)),
    ]);
    const both = await Promise.all([launch({ XDG_STATE_HOME: state }, ['--browser']), launch({ XDG_STATE_HOME: state }, ['--browser'])]);
    for (const ran of both)
      expect([ran.code, ran.output]).toEqual([0, expect.stringMatching(/^orrery: open this address in a browser: http:\S+\n$/)]);
    expect(new Set(both.map(({ output: said }) => said)).size).toBe(2);
    expect(readdirSync(state, { recursive: true }).filter((name) => String(name).includes('lab-'))).toEqual([]);
  });

  test('what follows -- goes to Electron', async () => {
    const dist = fakeDist(`echo "ARGUMENTS $1"; exec "${process.execPath}" -e 'process.send({ type: "ready" }); process.disconnect()'`);
    const { output } = await launch({ ELECTRON_OVERRIDE_DIST_PATH: dist }, ['--electron', '--', '--ozone-platform=x11']);
    expect(output).toContain('ARGUMENTS --ozone-platform=x11');
  });

  test.each([
    [['--help'], 0, 'Kubernetes 1.33'],
    [['--nonsense'], 2, "Unknown option '--nonsense'"],
    [['--browser', '--electron'], 2, 'choose --browser or --electron, not both'],
    [['--port', 'x'], 2, '--port must be a number from 0 to 65535'],
  ])('%s', async (args, code, text) => {
    const ran = await launch({}, args);
    expect(ran.code).toBe(code);
    expect(ran.output).toContain(text);
  });
});

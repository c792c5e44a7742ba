/**
 * `npm run --silent orrery -- ...`: runs the built command line, building it first when the sources are newer.
 * Plain JavaScript, because it must run before anything is built; it prints nothing of its own, so that output can be piped.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SOURCES = ['src-main', 'src-renderer', 'assets', 'electron.config.ts', 'package.json'];
const LOCK = join(ROOT, 'out/.building');
const LOCK_MS_MAX = 120_000;

const builtMs = () => statSync(join(ROOT, 'out/built'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Directories count too: their time changes when a file is added or removed. */
function isNewer(path, sinceMs) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.mtimeMs > sinceMs) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), sinceMs));
}

const isStale = () => SOURCES.some((name) => isNewer(join(ROOT, name), builtMs()));

/** Two commands started together must not build into the same directory at once. */
function withLock(work) {
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  for (const startMs = Date.now(); ; ) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const heldMs = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (heldMs > LOCK_MS_MAX || Date.now() - startMs > 2 * LOCK_MS_MAX) rmSync(LOCK, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function build() {
  const vite = join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '-c', 'electron.config.ts', '--logLevel', 'warn'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\norrery: the build failed; what it needs is installed by: npm install\n`);
  process.exit(1);
}

if (isStale()) withLock(() => isStale() && build());
process.argv[1] = join(ROOT, 'out/main/orrery.cjs');
Module.runMain();

/**
 * `npm run dev`: Vite serves the renderer with hot reload; a change in src-main rebuilds it and restarts the host.
 * Plain JavaScript, because it runs before anything is built.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBuilder, createServer } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const configFile = at('../../../electron.config.ts');
const server = await createServer({ configFile, mode: 'development' });
await server.listen();
const url = `http://127.0.0.1:${server.config.server.port}/`;
const token = randomBytes(32).toString('base64url');

async function build() {
  const builder = await createBuilder({ configFile, mode: 'development', logLevel: 'warn' });
  for (const name of ['main', 'preload']) await builder.build(builder.environments[name]);
}

let host;
let opened = false;
function start() {
  const env = {
    ...process.env,
    ORRERY_DEV_URL: url,
    ORRERY_DEV_TOKEN: token,
    ORRERY_PORT: '5174',
    ORRERY_DEV_REOPEN: opened ? 'no' : 'yes',
  };
  const child = spawn(process.execPath, [...process.execArgv, at('../../../out/main/launch.cjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  });
  opened = true;
  host = child;
  child.once('exit', (code) => {
    if (host === child) void server.close().then(() => process.exit(code ?? 0)); // the window was closed
  });
}

async function restart() {
  const old = host;
  host = undefined;
  const gone = new Promise((resolve) => (old.exitCode === null ? old.once('exit', resolve) : resolve()));
  old.kill('SIGTERM');
  await gone;
  start();
}

await build();
start();
console.log(`dev: renderer on ${url}, main process restarts on change`);

let timer;
let busy = Promise.resolve();
watch(at('../..'), { recursive: true }, (_event, file) => {
  if (!file?.endsWith('.ts')) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    busy = busy
      .then(build)
      .then(restart)
      .catch((error) => console.error(error));
  }, 120);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    const old = host;
    host = undefined;
    old?.kill('SIGTERM');
    void server.close().then(() => process.exit(0));
  });
}

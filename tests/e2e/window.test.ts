// `npm start` as a user sees it: the built launcher, a real browser window on a real (virtual) X display, a picture of the screen.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chromiumPath, ROOT, sharedBrowser } from '../support/browser-lab.ts';

const tools = ['/usr/bin/Xvfb', '/usr/bin/import'];
const missing = tools.filter((path) => !existsSync(path));
const children: ChildProcess[] = [];
const profiles: string[] = [];
afterAll(() => {
  for (const child of children) child.kill();
  for (const pid of profiles.map(windowProcess)) if (pid) process.kill(pid); // only after a failure: the test closes its window
});

/** Starts Xvfb on a free display: -displayfd lets the server choose and tell. */
async function display(): Promise<string> {
  const server = spawn('/usr/bin/Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  children.push(server);
  const number = await new Promise<string>((resolve) => server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim())));
  return `:${number}`;
}

test('npm start opens a window and ends when it is closed', async ({ skip }) => {
  if (missing.length > 0) {
    console.warn(`SKIPPED: the window on a virtual display (no ${missing.join(', ')})`);
    return skip();
  }
  const DISPLAY = await display();
  const work = mkdtempSync(join(tmpdir(), 'orrery-window-'));
  profiles.push(work);
  const launcher = spawn(process.execPath, [join(ROOT, 'out/main/launch.cjs'), '--browser'], {
    env: { ...process.env, DISPLAY, XDG_CACHE_HOME: work, XDG_STATE_HOME: work, ORRERY_BROWSER: chromiumPath() },
    stdio: 'ignore',
  });
  children.push(launcher);
  const ended = new Promise<number | null>((resolve) => launcher.once('exit', resolve));

  const page = await (await sharedBrowser()).newPage();
  const picture = join(work, 'screen.png');
  /** How much of the screen is not the empty display's black, and how many colours there are. */
  const look = async (): Promise<{ covered: number; colours: number }> => {
    spawnSync('/usr/bin/import', ['-silent', '-window', 'root', picture], { env: { ...process.env, DISPLAY } });
    if (!existsSync(picture)) return { covered: 0, colours: 0 };
    return page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
      const black = 0xff000000;
      return { covered: pixels.filter((pixel) => pixel !== black).length / pixels.length, colours: new Set(pixels).size };
    }, readFileSync(picture).toString('base64'));
  };
  await expect.poll(async () => (await look()).covered, { timeout: 20_000, interval: 500 }).toBeGreaterThan(0.6); // 1280x800 of 1400x900 is 0.81
  await expect.poll(async () => (await look()).colours, { timeout: 10_000, interval: 500 }).toBeGreaterThan(12); // text and shapes, not a blank sheet
  await page.close();

  // The user closes the window: the browser with our profile goes, the WebSocket closes, the launcher follows.
  const pid = windowProcess(work);
  if (!pid) throw new Error('the launcher started no browser');
  process.kill(pid);
  expect(await ended).toBe(0);
});

/** The oldest process of the browser that the launcher started, or 0: only ours names this profile. */
function windowProcess(work: string): number {
  return Number(spawnSync('pgrep', ['-o', '-f', `user-data-dir=${work}/orrery/browser`], { encoding: 'utf8' }).stdout.trim());
}

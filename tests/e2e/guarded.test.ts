// The browser host against its neighbours: other machines, other pages of the same browser, and a page without the token.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserLab, openLab, sharedBrowser } from '../support/browser-lab.ts';
import { LabWire } from '../support/lab-wire.ts';

let lab: BrowserLab;
let port = 0;
beforeAll(async () => {
  lab = await openLab();
  port = Number(new URL(lab.url).port);
});
afterAll(async () => {
  await lab?.close();
});

const answers = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

test('it answers on 127.0.0.1 and on no other address of this machine', async () => {
  expect(await answers('127.0.0.1')).toBe(true);
  const others = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address, scopeid }) => ({ address, scopeid })));
  // Nobody answers there on macOS, not even with a refusal.
  const loopback = process.platform === 'darwin' ? [] : [{ address: '127.0.0.2', scopeid: 0 }];
  for (const { address, scopeid } of [...others, ...loopback]) {
    if (address === '127.0.0.1' || scopeid) continue; // a link-local address needs its interface to be dialled
    expect([address, await answers(address)]).toEqual([address, false]);
  }
});

test('a page that somebody opens without the token gets the files and no lab', async () => {
  const page = await (await sharedBrowser()).newPage();
  await page.goto(new URL(lab.url).origin);
  await page.getByText('The connection to the lab was lost').waitFor();
  expect(await page.getByRole('treeitem').count()).toBeLessThanOrEqual(1);
  await page.close();
  await expect(LabWire.connect(lab.url.replace(/token=.*/, `token=${'A'.repeat(43)}`))).rejects.toThrow('403');
});

test('a page of another origin can neither read the files nor join, even when it has learned the token', async () => {
  const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>other</title>'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const page = await (await sharedBrowser()).newPage();
  await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  const { origin, host, hash } = new URL(lab.url);
  const seen = await page.evaluate(
    async ([base, authority, token]) => {
      const fetched = await fetch(`${base}/`).then(
        ({ type, status }) => `${type} ${status}`,
        () => 'refused',
      );
      const joined = await new Promise((resolve) => {
        const socket = new WebSocket(`ws://${authority}/lab`, [`token.${token}`]);
        socket.addEventListener('open', () => resolve('joined'));
        socket.addEventListener('error', () => resolve('refused'));
      });
      const framed = await new Promise((resolve) => {
        const frame = Object.assign(document.createElement('iframe'), { src: `${base}/` });
        frame.addEventListener('load', () => {
          try {
            resolve(frame.contentDocument === null ? 'closed' : 'open');
          } catch {
            resolve('closed');
          }
        });
        document.body.append(frame);
      });
      return [fetched, joined, framed];
    },
    [origin, host, hash.slice('#token='.length)] as const,
  );
  expect(seen).toEqual(['refused', 'refused', 'closed']);
  expect(await page.frames()[1]?.locator('#app').count()).toBe(0);
  await page.close();
  other.close();
});

test('the token leaves the address bar, a reload keeps the lab, and the policy names no inline script', async () => {
  expect(await lab.page.evaluate(() => location.hash)).toBe('');
  const answer = await lab.page.reload();
  await lab.page.getByRole('treeitem', { name: /^Node control-plane,/ }).waitFor();
  const policy = Object.fromEntries(
    (answer?.headers()['content-security-policy'] ?? '').split('; ').map((part) => part.split(/ (.*)/s).slice(0, 2)),
  );
  expect(policy).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'frame-ancestors': "'none'",
    'form-action': "'none'",
  });
  expect(policy['connect-src']).toBe(`'self' ws://${new URL(lab.url).host}`);
  expect(lab.troubles).toEqual([]);
});

// A lab outlives its program: exported to a file and opened again, or taken up where a crash left it; and no file can harm a running one.
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SNAPSHOT_VERSION } from '../../src-main/persistence/snapshot.ts';
import { TABLE_NAMES } from '../../src-main/session/projection/table-set.ts';
import { listenForTroubles, sharedBrowser } from '../support/browser-lab.ts';
import { LabWire } from '../support/lab-wire.ts';
import { dropFiles } from './drop-files.ts';
import { launchLab } from './launched-lab.ts';
import { beginReady, openPausedLab, stopwatch } from './paused-lab.ts';

const picture = (wire: LabWire): unknown =>
  TABLE_NAMES.map((name) => [name, [...wire.rows(name)].sort((one, other) => (one.id < other.id ? -1 : 1))]);
const isLost = (wire: LabWire): boolean => wire.rows('nodes').some(({ ready }) => ready === 'Unknown');
async function goOn(wire: LabWire): Promise<string> {
  for (let jumps = 0; jumps < 12; jumps += 1) await wire.act('clock.next', {});
  return wire.worldDigest();
}

test('exported in the middle of a failure, the lab is closed; opened in another process it is at the same instant and goes on the same way', async () => {
  const first = await openPausedLab();
  await beginReady(first);
  await first.wire.act('failure.apply', { failure: 'node-power-off', target: 'worker-5' });
  await first.wire.until(isLost);
  const saving = first.page.waitForEvent('download');
  await first.page.getByRole('button', { name: 'Export' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/^web-shop-\d+s\.orrery$/);
  const path = join(mkdtempSync(join(tmpdir(), 'orrery-export-')), download.suggestedFilename());
  await download.saveAs(path);
  const { clock } = first.wire;
  const [digest, seen] = [await first.wire.worldDigest(), picture(first.wire)];
  const future = await goOn(first.wire);
  expect(future).not.toBe(digest);
  expect(first.troubles).toEqual([]);
  await first.close();

  const second = await openPausedLab();
  const choosing = second.page.waitForEvent('filechooser');
  await second.page.getByTestId('open').click();
  await (await choosing).setFiles(path);
  await second.page.getByTestId('notice').getByText(`Opened ${download.suggestedFilename()}.`).waitFor();
  await second.page
    .getByTestId('elapsed')
    .and(second.page.getByText(stopwatch(clock.nowMs)))
    .waitFor();
  await second.wire.sees((now) => now.clock.nowMs === clock.nowMs && now.rows('failures').length === 1);
  expect([second.wire.clock.unixMs, second.wire.clock.playing]).toEqual([clock.unixMs, false]);
  expect(picture(second.wire)).toEqual(seen);
  expect(await second.wire.worldDigest()).toBe(digest);
  await second.page.getByTestId('lying-worker-5').waitFor();
  expect(await goOn(second.wire)).toBe(future);
  expect(second.troubles).toEqual([]);
  await second.close();
});

/** The snapshot with another body, whose length and checksum are right. */
function forged(snapshot: Uint8Array, change: (body: string) => string, header: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const text = gunzipSync(snapshot).toString('utf8');
  const end = text.indexOf('\n');
  const body = change(text.slice(end + 1));
  const bodyDigest = createHash('sha256').update(body).digest('hex');
  return gzipSync(
    `${JSON.stringify({ ...JSON.parse(text.slice(0, end)), bodyLength: Buffer.byteLength(body), bodyDigest, ...header })}\n${body}`,
  );
}

test('a file that is no snapshot, or a bad one, is refused with a reason, and the running lab stays as it is', async () => {
  const { page, wire, troubles, close, ...lab } = await openPausedLab();
  await beginReady({ page, wire, troubles, close, ...lab });
  const good = Buffer.from((await wire.request('snapshot.export', {})).base64, 'base64');
  const same = (body: string): string => body;
  const files: readonly (readonly [name: string, bytes: Uint8Array | string, said: RegExp])[] = [
    ['words', 'This is my shopping list.', /not an Orrery snapshot/],
    ['empty', '', /not an Orrery snapshot/],
    ['foreign gzip', gzipSync('{"hello": "world"}'), /not an Orrery snapshot/],
    ['cut short', good.subarray(0, good.length >> 1), /incomplete or damaged/],
    [
      'newer',
      forged(good, same, { version: 99 }),
      new RegExp(`has version 99; this Orrery reads up to version ${SNAPSHOT_VERSION}. Open it with a newer Orrery`),
    ],
    ['edited by hand', forged(good, same, { bodyDigest: '0'.repeat(64) }), /was changed after it was saved/],
    ['wrong length', forged(good, same, { bodyLength: 5 }), /incomplete/],
    ['no body', forged(good, () => '{}'), /damaged/],
    ['not JSON', forged(good, (body) => body.slice(0, -2)), /not JSON/],
    ['__proto__', forged(good, (body) => body.replace('{', '{"__proto__":{"polluted":1},')), /__proto__/],
    ['absurd time', forged(good, (body) => body.replace(/("timeline"(?::|\],)\{[^{]*"nowMs":)\d+/, '$11e300')), /snapshot/],
    ['absurd revision', forged(good, (body) => body.replace(/("store"(?::|\],)\{[^{]*"revision":)\d+/, '$1-5')), /snapshot/],
    ['bomb', gzipSync(Buffer.alloc(32 * 1024 * 1024, 32)), /far larger than any snapshot/],
  ];
  const before = await wire.worldDigest();
  for (const [name, bytes, said] of files) {
    await dropFiles(page, { [`${name}.orrery`]: bytes });
    const notice = page.getByTestId('notice');
    await notice.waitFor();
    expect([name, (await notice.innerText()).trim()]).toEqual([name, expect.stringMatching(said)]);
    expect([name, await wire.worldDigest()]).toEqual([name, before]);
    await notice.getByRole('button', { name: 'Close' }).click();
    await notice.waitFor({ state: 'detached' });
  }
  await dropFiles(page, { 'one.orrery': good, 'two.orrery': good });
  await page.getByText('Open one snapshot by itself; manifests can come together.').waitFor();
  expect(troubles).toEqual([]);
  // It is alive, and the good file still opens.
  const { nowMs } = wire.clock;
  await wire.act('clock.step', {});
  await wire.until((now) => now.clock.nowMs > nowMs, 'clock.step');
  await dropFiles(page, { 'good.orrery': good });
  await wire.sees((now) => now.clock.nowMs === nowMs);
  expect(await wire.worldDigest()).toBe(before);
  await close();
});

test('a lab whose process is killed goes on at the next start; one that ended properly does not', async () => {
  const state = mkdtempSync(join(tmpdir(), 'orrery-state-'));
  const first = await launchLab(state);
  const page = await (await sharedBrowser()).newPage();
  const troubles = listenForTroubles(page);
  await page.goto(first.url);
  const wire = await LabWire.connect(first.url);
  await wire.act('clock.pause', {});
  await wire.act('failure.apply', { failure: 'node-power-off', target: 'worker-5' });
  await page.getByTestId('lying-worker-5').waitFor();
  const { nowMs } = wire.clock;
  const seen = picture(wire);
  expect(troubles).toEqual([]);
  expect((await first.end('SIGKILL')).signal).toBe('SIGKILL');
  await page.getByRole('alert').getByText('Start Orrery again: it goes on where the lab was.').waitFor();
  wire.close();
  // The browser may ask for the picture of the tab while the lab is killed (reset, or an empty answer) or after it (refused).
  expect(troubles.filter((trouble) => !/net::ERR_(CONNECTION_RESET|CONNECTION_REFUSED|EMPTY_RESPONSE)$/.test(trouble))).toEqual([]);

  const second = await launchLab(state);
  expect(second.said()).toContain('the last lab did not end properly: going on where it was');
  await page.goto(second.url);
  const again = await LabWire.connect(second.url);
  expect([again.clock.nowMs, again.clock.playing]).toEqual([nowMs, false]);
  expect(picture(again)).toEqual(seen);
  await page.getByTestId('lying-worker-5').waitFor();
  again.close();
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
  await page.getByRole('alert').getByText('The lab has ended').waitFor();

  const third = await launchLab(state);
  expect(third.said()).not.toContain('did not end properly');
  const fresh = await LabWire.connect(third.url);
  expect(fresh.rows('failures')).toEqual([]);
  fresh.close();
  expect(await third.end('SIGINT')).toEqual({ code: 0, signal: null });
  await page.close();
});

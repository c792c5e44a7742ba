// The story of the README in four pictures: two silent nodes, the volume that a dead node holds on to, why the new database waits, and how it came to that.
// They are taken from the running program in each run, into out/pictures, and show the same as the README's; `npm run pictures` takes those anew.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/browser-lab.ts';
import type { LabWire } from '../support/lab-wire.ts';
import { HOW, inSight, keepPicture, keptPicture, type Picture, sizeOf } from '../support/readme-pictures.ts';
import { begin, clickPod, type PausedLab, podOf, shopIsReady, stopwatch, useLab } from './paused-lab.ts';

const SIZE = { width: 1360, height: 820 } as const;
const BYTES_MAX = 300_000;
const TAKEN = join(ROOT, 'out/pictures');
const isKept = process.env['ORRERY_PICTURES'] === 'keep';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab(
  (opened) => {
    lab = opened;
    ({ page, wire } = opened);
  },
  { ...SIZE, colorScheme: 'dark' },
);
beforeAll(() => void mkdirSync(TAKEN, { recursive: true }));

/** What is written on the page, and what the lab tells of what is painted in it. */
async function wordsOf(): Promise<string> {
  const painted = [
    ...wire
      .rows('nodes')
      .map(({ name, status, powered, linkCut }) => `node ${name}: ${status}${powered ? '' : ', off'}${linkCut ? ', cut off' : ''}`),
    ...wire.rows('pods').map(({ name, node, look, status }) => `pod ${name} on ${node}: ${look}, ${status}`),
    ...wire.rows('attachments').map(({ volume, node, state, stuck }) => `volume ${volume} on ${node}: ${state}${stuck ? ', stuck' : ''}`),
    ...wire
      .rows('countdowns')
      .map(
        ({ name, subjectKind, subjectKey, dueMs }) =>
          `${name} of ${subjectKind} ${subjectKey}: ${Math.ceil((dueMs - wire.clock.nowMs) / 1000)} s`,
      ),
  ];
  return [inSight(await page.locator('body').ariaSnapshot()), '- painted:', ...painted.toSorted().map((line) => `  - ${line}`)].join('\n');
}

/** Frames that are on their way to the page come first: it is looked at until it shows what is expected, or always the same. */
async function settledWords(expected: string | undefined): Promise<string> {
  let words = '';
  let looks = 0;
  await expect
    .poll(async () => {
      const now = await wordsOf();
      looks = now === words ? looks + 1 : 0;
      words = now;
      return words === expected || looks >= (isKept ? 20 : 60);
    })
    .toBe(true);
  return words;
}

async function take(name: string): Promise<Picture> {
  await page
    .getByTestId('elapsed')
    .and(page.getByText(stopwatch(wire.clock.nowMs)))
    .waitFor();
  const words = await settledWords(isKept ? undefined : keptPicture(name).words);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const png = await page.screenshot({ path: join(TAKEN, `${name}.png`), animations: 'disabled' });
  expect(png.length).toBeLessThan(BYTES_MAX);
  return { name, png, words };
}

/** Every step of time is one of the queue's, so that each run comes to the same instants. */
async function twoSilentNodes(): Promise<void> {
  await wire.until(shopIsReady);
  await wire.act('failure.apply', { failure: 'node-power-off', target: podOf(wire, 'database').node });
  await wire.until(
    (now) => now.rows('countdowns').some(({ name, subjectKind }) => name === 'toleration' && subjectKind === 'Node'),
    'clock.step',
  );
  await wire.act('failure.apply', { failure: 'node-network-cut', target: 'worker-8' });
  const laterMs = wire.clock.nowMs + 1000;
  await wire.until(({ clock }) => clock.nowMs >= laterMs, 'clock.step');
}

async function whyTheNewOneWaits(oldPod: string): Promise<void> {
  await page.keyboard.press('1');
  const fresh = wire.rows('pods').find(({ name }) => name.startsWith('database') && name !== oldPod);
  await clickPod(page, fresh?.node ?? '', /^Pod database/);
  await page
    .getByTestId('inspector')
    .getByText(/^Multi-Attach error/)
    .first()
    .waitFor();
  await page.mouse.move(20, 700);
  await page.getByRole('button', { name: 'Fold the events' }).click();
}

async function howItCameToThat(): Promise<void> {
  await page.getByTestId('segment-timeline').click();
  await page.getByTestId('timeline-text').fill('node.unknown');
  await page.getByText('lease renewal').first().waitFor();
  await page.getByTestId('timeline-steps').focus();
  await page.keyboard.press('Home');
  await page.getByTestId('timeline-step').getByRole('link').last().waitFor();
  await page.getByTestId('timeline-text').fill('');
  await page.getByTestId('timeline-text').blur();
  await expect.poll(() => page.getByTestId('timeline-steps').getByRole('option').count()).toBeGreaterThan(5);
}

test('the pictures of the README', async () => {
  await begin(lab);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const taken: Picture[] = [];
  await twoSilentNodes();
  const { name: oldPod } = podOf(wire, 'database');
  taken.push(await take('topology'));
  await wire.act('failure.heal', { id: wire.rows('failures').find(({ target }) => target === 'worker-8')?.id ?? '' });
  await wire.until((now) => now.rows('pods').some(({ waiting }) => waiting.startsWith('Multi-Attach error')));
  await page.keyboard.press('2');
  taken.push(await take('storage'));
  await whyTheNewOneWaits(oldPod);
  taken.push(await take('inspector'));
  await howItCameToThat();
  taken.push(await take('timeline'));
  if (isKept) taken.forEach(keepPicture);
  for (const { name, png, words } of taken) {
    const kept = keptPicture(name);
    expect.soft(words, `what ${name}.png shows is not what the lab shows; to take it anew: ${HOW}`).toBe(kept.words);
    expect.soft(sizeOf(kept.png), `${name}.png`).toBe(sizeOf(png));
  }
});

// The hands on virtual time: play, pause, every speed, one entry of the queue, the next visible change.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TABLE_NAMES } from '../../src-main/session/projection/table-set.ts';
import type { LabWire } from '../support/lab-wire.ts';
import { begin, openPausedLab, type PausedLab, shopIsReady, stopwatch } from './paused-lab.ts';

let lab: PausedLab;
beforeAll(async () => {
  lab = await openPausedLab();
  await begin(lab);
});
afterAll(async () => {
  expect(lab.troubles).toEqual([]);
  await lab.close();
});

/** The clock bar says the instant that the lab has reached. */
async function expectTimeOnScreen(): Promise<void> {
  const { nowMs, unixMs } = lab.wire.clock;
  await expect.poll(() => lab.page.getByTestId('elapsed').textContent()).toBe(stopwatch(nowMs));
  expect(await lab.page.getByTestId('virtual-time').textContent()).toBe(new Date(unixMs).toISOString().slice(11, 19));
}

const drawn = (wire: LabWire): string =>
  JSON.stringify(TABLE_NAMES.filter((name) => name !== 'events' && name !== 'countdowns').map((name) => wire.rows(name)));

test('the next visible change, by button and by key: time moves to it, and something has changed', async () => {
  const { page, wire } = lab;
  await expectTimeOnScreen();
  for (const press of [() => page.getByRole('button', { name: 'To the next visible change' }).click(), () => page.keyboard.press('n')]) {
    const before = { nowMs: wire.clock.nowMs, drawn: drawn(wire) };
    await press();
    await wire.sees((now) => now.clock.nowMs > before.nowMs);
    expect(drawn(wire)).not.toBe(before.drawn);
    await expectTimeOnScreen();
  }
});

test('one entry of the queue, by button and by key: never beyond the next visible change', async () => {
  const { page, wire } = lab;
  for (const press of [() => page.getByRole('button', { name: 'One entry of the queue' }).click(), () => page.keyboard.press('.')]) {
    const { nowMs } = wire.clock;
    for (let steps = 0; wire.clock.nowMs === nowMs; steps += 1) {
      if (steps === 200) throw new Error('200 entries, and no time has passed');
      const frame = wire.frame();
      await press();
      await frame;
    }
    await expectTimeOnScreen();
    expect(wire.clock.playing).toBe(false);
  }
});

test('playing and pausing, by button and by key', async () => {
  const { page, wire } = lab;
  const { nowMs } = wire.clock;
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await wire.sees((now) => now.clock.playing && now.clock.nowMs > nowMs);
  await page.getByRole('tree').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await wire.sees((now) => !now.clock.playing);
  const stopped = wire.clock.nowMs;
  expect(await page.getByTestId('clock-bar').innerText()).toContain('paused');
  // Many round trips later the clock still stands there.
  for (let trip = 0; trip < 20; trip += 1) await wire.request('usage.read', { nodes: [], pods: [] });
  await wire.act('clock.pause', {});
  expect(wire.clock.nowMs).toBe(stopped);
  await expectTimeOnScreen();
});

test('the speed goes from a tenth of real time to as fast as the machine can', async () => {
  const { page, wire } = lab;
  const thumb = page.getByRole('slider', { name: 'Speed of time' });
  const spoken = (): Promise<string | null> => thumb.getAttribute('aria-valuetext');
  const press = async (key: string): Promise<void> => {
    const before = await spoken();
    await page.keyboard.press(key);
    await expect.poll(spoken).not.toBe(before);
  };
  await thumb.focus();
  await press('Home');
  await wire.sees((now) => now.clock.speed === 0.1);
  const seen = [await spoken()];
  for (; seen.at(-1) !== 'max'; seen.push(await spoken())) await press('ArrowRight');
  const numbers = ['1/10', '1/4', '1/2', '1', '2', '5', '10', '30', '60', '120', '300', '600', '1,800', '3,600'];
  expect(seen).toEqual([...numbers.map((number) => `× ${number}`), 'max']);
  await page.getByRole('tree').focus();
  await press('-');
  await wire.sees((now) => now.clock.speed === 3600);
  await press('+');
  await wire.sees((now) => now.clock.speed === 'max');
  // At full speed an hour of the lab is there at once.
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await wire.sees((now) => now.clock.nowMs > 3_600_000);
  await page.keyboard.press('Space');
  await wire.sees((now) => !now.clock.playing);
  expect(shopIsReady(wire)).toBe(true);
  await expectTimeOnScreen();
});

test('in a quiet cluster the next visible change is looked for in one hour, and the person is told that there was none', async () => {
  const { page, wire } = lab;
  const { nowMs } = wire.clock;
  await page.keyboard.press('n');
  await page.getByTestId('notice').filter({ hasText: 'nothing that shows has changed' }).waitFor();
  await wire.sees((now) => now.clock.nowMs > nowMs);
  expect(wire.clock.nowMs - nowMs).toBe(3_600_000);
});

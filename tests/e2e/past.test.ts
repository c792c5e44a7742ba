// Looking back, by mouse and by keyboard: what was is shown in every view, cannot be changed, and one key leads back to now.
import { expect, test } from 'vitest';
import { reload } from '../support/browser-lab.ts';
import { axeFaults } from './axe-faults.ts';
import { beginReady, openPausedLab, type PausedLab, stopwatch } from './paused-lab.ts';

/** A worker has lost its power, and everybody knows. */
async function afterLoss(): Promise<PausedLab & { readonly failedMs: number }> {
  const lab = await openPausedLab();
  await beginReady(lab);
  const failedMs = lab.wire.clock.nowMs;
  await lab.wire.act('failure.apply', { failure: 'node-power-off', target: 'worker-1' });
  await lab.wire.until((now) => now.rows('nodes').some(({ ready }) => ready === 'Unknown'));
  await lab.page.getByTestId('nodes-ready').getByText('9 of 10').waitFor();
  return { ...lab, failedMs };
}

test('by mouse: the playhead is dragged to before the loss, and all is well there; the world itself stays as it is', async () => {
  const lab = await afterLoss();
  const { page, wire, failedMs } = lab;
  const present = wire.clock.nowMs;
  await page.keyboard.press('4');
  const chart = page.getByTestId('timeline-chart');
  await chart.waitFor();
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is on screen');
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 20, { steps: 6 });
  await page.mouse.up();
  await page.getByTestId('past').waitFor();
  await page.getByTestId('nodes-ready').getByText('10 of 10').waitFor();
  expect(await page.getByTestId('elapsed').textContent()).not.toBe(stopwatch(present));
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('1');
  await page.getByRole('treeitem', { name: /^Node worker-1, Ready/ }).waitFor();
  // The moments on the way to this one are shown, too, and in some of them it had no power already.
  await page.getByTestId('tray-powered-off').getByTestId('lying-worker-1').waitFor({ state: 'detached' });
  await page.getByTestId('past-leave').click();
  await page.getByTestId('nodes-ready').getByText('9 of 10').waitFor();
  await page.getByTestId('elapsed').getByText(stopwatch(present)).waitFor();
  expect(wire.clock.nowMs).toBe(present);
  expect(failedMs).toBeLessThan(present);
  expect(lab.troubles).toEqual([]);
  await lab.close();
});

test('by keyboard, in Korean: step by step back and forth, nothing can be done, 0 leads back', async () => {
  const lab = await afterLoss();
  const { page, wire } = lab;
  await page.evaluate(() => localStorage.setItem('orrery.language', 'ko'));
  await reload(page);
  const present = wire.clock.nowMs;
  /** Goes one step, and says which part of the past it is in: many steps can be in one. */
  const step = async (key: ',' | '.' | 'n'): Promise<string | null> => {
    await page.keyboard.press(key);
    await page.locator('[data-testid="past"][aria-busy="false"]').waitFor();
    return page.getByTestId('past-moment').getAttribute('aria-valuenow');
  };
  const first = await step(',');
  let steps = 1;
  while ((await step(',')) === first) steps += 1;
  for (; steps > 1; steps -= 1) await step('.');
  expect(await step('n')).toBe(first);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-words').fill('worker');
  expect(await page.getByRole('option').count()).toBe(0);
  await page.keyboard.press('Escape');
  expect(await page.locator('[data-testid="past"] p').evaluate((words) => words.scrollWidth - words.clientWidth)).toBe(0);
  await page.keyboard.press('0');
  await page.getByTestId('past').waitFor({ state: 'detached' });
  await page.getByTestId('elapsed').getByText(stopwatch(present)).waitFor();
  expect(lab.troubles).toEqual([]);
  await lab.close();
});

test('a step back leads to the very moment of that step and to no other, and who leaves at once has left', async () => {
  const lab = await openPausedLab();
  const { page } = lab;
  const asked: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const [method] = /past\.\w+/.exec(String(payload)) ?? [];
      if (method !== undefined) asked.push(method);
    }),
  );
  await beginReady(lab);
  for (let time = 0; time < 8; time += 1) {
    await page.keyboard.press(',');
    // The slider of the past is there for every other one.
    if (time % 2 === 0) await page.getByTestId('past').waitFor();
    else await page.getByTestId('past-moment').waitFor();
    await page.keyboard.press('0');
    await page.getByTestId('past').waitFor({ state: 'detached' });
  }
  expect(asked).toEqual(Array.from({ length: 16 }, (_none, at) => (at % 2 === 0 ? 'past.step' : 'past.leave')));
  expect(lab.troubles).toEqual([]);
  await lab.close();
});

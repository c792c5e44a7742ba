// The story of the README in four pictures: two silent nodes, the volume that a dead node holds on to, why the new database waits, and how it came to that.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { begin, clickPod, openPausedLab, podOf, shopIsReady } from '../e2e/paused-lab.ts';
import { ROOT } from '../support/browser-lab.ts';

const BYTES_MAX = 300_000;

test('the pictures of the README', async () => {
  const lab = await openPausedLab({ width: 1360, height: 820, colorScheme: 'dark' });
  const { page, wire } = lab;
  const take = async (name: string): Promise<void> => {
    const { nowMs } = wire.clock;
    await page
      .getByTestId('elapsed')
      .and(page.getByText(`:${String(Math.floor(nowMs / 1000) % 60).padStart(2, '0')}`))
      .waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const path = join(ROOT, 'assets/pictures', `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    expect(statSync(path).size).toBeLessThan(BYTES_MAX);
  };
  const play = async (ms: number): Promise<void> => {
    const untilMs = wire.clock.nowMs + ms;
    await wire.act('clock.play', {});
    await wire.sees(({ clock }) => clock.nowMs >= untilMs);
    await wire.act('clock.pause', {});
  };
  await begin(lab);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await wire.until(shopIsReady);
  const { name: oldPod, node } = podOf(wire, 'database');
  await wire.act('failure.apply', { failure: 'node-power-off', target: node });
  await wire.until(
    (now) => now.rows('countdowns').some(({ name, subjectKind }) => name === 'toleration' && subjectKind === 'Node'),
    'clock.step',
  );
  await wire.act('clock.speed', { speed: 10 });
  await play(20_000);
  await wire.act('failure.apply', { failure: 'node-network-cut', target: 'worker-8' });
  await play(15_000);
  await take('topology');

  await wire.act('failure.heal', { id: wire.rows('failures').find(({ target }) => target === 'worker-8')?.id ?? '' });
  await wire.until((now) => now.rows('pods').some(({ waiting }) => waiting.startsWith('Multi-Attach error')));
  await page.keyboard.press('2');
  await take('storage');

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
  await take('inspector');

  await page.getByTestId('segment-timeline').click();
  await page.getByTestId('timeline-text').fill('node.unknown');
  await page.getByText('lease renewal').first().waitFor();
  await page.getByTestId('timeline-steps').focus();
  await page.keyboard.press('Home');
  await page.getByTestId('timeline-step').getByRole('link').last().waitFor();
  await page.getByTestId('timeline-text').fill('');
  await page.getByTestId('timeline-text').blur();
  await expect.poll(() => page.getByTestId('timeline-steps').getByRole('option').count()).toBeGreaterThan(5);
  await take('timeline');
  expect(lab.troubles).toEqual([]);
  await lab.close();
});

// Dialogs by the keyboard alone: Tab goes round inside them, and the keys that close and scroll do so wherever the focus is.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { begin, useLab } from './paused-lab.ts';

let page: Page;
useLab(async (opened) => {
  ({ page } = opened);
  await begin(opened);
});

const dialog = () => page.getByRole('dialog');
const focused = (): Promise<string> =>
  page.evaluate(() => {
    const active = document.activeElement;
    if (active === null || active.closest('[role="dialog"]') === null) return 'outside';
    return active.getAttribute('aria-label') ?? (active.matches('.body') ? 'what there is to read' : (active.textContent ?? '').trim());
  });

/** Whatever has the focus outside the dialog, for however short a time. */
async function watchOutside(): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    document.addEventListener(
      'focusin',
      ({ target }) => {
        if (target instanceof Element && document.querySelector('[role="dialog"]')?.contains(target) === false) seen.push(target.outerHTML);
      },
      true,
    );
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.splice(0));
}

async function walk(key: string, steps: number): Promise<string[]> {
  const names: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press(key);
    names.push(await focused());
  }
  return names;
}

test('Tab goes round in a dialog, forward and back, and never out of it', async () => {
  const outside = await watchOutside();
  await page.keyboard.press('w');
  await dialog().waitFor();
  await expect.poll(focused).not.toBe('outside');
  await expect(walk('Tab', 6)).resolves.toEqual(['Close', expect.stringContaining('web-shop'), '', 'Cancel', 'Start', 'Close']);
  await expect(walk('Shift+Tab', 3)).resolves.toEqual(['Start', 'Cancel', '']);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await page.keyboard.press('w');
  await dialog().waitFor();
  await expect.poll(focused).not.toBe('outside');
  await expect(walk('Shift+Tab', 2)).resolves.toEqual(['Start', 'Cancel']);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await dialog().waitFor();
  const words = 'Find a node, pod, volume, claim or workload…';
  await expect.poll(focused).toBe(words);
  await expect(walk('Tab', 3)).resolves.toEqual(['Close', words, 'Close']);
  await expect(walk('Shift+Tab', 3)).resolves.toEqual([words, 'Close', words]);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await outside()).toEqual([]);
});

test('what is longer than its dialog is scrolled by the keys from the first moment on', async () => {
  await page.setViewportSize({ width: 1000, height: 600 });
  await page.keyboard.press('?');
  await dialog().waitFor();
  await expect.poll(focused).toBe('what there is to read');
  await page.keyboard.press('PageDown');
  await expect.poll(() => dialog().locator('.body').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(100); // biome-ignore format: one line
  await expect(walk('Tab', 2)).resolves.toEqual(['Close', 'what there is to read']);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('Escape closes a dialog also while the tip of its button is open', async () => {
  await page.keyboard.press('w');
  await dialog().waitFor();
  await expect.poll(focused).not.toBe('outside');
  await page.keyboard.press('Tab');
  await page.locator('.tip').getByText('Close').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  // Without a dialog it is the tip that goes.
  await page.getByRole('button', { name: 'Commands' }).hover();
  await page.locator('.tip').getByText('Commands').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.tip').waitFor({ state: 'detached' });
});

test('a field that will not do says why; a new node group never takes the name of another', async () => {
  const fault = () => dialog().getByRole('status');
  const open = async (): Promise<void> => {
    await page.getByTestId('new-group').click();
    await dialog().waitFor();
  };
  await open();
  await page.getByTestId('group-max').fill('two');
  await fault().getByText('A whole number from 0 on.').waitFor();
  await expect(page.getByTestId('confirm-group').isDisabled()).resolves.toBe(true);
  await page.getByTestId('group-max').fill('2');
  await fault().getByText('“At least” must not be above “At most”.').waitFor();
  await page.getByTestId('group-max').fill('5');
  await expect.poll(() => fault().textContent()).toBe('');
  await page.getByTestId('confirm-group').click();
  await page.getByTestId('group-pool-zone-a').waitFor();
  await dialog().waitFor({ state: 'detached' });
  // The button has the focus again, by a click: its tip would lie over what has just been made. Nothing in the window's corner has one of its own.
  await page.mouse.move(1, 1);
  await expect.poll(() => page.locator('.tip').allTextContents()).toEqual([]);
  await open();
  await expect(page.getByTestId('group-name').inputValue()).resolves.toBe('pool-zone-a-2');
  await page.getByTestId('group-name').fill('pool-zone-a');
  await fault().getByText('There is a node group of this name.').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

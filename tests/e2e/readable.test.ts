// Nothing is written smaller than a person can read: on the canvases and in the page, alone, one view above another, and far away. Names are shown as they are.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { TEXT_PIXELS_MIN } from '../../src-renderer/scene/mark.ts';
import { begin, beginReady, type PausedLab, useLab } from './paused-lab.ts';

let lab: PausedLab;
useLab(async (opened) => {
  lab = opened;
  await opened.page.addInitScript(recordTexts);
  await beginReady(lab);
});

/** Keeps the least size, in pixels of the page, in which each text was written on a canvas. */
function recordTexts(): void {
  const written = new Map<string, number>();
  const { prototype } = CanvasRenderingContext2D;
  const write = prototype.fillText;
  prototype.fillText = function (text, ...place) {
    const pixels = (Number(/([\d.]+)px/.exec(this.font)?.[1]) * this.getTransform().a) / devicePixelRatio;
    written.set(text, Math.min(pixels, written.get(text) ?? pixels));
    return write.call(this, text, ...place);
  };
  Object.assign(globalThis, { written });
}

/** Texts on canvases since the last call and those in the page that are smaller; and how many there were on canvases. */
function tooSmall(page: Page): Promise<{ readonly found: readonly string[]; readonly written: number }> {
  return page.evaluate((least) => {
    const { written } = globalThis as unknown as { written: Map<string, number> };
    const found = [...written].filter(([, pixels]) => pixels < least - 0.05).map(([text, pixels]) => `${text} ${pixels.toFixed(1)}`);
    const count = written.size;
    written.clear();
    for (const element of document.body.querySelectorAll('*')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
      if (!own || element.closest('.unseen, style, script') || element.getClientRects().length === 0) continue;
      const scale = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
      const pixels = Number.parseFloat(getComputedStyle(element).fontSize) * scale;
      if (pixels < least - 0.05) found.push(`${element.tagName} ${element.textContent?.trim().slice(0, 30)} ${pixels.toFixed(1)}`);
    }
    return { found, written: count };
  }, TEXT_PIXELS_MIN);
}

test('no text is smaller than can be read', async () => {
  const { page } = lab;
  const settled = (): Promise<unknown> =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const out = (): Promise<void> => page.getByTestId('topology').getByRole('button', { name: 'Zoom out' }).click();
  const screens: readonly (readonly [name: string, open: () => Promise<unknown>, writes: boolean])[] = [
    ['topology', async () => undefined, true],
    ['storage', () => page.keyboard.press('2'), true],
    ['timeline', () => page.keyboard.press('4'), true],
    ['table', () => page.keyboard.press('5'), false],
    ['one above the other', () => page.keyboard.press('1').then(() => page.keyboard.press('b')), true],
    ['farther', out, true],
    ['far', () => out().then(out), false],
    ['help', () => page.keyboard.press('?').then(() => page.getByRole('dialog').waitFor()), false],
  ];
  const found: Record<string, readonly string[]> = {};
  for (const [name, open, writes] of screens) {
    await open();
    await settled();
    const texts = await tooSmall(page);
    found[name] = texts.found;
    // It has really looked.
    if (writes) expect(texts.written, name).toBeGreaterThan(0);
  }
  expect(found).toEqual(Object.fromEntries(screens.map(([name]) => [name, []])));
});

test('an x between digits is no times sign', async () => {
  const widths = await lab.page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d');
    if (pen === null) throw new Error('nothing to draw with');
    pen.font = `40px ${getComputedStyle(document.body).fontFamily}`;
    return ['2x6', '2\u00d76'].map((text) => pen.measureText(text).width);
  });
  expect(widths[0]).not.toBe(widths[1]);
});

test('an event tells by its icon of what kind it speaks, and leaves the room to the name', async () => {
  const { page, wire } = lab;
  await page.setViewportSize({ width: 1280, height: 800 });
  await begin(lab);
  await wire.until((now) => now.rows('events').some(({ reason }) => reason === 'SuccessfulCreate'), 'clock.step');
  const row = page
    .getByTestId('events')
    .getByRole('button', { name: /^SuccessfulCreate ReplicaSet/ })
    .first();
  await row.getByTitle('ReplicaSet', { exact: true }).locator('svg').waitFor();
  const icon = await row.getByTitle('ReplicaSet', { exact: true }).boundingBox();
  expect(icon?.width ?? 0, 'whole').toBeGreaterThanOrEqual(13);
});

test('in a narrow and low window nothing is cut: the trays, the list of steps, what is said of a text', async () => {
  const { page } = lab;
  await page.setViewportSize({ width: 900, height: 700 });
  const right = (selector: string): Promise<number> =>
    page.locator(selector).evaluateAll((found) => Math.max(...found.map((one) => one.getBoundingClientRect().right)));
  const left = await page.locator('.sight').evaluate((sight) => sight.getBoundingClientRect().left);
  expect(await right('.tray')).toBeLessThanOrEqual(left);
  await page.setViewportSize({ width: 640, height: 400 });
  expect(await right('.tray')).toBeLessThanOrEqual(left);
  await page.keyboard.press('4');
  const steps = page.getByTestId('timeline-steps');
  await steps.getByRole('option').first().waitFor();
  await expect.poll(async () => (await steps.boundingBox())?.height ?? 0).toBeGreaterThan(60);
  await page.keyboard.press('1');
  await page.keyboard.press('/');
  await page.keyboard.type('web');
  await page
    .getByRole('option', { name: /Deployment/ })
    .first()
    .click();
  await page.getByTestId('edit-yaml').click();
  const foot = await page.getByTestId('yaml-apply').boundingBox();
  const said = await page.getByTestId('yaml-verdict').boundingBox();
  expect((said?.y ?? 400) + (said?.height ?? 0)).toBeLessThan(foot?.y ?? 0);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 800 });
});

// How long the frames of a page take, one after the other, while something is done to it in each of them.
import type { Page } from 'playwright-core';

export type Gesture = 'none' | 'pan' | 'zoom' | 'scroll';

export interface FrameTimes {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  readonly frames: number;
  /** What the page's main thread worked for one frame: true on a busy machine as well. */
  readonly workMs: number;
  /** The same of all the browser's processes and threads: layers, pixels and the screen as well. */
  readonly allMs: number;
}

/** Gestures are made inside the page, once a frame, so that their way to it is not measured. */
export async function measureFrames(page: Page, selector: string, gesture: Gesture, forMs: number): Promise<FrameTimes> {
  const from = gesture === 'pan' ? await ground(page, selector) : ([0.5, 0.5] as const);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> =>
    1000 * ((await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  const processes = await page.context().browser()?.newBrowserCDPSession();
  const workedAll = async (): Promise<number> =>
    1000 * ((await processes?.send('SystemInfo.getProcessInfo'))?.processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0) ?? Number.NaN);
  const before = await worked();
  const beforeAll = await workedAll();
  const times = await page.evaluate(
    ({ selector: at, gesture: what, forMs: span, from: [x, y] }) =>
      new Promise<number[]>((resolve) => {
        const target = document.querySelector(at);
        if (!target) throw new Error(`not on the page: ${at}`);
        const { left, top, width, height } = target.getBoundingClientRect();
        const hand = { clientX: left + x * width, clientY: top + y * height, bubbles: true, cancelable: true, view: window, button: 0 };
        // A browser waits for the screen's next turn when a frame changes nothing; with this pixel each of them changes something.
        const pixel = document.body.appendChild(document.createElement('canvas'));
        Object.assign(pixel, { width: 1, height: 1 }).style.cssText = 'position:fixed;top:0;left:0;z-index:9';
        const ink = pixel.getContext('2d');
        const found: number[] = [];
        const began = performance.now();
        let last = began;
        // By the time, not by the frame: the hand goes the same way on a slow machine.
        const act = (now: number, sinceMs: number): void => {
          if (ink) ink.fillStyle = found.length % 2 ? '#000' : '#111';
          ink?.fillRect(0, 0, 1, 1);
          const angle = (now - began) / 500;
          const deltaY = Math.sin(angle) < 0 ? 1.5 * sinceMs : -1.5 * sinceMs;
          if (what === 'zoom') target.dispatchEvent(new WheelEvent('wheel', { ...hand, deltaY }));
          // As far as a hand flings a list: some six rows a frame.
          if (what === 'scroll') target.scrollTop = 10_000 * (1 - Math.cos(angle));
          if (what !== 'pan') return;
          const place = { ...hand, clientX: hand.clientX + Math.sin(angle) * 160, clientY: hand.clientY + Math.cos(angle) * 90 };
          window.dispatchEvent(new MouseEvent('mousemove', place));
        };
        if (what === 'pan') target.dispatchEvent(new MouseEvent('mousedown', hand));
        const frame = (): void => {
          const now = performance.now();
          found.push(now - last);
          act(now, now - last);
          last = now;
          if (now - began < span) requestAnimationFrame(frame);
          else {
            if (what === 'pan') window.dispatchEvent(new MouseEvent('mouseup', hand));
            pixel.remove();
            resolve(found.slice(2));
          }
        };
        requestAnimationFrame(frame);
      }),
    { selector, gesture, forMs, from },
  );
  const workMs = ((await worked()) - before) / times.length;
  const allMs = ((await workedAll()) - beforeAll) / times.length;
  await cdp.detach();
  await processes?.detach();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), worst: at(1), frames: sorted.length, workMs, allMs };
}

/** A point near the middle where a drag moves the picture and takes hold of nothing, in parts of its width and height. */
async function ground(page: Page, selector: string): Promise<readonly [number, number]> {
  return page.evaluate(async (at) => {
    const target = document.querySelector(at);
    if (!target) throw new Error(`not on the page: ${at}`);
    const { left, top, width, height } = target.getBoundingClientRect();
    const most = 400;
    for (let turn = 0; turn < most; turn += 1) {
      // A sunflower's seeds, from the middle outwards.
      const away = 0.3 * Math.sqrt(turn / most);
      const [x, y] = [0.5 + away * Math.cos(turn * 2.4), 0.5 + away * Math.sin(turn * 2.4)];
      const place = { clientX: left + x * width, clientY: top + y * height, bubbles: true };
      target.dispatchEvent(new PointerEvent('pointermove', place));
      await new Promise((resolve) => setTimeout(resolve));
      if (target.classList.contains('holdable')) continue;
      target.dispatchEvent(new PointerEvent('pointerleave'));
      return [x, y] as const;
    }
    throw new Error('there is nowhere to begin a pan');
  }, selector);
}

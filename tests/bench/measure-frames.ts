// How long the frames of a page take, one after the other, while something is done to it in each of them.
import type { Page } from 'playwright-core';

export type Gesture = 'none' | 'pan' | 'zoom';

export interface FrameTimes {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  readonly frames: number;
  /** What the page's main thread worked for one frame: true on a busy machine as well. */
  readonly workMs: number;
}

/** Gestures are made inside the page, once a frame, so that their way to it is not measured. */
export async function measureFrames(page: Page, selector: string, gesture: Gesture, forMs: number): Promise<FrameTimes> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> =>
    1000 * ((await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  const before = await worked();
  const times = await page.evaluate(
    ({ selector: at, gesture: what, forMs: span }) =>
      new Promise<number[]>((resolve) => {
        const target = document.querySelector(at);
        if (!target) throw new Error(`not on the page: ${at}`);
        const { left, top, width, height } = target.getBoundingClientRect();
        const center = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true, view: window, button: 0 };
        const found: number[] = [];
        const began = performance.now();
        let last = began;
        let turn = 0;
        const act = (): void => {
          turn += 1;
          const angle = turn / 30;
          if (what === 'zoom') target.dispatchEvent(new WheelEvent('wheel', { ...center, deltaY: Math.sin(angle) < 0 ? 24 : -24 }));
          if (what !== 'pan') return;
          const place = { ...center, clientX: center.clientX + Math.sin(angle) * 160, clientY: center.clientY + Math.cos(angle) * 90 };
          window.dispatchEvent(new MouseEvent('mousemove', place));
        };
        if (what === 'pan') target.dispatchEvent(new MouseEvent('mousedown', center));
        const frame = (): void => {
          const now = performance.now();
          found.push(now - last);
          last = now;
          act();
          if (now - began < span) requestAnimationFrame(frame);
          else {
            if (what === 'pan') window.dispatchEvent(new MouseEvent('mouseup', center));
            resolve(found.slice(2));
          }
        };
        requestAnimationFrame(frame);
      }),
    { selector, gesture, forMs },
  );
  const workMs = ((await worked()) - before) / times.length;
  await cdp.detach();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), worst: at(1), frames: sorted.length, workMs };
}

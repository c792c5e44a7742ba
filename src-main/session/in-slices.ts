// Runs long work in slices, so that menus, dialogs and sockets are served in between.
import { performance } from 'node:perf_hooks';
import { SLICE_MS } from './pacer.ts';
import { HEADROOM_MS } from './sliced-advance.ts';

/** Others had work to do between two slices when the second comes later than this. */
const BUSY_MS = 0.5;
/** So long those who are busy have the thread to themselves: four fifths of the time. */
const REST_MS = 4 * (SLICE_MS - HEADROOM_MS);

/** Drives `work` to its end, at most one slice at a time; rejects with what it throws. `cancelled` is asked between slices. */
export function inSlices<T>(work: Iterator<void, T>, cancelled: () => boolean = () => false): Promise<T | undefined> {
  return driven(work, cancelled, setImmediate);
}

/** As `inSlices`, for work that nobody waits for: while others are busy it leaves most of the time to them. */
export function inSpareSlices<T>(work: Iterator<void, T>, cancelled: () => boolean = () => false): Promise<T | undefined> {
  return driven(work, cancelled, whenOthersRest);
}

function whenOthersRest(slice: () => void): void {
  const endedMs = performance.now();
  setImmediate(() => {
    if (performance.now() - endedMs < BUSY_MS) slice();
    else setTimeout(slice, REST_MS);
  });
}

function driven<T>(work: Iterator<void, T>, cancelled: () => boolean, next: (slice: () => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const slice = (): void => {
      const until = performance.now() + SLICE_MS - HEADROOM_MS;
      try {
        do {
          if (cancelled()) {
            work.return?.();
            resolve(undefined);
            return;
          }
          const step = work.next();
          if (step.done === true) {
            resolve(step.value);
            return;
          }
        } while (performance.now() < until);
      } catch (error) {
        reject(error);
        return;
      }
      next(slice);
    };
    slice();
  });
}

// Runs long work in slices, so that menus, dialogs and sockets are served in between.
import { performance } from 'node:perf_hooks';
import { SLICE_MS } from './pacer.ts';
import { HEADROOM_MS } from './sliced-advance.ts';

/** Drives `work` to its end, at most one slice at a time; rejects with what it throws. `cancelled` is asked between slices. */
export function inSlices<T>(work: Iterator<void, T>, cancelled: () => boolean = () => false): Promise<T | undefined> {
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
      setImmediate(slice);
    };
    slice();
  });
}

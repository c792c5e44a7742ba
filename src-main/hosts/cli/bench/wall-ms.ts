// Real time that a piece of work takes: every measurement of pace needs it.
import { performance } from 'node:perf_hooks';

export function wallMs(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

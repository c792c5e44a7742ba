// From a look at a pod that met an error to the next one.
// The chance in it is the pod's own and no stream's, so that it is the same whoever else waits.
import { TIMINGS } from './timings.ts';

/** 10 to 15 seconds, and until the next beat of the loop that looks for pods whose time has come. upstream: pkg/kubelet/pod_workers.go completeWork, kubelet.go syncLoop */
export function resyncDelayMs(uid: string, nowMs: number): number {
  let hash = 0x811c9dc5 ^ nowMs;
  for (let index = 0; index < uid.length; index += 1) hash = Math.imul(hash ^ uid.charCodeAt(index), 0x01000193);
  const [least, most] = TIMINGS.retryMs;
  const dueMs = nowMs + least + ((hash >>> 0) % (most - least + 1));
  return Math.ceil(dueMs / TIMINGS.syncBeatMs) * TIMINGS.syncBeatMs - nowMs;
}

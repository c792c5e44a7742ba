/**
 * Arrows on which a wait is drawn though no delay of the chart runs: whoever looks from time to time finds that it is over.
 * By chart and name of the wait, the arrow's id.
 */
export const TIMED_WAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: { grace: 'lease.fresh>lease.expired' },
  rollout: { progressDeadline: 'progress.*>progress.timedOut' },
};

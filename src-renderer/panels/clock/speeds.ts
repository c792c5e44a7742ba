/**
 * The speeds of time that the slider stops at, from a tenth of real time to as fast as the machine can.
 * They are spaced by feeling, not by number: from one stop to the next is about as much again.
 */
export type Speed = number | 'max';

export const SPEEDS: readonly Speed[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 'max'];
/** Stops with a label under them. */
export const LABELLED: readonly Speed[] = [0.1, 1, 10, 60, 600, 'max'];

/** The stop nearest to a speed. */
export function stopOf(speed: Speed): number {
  if (speed === 'max') return SPEEDS.length - 1;
  let best = 0;
  for (const [index, stop] of SPEEDS.entries()) {
    if (stop !== 'max' && Math.abs(Math.log(stop / speed)) < Math.abs(Math.log((SPEEDS[best] as number) / speed))) best = index;
  }
  return best;
}

export function faster(speed: Speed): Speed {
  return SPEEDS[Math.min(SPEEDS.length - 1, stopOf(speed) + 1)] ?? speed;
}

export function slower(speed: Speed): Speed {
  return SPEEDS[Math.max(0, stopOf(speed) - 1)] ?? speed;
}

/** `1/10`, `1/4`, `60`, `1,800`. */
export function writtenSpeed(speed: number): string {
  if (speed <= 0) return '0';
  if (speed < 0.75) return `1/${Math.round(1 / speed)}`;
  const rounded = speed < 10 ? Math.round(speed * 10) / 10 : Math.round(speed);
  return rounded < 1000 ? String(rounded) : `${Math.floor(rounded / 1000)},${String(rounded % 1000).padStart(3, '0')}`;
}

/** How far from its edge a ring lies around a card or a pod, so that it covers no arc of time and no words on one. */
import { arcOf, CARD_MIN } from './countdown.ts';
import type { Rect } from './mark.ts';

/** From near a gap takes no more than a few pixels of the screen. */
const GAP_PIXELS = 4;

/** `line`: how thick the ring is on the screen; `counting`: an arc lies around it. Around a card the ring then goes inside. */
export function ringGap(box: Rect, gap: number, { scale, line, counting }: { scale: number; line: number; counting: boolean }): number {
  if (!counting) return Math.min(gap, Math.max(GAP_PIXELS / scale, box.width * 0.02));
  if (box.width > CARD_MIN) return -gap;
  const arc = arcOf(box, 0);
  return arc.gap + (arc.line + line / scale) / 2;
}

/**
 * A node from far away: one cell, filled by how its pods are, framed by how the node is.
 * A thousand nodes are then still a picture: what is not well stands out as colour and as a gap in the evenness of the rest.
 */
import type { NodeRecord, PodLook } from '../../src-main/contract/view.ts';
import type { Ink } from '../ui/tokens.ts';
import { CARD } from './layouts/zone-grid.ts';
import type { Look, Mark } from './mark.ts';

/** Looks that are told apart from far away, in the order of their bands from the left. */
export const HEAT_BANDS = ['bad', 'lost', 'waiting', 'progress', 'good'] as const;
export type HeatBand = (typeof HEAT_BANDS)[number];

const BAND_OF: Readonly<Record<PodLook, HeatBand>> = {
  'back-off': 'bad',
  failed: 'bad',
  terminating: 'lost',
  unknown: 'lost',
  'not-ready': 'waiting',
  unscheduled: 'waiting',
  creating: 'progress',
  ready: 'good',
  succeeded: 'good',
};
const INKS: Readonly<Record<HeatBand, Ink>> = { bad: 'bad', lost: 'lost', waiting: 'waiting', progress: 'progress', good: 'good' };
const INSET = 16;
const STRIPE = 22;

/** How many pods of each band a node has. */
export class Tally {
  readonly counts: Record<HeatBand, number> = { bad: 0, lost: 0, waiting: 0, progress: 0, good: 0 };
  total = 0;

  add(look: PodLook, by: 1 | -1): void {
    this.counts[BAND_OF[look]] += by;
    this.total += by;
  }

  join(other: Tally | undefined): void {
    if (!other) return;
    for (const band of HEAT_BANDS) this.counts[band] += other.counts[band];
    this.total += other.total;
  }
}

export function nodeHeatMarks(
  node: NodeRecord,
  tally: Tally | undefined,
  at: { readonly x: number; readonly y: number },
  faded = false,
): Mark[] {
  const line = node.ready === 'True' ? 4 : 14;
  const inner = { x: at.x + line / 2, y: at.y + line / 2, width: CARD.width - line, height: CARD.height - line };
  const frame: Look =
    node.ready === 'True'
      ? { stroke: 'edge', line }
      : node.ready === 'False'
        ? { stroke: 'bad', line }
        : { stroke: 'lost', line, dash: [44, 30] };
  // The ground of the cell covers all of it, so that it can be painted over what it was.
  const marks: Mark[] = [
    { kind: 'rect', x: at.x, y: at.y, ...CARD, fill: node.powered ? 'raised' : 'ground' },
    { kind: 'rect', ...inner, ...frame, ...(faded ? { alpha: 0.3 } : {}) },
  ];
  if (tally && tally.total > 0) marks.push(...bands(tally, at, node.ready === 'True'));
  if (node.cordoned) marks.push({ kind: 'rect', x: at.x, y: at.y, width: CARD.width, height: STRIPE, fill: 'soft' });
  return marks;
}

function bands({ counts, total }: Tally, at: { readonly x: number; readonly y: number }, answers: boolean): Mark[] {
  const marks: Mark[] = [];
  const width = CARD.width - 2 * INSET;
  let left = at.x + INSET;
  for (const band of HEAT_BANDS) {
    const part = (width * counts[band]) / total;
    if (part <= 0) continue;
    const box = { x: left, y: at.y + INSET, width: part, height: CARD.height - 2 * INSET };
    marks.push({ kind: 'rect', ...box, fill: INKS[band], alpha: band === 'good' ? (answers ? 0.62 : 0.3) : 1 });
    left += part;
  }
  return marks;
}

/**
 * What lies over the card of a node while a pod hangs above the nodes: dim where the scheduler would refuse it, with the filter that does.
 * The answer stands on every node at once, so that one sees where a pod can go before one lets it go.
 */
import type { NodePlacement } from '../../src-main/contract/placement.ts';
import type { Mark, Rect } from './mark.ts';
import { shortReason } from './short-reason.ts';

const RADIUS = 9;
const LINES_MAX = 3;

/** `isTarget`: the pointer is above it. */
export function placementMarks({ plugin, reasons }: NodePlacement, box: Rect, isTarget: boolean): Mark[] {
  const frame = { kind: 'rect', ...box, radius: RADIUS } as const;
  if (plugin === '') return [{ ...frame, stroke: 'text', line: isTarget ? 4 : 2, ...(isTarget ? {} : { dash: [6, 4] }) }];
  const x = box.x + box.width / 2;
  const middle = box.y + box.height / 2;
  const widthMax = box.width - 20;
  return [
    { ...frame, fill: 'ground', alpha: 0.86 },
    ...(isTarget ? ([{ ...frame, stroke: 'bad', line: 3 }] as const) : []),
    { kind: 'text', x, y: middle - 4, text: plugin, size: 12.5, sizeMax: 22, bold: true, anchor: 'middle', fill: 'text', widthMax },
    ...reasons.slice(0, LINES_MAX).map(
      (reason, line): Mark => ({
        kind: 'text',
        x,
        y: middle + 13 + line * 14,
        text: shortReason(reason),
        size: 11,
        sizeMax: 14,
        anchor: 'middle',
        fill: 'soft',
        widthMax,
      }),
    ),
  ];
}

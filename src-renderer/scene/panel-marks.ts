/**
 * The panels behind the nodes: a zone or the control plane with its name, and the tray of the pods that no node has yet.
 * They lie below everything else, so what stands on them is painted after them.
 */
import type { PodRecord } from '../../src-main/contract/view.ts';
import type { PodSlots } from './layouts/pod-slots.ts';
import { type Mark, type Rect, readableFrom } from './mark.ts';
import { inLight, onePod } from './node-card.ts';
import { shortReason } from './short-reason.ts';

/** Right of the name of the tray, as long as that is small. */
const REASON_LEFT = 176;
const REASON_MAX = 13;
/** As large as the name of a zone may become in its head. */
const NAME_MAX = 31;
export const ZONE_NAMES_FROM = readableFrom(NAME_MAX);

export interface TrayView {
  readonly box: Rect;
  /** Where its pods begin. */
  readonly corner: { readonly x: number; readonly y: number };
  readonly slots: PodSlots | undefined;
  pod(key: string): PodRecord | undefined;
  /** Pods that stay in the light while the rest fades; null: none fades. */
  readonly lit: ReadonlySet<string> | null;
}

export interface TrayWords {
  /** What keeps most of those who wait from their nodes. */
  mostWait(count: number, reason: string): string;
  readonly unscheduled: string;
  readonly nothingWaits: string;
  more(count: number): string;
}

export function panelMarks(box: Rect, title: string, note: string): Mark[] {
  return [
    { kind: 'rect', ...box, radius: 12, fill: 'surface', stroke: 'line', line: 1 },
    {
      kind: 'text',
      x: box.x + 14,
      y: box.y + 22,
      text: title,
      size: 11.5,
      sizeMax: NAME_MAX,
      bold: true,
      fill: 'soft',
      widthMax: box.width - (note === '' ? 28 : 90),
    },
    { kind: 'text', x: box.x + box.width - 14, y: box.y + 22, text: note, size: 10.5, sizeMax: 16, fill: 'faint', anchor: 'end' },
  ];
}

export function trayMarks({ box: tray, corner, slots, pod, lit }: TrayView, words: TrayWords): Mark[] {
  const count = slots?.size ?? 0;
  const marks = panelMarks(tray, words.unscheduled, count > 0 ? String(count) : '');
  if (!slots || count === 0) {
    const widthMax = tray.width - 28;
    marks.push({ kind: 'text', x: corner.x, y: corner.y + 12, text: words.nothingWaits, size: 11, sizeMax: 24, fill: 'faint', widthMax });
  }
  for (const key of slots?.keys() ?? []) {
    const box = slots?.box(slots.slot(key) ?? -1);
    const record = pod(key);
    if (slots && box && record)
      marks.push(...inLight(onePod(record, corner.x + box.x, corner.y + box.y, slots, noteOf(record)), lit?.has(key) ?? true));
  }
  if (slots && count > 0 && !slots.notes) marks.push(...mostWait(tray, slots, pod, words));
  if (slots && slots.hidden > 0) {
    const text = words.more(slots.hidden);
    marks.push({
      kind: 'text',
      x: tray.x + tray.width - 12,
      y: tray.y + tray.height - 8,
      text,
      size: 10.5,
      sizeMax: 20,
      fill: 'soft',
      anchor: 'end',
    });
  }
  return marks;
}

/** Why it has no node; else what it says of itself. */
function noteOf(pod: PodRecord): string {
  return pod.look === 'unscheduled' ? shortReason(pod.waiting) : pod.status;
}

/** Where there is no room for words beside the pods, the reason that most of them share stands above them. */
function mostWait(tray: Rect, slots: PodSlots, pod: TrayView['pod'], words: TrayWords): readonly Mark[] {
  const counts = new Map<string, number>();
  for (const key of slots.keys()) {
    const waiting = pod(key)?.waiting ?? '';
    if (waiting !== '') counts.set(waiting, (counts.get(waiting) ?? 0) + 1);
  }
  let reason = '';
  let most = 0;
  for (const [waiting, count] of counts) if (count > most) [reason, most] = [waiting, count];
  if (most === 0) return [];
  const text = words.mostWait(most, shortReason(reason));
  const widthMax = tray.width - REASON_LEFT - 60;
  return [{ kind: 'text', x: tray.x + REASON_LEFT, y: tray.y + 20, text, size: 10.5, sizeMax: REASON_MAX, fill: 'soft', widthMax }];
}

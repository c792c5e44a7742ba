/**
 * The cards of the storage picture: a class, a volume, a claim, the pods that mount it, and a node.
 * Each says its name, what it offers or asks, and its phase in words beside the drawing.
 */
import type { ClaimRecord, ClassRecord, NodeRecord, PodRecord, VolumeRecord } from '../../src-main/contract/view.ts';
import { claimGlyph, podGlyph, volumeGlyph } from './glyphs.ts';
import type { Look, Mark, Rect } from './mark.ts';
import { shortReason } from './short-reason.ts';

export const STORAGE_CARD_HEIGHT = 64;

/** As large as titles and the lines below them may become in a small picture. */
const TITLE_MAX = 20;
const LINE_MAX = 13.4;

/** The words that storage cards need; phases and modes are Kubernetes' own. */
export interface StorageWords {
  readonly storageClass: string;
  readonly volume: string;
  readonly claim: string;
  readonly pod: string;
  readonly node: string;
  readonly nothing: string;
  readonly noZone: string;
  readonly isDefault: string;
  readonly diskLost: string;
  readonly terminating: string;
  readonly attaching: string;
  readonly attached: string;
  readonly detaching: string;
  readonly stuck: string;
  /** Of a pod whose node says nothing any more. */
  silent(sinceMs: number | null): string;
  more(count: number): string;
}

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function classCard(record: ClassRecord, box: Rect, words: StorageWords): Mark[] {
  const policy = `${record.reclaimPolicy} · ${record.isDefault ? words.isDefault : record.provisioner}`;
  return card(box, {}, 'class-plain', [record.name, policy, record.bindingMode]);
}

export function volumeCard(record: VolumeRecord, box: Rect, words: StorageWords): Mark[] {
  const phase = record.terminating ? words.terminating : record.diskLost ? words.diskLost : record.phase;
  const frame: Look = record.phase === 'Released' ? { stroke: 'released', line: 1.6 } : {};
  const place = record.zone ? `${phase} · ${record.zone}` : phase;
  return card(box, frame, volumeGlyph(record), [
    record.name,
    `${record.capacity} ${shortModes(record.accessModes)} ${record.reclaimPolicy}`,
    place,
  ]);
}

export function claimCard(record: ClaimRecord, box: Rect, words: StorageWords): Mark[] {
  const phase = record.terminating ? words.terminating : record.phase;
  return card(box, {}, claimGlyph(record), [
    record.name,
    `${record.requested} ${shortModes(record.accessModes)}`,
    `${phase} · ${record.namespace}`,
  ]);
}

export function nodeCard(record: NodeRecord, box: Rect): Mark[] {
  const frame: Look =
    record.ready === 'True' ? {} : record.ready === 'False' ? { stroke: 'bad', line: 1.8 } : { stroke: 'lost', line: 1.6, dash: [6, 4] };
  const state = record.ready === 'True' ? 'state-ready' : record.ready === 'False' ? 'state-not-ready' : 'state-unknown';
  return card(box, frame, state, [record.name, record.status, ''], true);
}

/** More pods than have room for their names. */
export function isCrowd(pods: readonly PodRecord[]): boolean {
  return pods.length > 2;
}

/** The frame around a crowd; pods beyond its room are counted. */
export function crowdCard(pods: readonly PodRecord[], box: Rect, words: StorageWords): Mark[] {
  const marks: Mark[] = [{ kind: 'rect', ...box, radius: 8, fill: 'raised', stroke: 'edge', line: 1.1 }];
  const hidden = pods.length - podCells(pods, box).length;
  if (hidden > 0) {
    const x = box.x + box.width - 8;
    marks.push({
      kind: 'text',
      x,
      y: box.y + box.height - 5,
      text: words.more(hidden),
      size: 10.5,
      sizeMax: LINE_MAX,
      fill: 'soft',
      anchor: 'end',
    });
  }
  return marks;
}

/** One pod fills the cell, two share it, more are squares only. */
export function podCells(pods: readonly PodRecord[], box: Rect): readonly { readonly pod: PodRecord; readonly box: Rect }[] {
  if (!isCrowd(pods)) {
    const height = (box.height - 4 * (pods.length - 1)) / pods.length;
    return pods.map((pod, index) => ({ pod, box: { ...box, y: box.y + index * (height + 4), height } }));
  }
  const columns = Math.floor((box.width - 16) / 20);
  return pods.slice(0, columns * 2).map((pod, index) => ({
    pod,
    box: { x: box.x + 8 + (index % columns) * 20, y: box.y + 7 + Math.floor(index / columns) * 20, width: 17, height: 17 },
  }));
}

/** `status` in words: kubectl's, or what that hides. */
export function podCell(pod: PodRecord, status: string, box: Rect): Mark[] {
  const glyph = podGlyph(pod.look);
  if (box.width < 30) return [{ kind: 'glyph', glyph, x: box.x, y: box.y, size: box.width }];
  const warned = pod.waiting !== '' && pod.look !== 'unknown' && pod.look !== 'terminating';
  const waiting = `▲ ${shortReason(pod.waiting)}`;
  if (box.height > 40) return card(box, {}, glyph, [pod.name, status, warned ? waiting : pod.namespace], true);
  return [
    { kind: 'rect', ...box, radius: 6, fill: 'raised', stroke: 'line', line: 1 },
    { kind: 'glyph', glyph, x: box.x + 8, y: box.y + 7, size: 16 },
    {
      kind: 'text',
      x: box.x + 31,
      y: box.y + 12.4,
      text: pod.name,
      size: 11,
      sizeMax: 14,
      bold: true,
      fill: 'text',
      widthMax: box.width - 36,
      keepsEnd: true,
    },
    {
      kind: 'text',
      x: box.x + 31,
      y: box.y + 25,
      text: warned ? waiting : status,
      size: 10.5,
      sizeMax: LINE_MAX,
      fill: 'soft',
      widthMax: box.width - 38,
    },
  ];
}

function card(box: Rect, frame: Look, glyph: string, lines: readonly [string, string, string], keepsEnd = false): Mark[] {
  const left = box.x + 35;
  const widthMax = box.width - 39;
  const marks: Mark[] = [
    { kind: 'rect', ...box, radius: 8, fill: 'raised', stroke: 'edge', line: 1.1, ...frame },
    { kind: 'glyph', glyph, x: box.x + 9, y: box.y + 11, size: 21 },
    { kind: 'text', x: left, y: box.y + 19, text: lines[0], size: 12, sizeMax: TITLE_MAX, bold: true, fill: 'text', widthMax, keepsEnd },
    { kind: 'text', x: left, y: box.y + 35.5, text: lines[1], size: 10.5, sizeMax: LINE_MAX, fill: 'soft', widthMax },
  ];
  if (lines[2] !== '')
    marks.push({ kind: 'text', x: left, y: box.y + 51.5, text: lines[2], size: 10.5, sizeMax: LINE_MAX, fill: 'faint', widthMax });
  return marks;
}

function shortModes(modes: readonly string[]): string {
  return modes.map((mode) => SHORT_MODES[mode] ?? mode).join(' ');
}

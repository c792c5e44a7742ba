/**
 * The card of one node: name and status, what was asked for and what is used of what it can give, its pods, taints and pressures.
 * The frame tells Ready, the stripe along the top a cordon, a dimmed card a machine that has no power.
 */
import type { UsageRecord } from '../../src-main/contract/usage.ts';
import type { NodeRecord, PodLook, PodRecord } from '../../src-main/contract/view.ts';
import { podGlyph } from './glyphs.ts';
import type { Density, PodSlots } from './layouts/pod-slots.ts';
import { CARD } from './layouts/zone-grid.ts';
import { type Look, type Mark, type Rect, readableFrom } from './mark.ts';
import { shortReason } from './short-reason.ts';

/** Few pods have their names beside them; many become small. */
export const CARD_DENSITIES: readonly Density[] = [
  { columns: 2, rows: 3, pitchX: 110, pitchY: 19, size: 16, named: true },
  { columns: 11, rows: 3, pitchX: 19.6, pitchY: 19, size: 17, named: false },
  { columns: 16, rows: 4, pitchX: 13.4, pitchY: 14.2, size: 12, named: false },
  { columns: 24, rows: 6, pitchX: 8.95, pitchY: 9.4, size: 8, named: false },
];
/** Where the pods' area begins inside a card. */
export const POD_AREA = { x: 12, y: 51 } as const;
/** Where a wide room gives names a column of their own. */
const NAME_WIDTH = 170;
const RADIUS = 9;
const FOOT = 124;
/** Plainly behind what is in the light, and still to be found: it fades, it does not go. */
export const FADED = 0.35;
/** Smaller signs of a node could not be told apart. */
const SIGN_PIXELS_MIN = 11;
const TAINT_SIZE_MAX = 13.5;
const TAINTS_FROM = readableFrom(TAINT_SIZE_MAX);
/** The worst first. A node that is silent says so itself, so its unknown pods are not among them. */
const TROUBLES: readonly PodLook[] = ['back-off', 'failed', 'creating', 'not-ready', 'terminating'];
const TROUBLE_SIGN = 12;
/** Words that are cut shorter say nothing. */
const WORDS_WIDTH_MIN = 60;
/** A sign with a count of two digits. */
const COUNTED_WIDTH = TROUBLE_SIGN + 4 + 3 * 6.3 + 6;

export interface NodeView {
  readonly node: NodeRecord;
  /** As last measured; null: nobody has measured, or nobody has asked. */
  readonly usage: UsageRecord | null;
  readonly slots: PodSlots;
  pod(key: string): PodRecord | undefined;
  /** Pods that are drawn elsewhere just now, because they are on their way here. */
  readonly flying: ReadonlySet<string>;
  /** Pods that stay in the light while the rest fades; null: none fades. */
  readonly lit: ReadonlySet<string> | null;
}

/** The words that a card needs. */
export interface CardWords {
  /** Of a pod that runs and may get no traffic. */
  readonly notReady: string;
  /** Of a pod whose node says nothing any more. */
  silent(sinceMs: number | null): string;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  more(count: number): string;
}

export function nodeCardMarks(view: NodeView, at: { readonly x: number; readonly y: number }, words: CardWords): Mark[] {
  const { node } = view;
  return [
    ...frameMarks(node, at),
    ...headMarks(node, at),
    ...capacityMarks(view, at, words),
    ...podMarks(view, at, words),
    ...footMarks(view, at, words),
  ];
}

/** A node's frame by what the API knows, so that a dead machine stays Ready in the picture until the cluster notices. */
function frameMarks(node: NodeRecord, { x, y }: { readonly x: number; readonly y: number }): Mark[] {
  const box: Rect = { x, y, ...CARD };
  const frame: Look =
    node.ready === 'True'
      ? { stroke: 'edge', line: 1.4 }
      : node.ready === 'False'
        ? { stroke: 'bad', line: 2 }
        : { stroke: 'lost', line: 1.8, dash: [7, 5] };
  // A machine without power is only a ghost at home: it lies in its tray.
  const marks: Mark[] = [{ kind: 'rect', ...box, radius: RADIUS, fill: node.powered ? 'raised' : 'ground', ...frame }];
  if (node.cordoned) marks.push(...stripeMarks(x, y));
  return marks;
}

/** A barrier: slanted bars along the top edge. */
function stripeMarks(x: number, y: number): Mark[] {
  let d = '';
  for (let left = RADIUS; left < CARD.width - RADIUS - 6; left += 11) d += `M${left} 5.5l4.5-5h5l-4.5 5Z`;
  return [{ kind: 'path', x, y, d, fill: 'soft' }];
}

function headMarks(node: NodeRecord, { x, y }: { readonly x: number; readonly y: number }): Mark[] {
  const state = node.ready === 'True' ? 'state-ready' : node.ready === 'False' ? 'state-not-ready' : 'state-unknown';
  const sign = factSign(node);
  const signX = x + (node.controlPlane ? 31 : 12);
  const nameX = signX + (sign ? 20 : 0);
  const marks: Mark[] = [
    { kind: 'glyph', glyph: state, x: x + CARD.width - 26, y: y + 8, size: 15, pixelsMin: SIGN_PIXELS_MIN },
    {
      kind: 'text',
      x: x + CARD.width - 30,
      y: y + 20,
      text: shortStatus(node),
      size: 11,
      sizeMax: 15,
      fill: 'soft',
      anchor: 'end',
      widthMax: 64,
    },
    {
      kind: 'text',
      x: nameX,
      y: y + 20.5,
      text: node.name,
      size: 13,
      sizeMax: 31,
      bold: true,
      fill: 'text',
      widthMax: x + CARD.width - nameX - (node.ready === 'True' ? 76 : 96),
    },
  ];
  if (sign) marks.push({ kind: 'glyph', glyph: sign, x: signX, y: y + 8, size: 16, pixelsMin: SIGN_PIXELS_MIN });
  if (node.controlPlane) marks.push({ kind: 'glyph', glyph: 'control-plane', x: x + 10, y: y + 7.5, size: 17 });
  return marks;
}

/** What has really happened to the machine, which the API does not know. */
function factSign(node: NodeRecord): string | undefined {
  if (!node.powered) return 'powered-off';
  if (node.linkCut) return 'network-cut';
  return node.kubeletRunning ? undefined : 'kubelet-stopped';
}

/** The stripe and the frame tell the rest of kubectl's STATUS column. */
function shortStatus(node: NodeRecord): string {
  return node.status.split(',')[0] ?? node.status;
}

/** Bars by where they begin and how wide they are: the longest word has the most room. */
const BARS = [
  { left: 12, width: 59 },
  { left: 78, width: 83 },
  { left: 168, width: 56 },
] as const;

function capacityMarks({ node, usage }: NodeView, { x, y }: { readonly x: number; readonly y: number }, words: CardWords): Mark[] {
  const { allocatable, requested } = node;
  const shares: readonly (readonly [label: string, asked: number, used: number])[] = [
    [words.cpu, share(requested.cpuMillis, allocatable.cpuMillis), share(usage?.cpuMillis ?? 0, allocatable.cpuMillis)],
    [words.memory, share(requested.memoryBytes, allocatable.memoryBytes), share(usage?.memoryBytes ?? 0, allocatable.memoryBytes)],
    [words.pods, share(requested.pods, allocatable.pods), 0],
  ];
  return shares.flatMap(([label, asked, used], index) => {
    const bar = BARS[index] ?? BARS[0];
    const left = x + bar.left;
    const text = `${Math.round(asked * 100)}%`;
    const marks: Mark[] = [
      {
        kind: 'text',
        x: left,
        y: y + 36,
        text: label,
        size: 10.5,
        sizeMax: 13,
        fill: 'faint',
        widthMax: bar.width - text.length * 6.6 - 3,
      },
      { kind: 'text', x: left + bar.width, y: y + 36, text, size: 10.5, sizeMax: 13, fill: 'soft', anchor: 'end' },
      { kind: 'rect', x: left, y: y + 41, width: bar.width, height: 3.5, radius: 1.7, fill: 'line' },
    ];
    const width = bar.width * Math.min(1, asked);
    if (width > 0) marks.push({ kind: 'rect', x: left, y: y + 41, width: Math.max(2, width), height: 3.5, radius: 1.7, fill: 'soft' });
    if (used > 0) marks.push(usedMark(left, y + 46, bar.width * Math.min(1, used)));
    return marks;
  });
}

/** What is asked for is a bar, what is used a line below it: the one may be longer than the other. */
function usedMark(x: number, y: number, width: number): Mark {
  return { kind: 'rect', x, y, width: Math.max(1.5, width), height: 1.6, fill: 'text' };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function podMarks({ node, slots, pod, flying, lit }: NodeView, at: { readonly x: number; readonly y: number }, words: CardWords): Mark[] {
  const marks: Mark[] = [];
  const left = at.x + POD_AREA.x;
  const top = at.y + POD_AREA.y;
  for (const { slot, strength } of slots.ghosts()) {
    const box = slots.box(slot);
    if (box) marks.push(ghostMark({ ...box, x: left + box.x, y: top + box.y }, strength));
  }
  for (const key of slots.keys()) {
    const box = slots.box(slots.slot(key) ?? -1);
    const record = pod(key);
    if (box && record && !flying.has(key))
      marks.push(...inLight(onePod(record, left + box.x, top + box.y, slots, noteOf(record, node, words)), lit?.has(key) ?? true));
  }
  if (slots.hidden > 0) {
    const text = words.more(slots.hidden);
    marks.push({ kind: 'text', x: at.x + CARD.width - 12, y: at.y + FOOT, text, size: 10.5, sizeMax: 16, fill: 'soft', anchor: 'end' });
  }
  return marks;
}

/** Where a pod was that is gone. `strength`: from 1, right after its end, to 0. */
export function ghostMark(box: Rect, strength: number): Mark {
  const inset = box.width * 0.14;
  const width = box.width - 2 * inset;
  return {
    kind: 'rect',
    x: box.x + inset,
    y: box.y + inset,
    width,
    height: width,
    radius: width / 4,
    stroke: 'lost',
    line: 1,
    dash: [1, 2],
    alpha: strength,
  };
}

/** What is not searched for fades, and stays where it is. */
export function inLight(marks: readonly Mark[], lit: boolean): readonly Mark[] {
  return lit ? marks : marks.map((mark) => ({ ...mark, alpha: (mark.alpha ?? 1) * FADED }));
}

/** A pod's square, the restarts as ticks on its right edge, and where there is room its name and what is not well. */
export function onePod(pod: PodRecord, x: number, y: number, slots: PodSlots, note: string): Mark[] {
  const { size, named } = slots.density;
  const marks: Mark[] = [{ kind: 'glyph', glyph: podGlyph(pod.look), x, y, size }];
  if (pod.restarts > 0 && size > 9) marks.push(restartTicks(pod.restarts, x, y, size));
  if (named) marks.push(...wordsBeside(pod.name, note, x + size + 5, y + size * 0.7, slots));
  return marks;
}

/** One for each restart, four for more. */
export function restartTicks(restarts: number, x: number, y: number, size: number): Mark {
  let d = '';
  for (let tick = 0; tick < Math.min(4, restarts); tick += 1)
    d += `M0 ${(size * (0.2 + tick * 0.2)).toFixed(1)}h${(size * 0.14).toFixed(1)}`;
  return { kind: 'path', x: x + size * 0.93, y, d, stroke: 'bad', line: size * 0.09 };
}

function wordsBeside(text: string, noted: string, x: number, y: number, { density, nameWidth, notes }: PodSlots): Mark[] {
  const room = nameWidth - density.size - 10;
  const note = notes ? noted : '';
  const name = { kind: 'text', x, y, text, size: 11, sizeMax: density.pitchY, fill: 'soft', keepsEnd: true } as const;
  if (note === '') return [{ ...name, widthMax: room }];
  const noteLook = { kind: 'text', y, text: note, size: 10.5, sizeMax: density.pitchY, fill: 'faint' } as const;
  if (nameWidth > NAME_WIDTH * 2)
    return [
      { ...name, widthMax: NAME_WIDTH - 10 },
      { ...noteLook, x: x + NAME_WIDTH, widthMax: room - NAME_WIDTH },
    ];
  const noteWidth = Math.min(room * 0.58, widthOf(note));
  return [
    { ...name, widthMax: room - noteWidth - 8 },
    { ...noteLook, x: x + room - 3, anchor: 'end', widthMax: noteWidth },
  ];
}

/** Estimated: Korean letters are about twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x1100 ? 10.8 : 6.3), 0);
}

/** What is not as one hopes: its status, or what its status hides; a triangle where the cluster warns about it. */
function noteOf(pod: PodRecord, node: NodeRecord, words: CardWords): string {
  if (pod.look === 'ready' || pod.look === 'succeeded') return '';
  if (pod.look === 'not-ready') return words.notReady;
  // kubectl goes on to say what the kubelet said last.
  if (pod.look === 'unknown') return node.ready === 'Unknown' ? words.silent(node.readySinceMs) : pod.status;
  if (pod.look !== 'creating') return pod.status;
  // The ring says that containers are being created; words are for what is out of the ordinary.
  if (pod.waiting !== '') return `▲ ${pod.waiting.startsWith('Multi-Attach') ? shortReason(pod.waiting) : pod.status}`;
  return pod.status === 'ContainerCreating' ? '' : pod.status;
}

function footMarks(view: NodeView, { x, y }: { readonly x: number; readonly y: number }, words: CardWords): Mark[] {
  const { node, slots } = view;
  const marks: Mark[] = [];
  let left = x + 12;
  const right = x + CARD.width - 12 - (slots.hidden > 0 ? widthOf(words.more(slots.hidden)) : 0);
  for (const pressure of node.pressures) {
    marks.push({ kind: 'glyph', glyph: `pressure-${pressure}`, x: left, y: y + FOOT - 11.5, size: 14 });
    left += 18;
  }
  const troubles = troublesOf(view, words);
  const taints = shortTaints(node.taints);
  const shown = taints.slice(0, 2);
  const rest = taints.length - shown.length;
  const room = (right - left) * (troubles.length > 1 ? 0.4 : troubles.length > 0 ? 0.5 : 1) - (rest > 0 ? 22 : 0);
  const each = room / Math.max(1, shown.length);
  for (const text of shown) {
    const width = Math.min(shown.length === 1 ? room : each - 4, text.length * 5.9 + 12);
    marks.push({ kind: 'rect', x: left, y: y + FOOT - 12, width, height: 15.5, radius: 3.5, stroke: 'edge', line: 1, from: TAINTS_FROM });
    marks.push({
      kind: 'text',
      x: left + 5,
      y: y + FOOT - 0.4,
      text,
      size: 10.5,
      sizeMax: TAINT_SIZE_MAX,
      fill: 'soft',
      widthMax: width - 8,
    });
    left += width + 4;
  }
  if (rest > 0) {
    marks.push({ kind: 'text', x: left, y: y + FOOT - 1, text: `+${rest}`, size: 10.5, sizeMax: TAINT_SIZE_MAX, fill: 'soft' });
    left += 22;
  }
  return [...marks, ...troubleMarks(troubles, left, right, y)];
}

interface Trouble {
  readonly look: PodLook;
  readonly note: string;
  readonly count: number;
}

/** What is not well with pods that have no room for words beside them. */
function troublesOf({ node, slots, pod, lit }: NodeView, words: CardWords): readonly Trouble[] {
  if (slots.notes) return [];
  const troubles = new Map<string, Trouble>();
  for (const key of slots.keys()) {
    const record = pod(key);
    if (!record || !TROUBLES.includes(record.look) || lit?.has(key) === false) continue;
    const note = noteOf(record, node, words);
    const name = `${record.look} ${note}`;
    if (note !== '') troubles.set(name, { look: record.look, note, count: (troubles.get(name)?.count ?? 0) + 1 });
  }
  return [...troubles.values()].sort((one, other) => TROUBLES.indexOf(one.look) - TROUBLES.indexOf(other.look) || other.count - one.count);
}

/** Each behind the sign that its pods bear, so that the sign is understood without a legend; those for whose words there is no room are counted beside it. */
function troubleMarks(troubles: readonly Trouble[], from: number, right: number, y: number): Mark[] {
  const marks: Mark[] = [];
  let left = from;
  for (const [index, { look, note, count }] of troubles.entries()) {
    const words = left + TROUBLE_SIGN + 4;
    const others = Math.min((troubles.length - index - 1) * COUNTED_WIDTH, Math.max(COUNTED_WIDTH, right - words - WORDS_WIDTH_MIN));
    const full = count > 1 ? `${note} ×${count}` : note;
    const text = index === 0 || words + widthOf(full) + others <= right ? full : `×${count}`;
    const widthMax = index === 0 ? right - others - words : right - words;
    if (index > 0 && words + widthOf(text) > right) break;
    marks.push({ kind: 'glyph', glyph: podGlyph(look), x: left, y: y + FOOT - 10, size: TROUBLE_SIGN, from: TAINTS_FROM });
    marks.push({ kind: 'text', x: words, y: y + FOOT, text, size: 10.5, sizeMax: TAINT_SIZE_MAX, fill: 'soft', widthMax });
    left = words + Math.min(widthOf(text), widthMax) + 6;
  }
  return marks;
}

/** `node.kubernetes.io/unreachable=:NoExecute` reads `unreachable:NoExecute`; effects of the same taint stand together. */
function shortTaints(taints: readonly string[]): string[] {
  const effects = new Map<string, string[]>();
  for (const taint of taints) {
    const short = taint.replace(/^[^=:]*\//, '').replace('=:', ':');
    const at = short.lastIndexOf(':');
    const name = short.slice(0, at);
    effects.set(name, [...(effects.get(name) ?? []), short.slice(at + 1)]);
  }
  return [...effects].map(([name, list]) => `${name}:${list.join(',')}`);
}

/**
 * The picture of storage, read from left to right: class, volume, claim, pod, node, with a rope from each volume to the node it is attached to.
 * Things keep their rows; the picture is put together again only when one of its records has changed.
 */
import type {
  AttachmentRecord,
  ClaimRecord,
  CountdownRecord,
  NodeRecord,
  PodRecord,
  Tables,
  ViewDelta,
} from '../../src-main/contract/view.ts';
import { RowPlaces } from './layouts/row-places.ts';
import { ZoneBlocks } from './layouts/zone-blocks.ts';
import { contains, type Look, type Mark, type Rect } from './mark.ts';
import {
  claimCard,
  classCard,
  crowdCard,
  isCrowd,
  nodeCard,
  podCell,
  podCells,
  STORAGE_CARD_HEIGHT,
  type StorageWords,
  volumeCard,
} from './storage-cards.ts';

/** A thing in the picture that can be pointed at. */
export interface StorageItem {
  readonly kind: string;
  readonly key: string;
  readonly box: Rect;
  readonly marks: readonly Mark[];
}

export interface StoragePicture {
  readonly bounds: Rect;
  /** Drawn below the items. */
  readonly links: readonly Mark[];
  readonly items: readonly StorageItem[];
}

const TABLES = ['classes', 'volumes', 'claims', 'attachments'] as const;
type Kept = Pick<Tables, (typeof TABLES)[number]>;

const COLUMNS = {
  storageClass: { x: 0, width: 170 },
  volume: { x: 188, width: 160 },
  claim: { x: 366, width: 150 },
  pod: { x: 534, width: 178 },
  node: { x: 756, width: 136 },
} as const;
const TOP = 50;
const PITCH = STORAGE_CARD_HEIGHT + 32;
const KIND = {
  storageClass: 'StorageClass.storage.k8s.io',
  volume: 'PersistentVolume',
  claim: 'PersistentVolumeClaim',
  pod: 'Pod',
  node: 'Node',
} as const;
type Column = keyof typeof COLUMNS;
const NODE_BLOCKS = { ...COLUMNS.node, top: TOP, height: 48, gap: 18, head: 27, foot: 16, margin: 10 } as const;
type Add = (column: Column | 'crowd', key: string, box: Rect, marks: readonly Mark[]) => void;

export class StorageScene {
  /** May be replaced when the language changes; what was painted must then be painted again. */
  words: StorageWords;
  readonly #tables: { readonly [Name in keyof Kept]: Map<string, Kept[Name]> } = {
    classes: new Map(),
    volumes: new Map(),
    claims: new Map(),
    attachments: new Map(),
  };
  readonly #nodes = new Map<string, NodeRecord>();
  /** Pods that mount a claim, by record id. */
  readonly #pods = new Map<string, PodRecord>();
  readonly #countdowns = new Map<string, CountdownRecord>();
  readonly #classRows = new RowPlaces();
  readonly #lines = new RowPlaces();
  readonly #nodeBlocks = new ZoneBlocks(NODE_BLOCKS);
  #picture: StoragePicture | undefined;

  constructor(words: StorageWords) {
    this.words = words;
  }

  /** True when the picture must be painted again. */
  fold(reset: boolean, delta: ViewDelta): boolean {
    if (reset) this.#clear();
    let changed = reset;
    for (const name of TABLES) changed = foldInto(this.#tables[name] as Map<string, { id: string }>, delta[name]) || changed;
    changed = foldInto(this.#nodes, delta.nodes) || changed;
    foldInto(this.#countdowns, delta.countdowns);
    for (const id of delta.pods?.remove ?? []) changed = this.#pods.delete(id) || changed;
    for (const pod of delta.pods?.put ?? []) {
      if (pod.claims.length === 0) continue;
      this.#pods.set(pod.id, pod);
      changed = true;
    }
    if (changed) this.#picture = undefined;
    return changed;
  }

  /** Puts the picture together afresh, with the words of now. */
  redraw(): void {
    this.#picture = undefined;
  }

  picture(): StoragePicture {
    this.#picture ??= this.#draw();
    return this.#picture;
  }

  hit(x: number, y: number): StorageItem | null {
    return this.picture().items.find((item) => contains(item.box, x, y)) ?? null;
  }

  item(kind: string, key: string): StorageItem | undefined {
    return this.picture().items.find((item) => item.kind === kind && item.key === key);
  }

  countdowns(): Iterable<CountdownRecord> {
    return this.#countdowns.values();
  }

  #clear(): void {
    for (const name of TABLES) this.#tables[name].clear();
    for (const map of [this.#nodes, this.#pods, this.#countdowns]) map.clear();
    for (const rows of [this.#classRows, this.#lines]) rows.settle([]);
    this.#nodeBlocks.clear();
  }

  #draw(): StoragePicture {
    const items: StorageItem[] = [];
    const byKey = new Map<string, Rect>();
    const frames: Mark[] = [];
    const add: Add = (column, key, box, marks) => {
      // A crowd is no object of its own: only its frame is drawn, and links end at it.
      if (column === 'crowd') frames.push(...marks);
      else items.push({ kind: KIND[column], key, box, marks });
      byKey.set(`${column}:${key}`, box);
    };
    this.#classRows.settle([...this.#tables.classes.values()].map((record) => record.name));
    for (const record of this.#tables.classes.values()) {
      const box = cell('storageClass', this.#classRows.row(record.name) ?? 0);
      add('storageClass', record.name, box, classCard(record, box, this.words));
    }
    this.#drawLines(add);
    this.#drawNodes(add);
    const rows = Math.max(1, this.#classRows.count, this.#lines.count);
    const right = COLUMNS.node.x + COLUMNS.node.width + NODE_BLOCKS.margin;
    return {
      bounds: { x: 0, y: 0, width: right, height: Math.max(TOP + rows * PITCH, this.#nodeBlocks.bottom + 8) },
      links: [...this.#headers(items.length === 0), ...this.#zones(), ...this.#links(byKey), ...this.#ropes(byKey), ...frames],
      items,
    };
  }

  /** A claim and the volume bound to it share a line; a volume nobody is bound to has its own. */
  #drawLines(add: Add): void {
    const claims = [...this.#tables.claims.values()];
    const lineOfVolume = new Map(claims.filter((claim) => claim.volume).map((claim) => [claim.volume, claimLine(claim)]));
    const volumes = [...this.#tables.volumes.values()];
    const lone = volumes.filter((volume) => !lineOfVolume.has(volume.name));
    this.#lines.settle([...claims.map(claimLine), ...lone.map((volume) => `volume:${volume.name}`)]);
    for (const volume of volumes) {
      const box = cell('volume', this.#lines.row(lineOfVolume.get(volume.name) ?? `volume:${volume.name}`) ?? 0);
      add('volume', volume.name, box, volumeCard(volume, box, this.words));
    }
    const podsOf = this.#podsByClaim();
    const silent = new Map([...this.#nodes.values()].filter(({ ready }) => ready === 'Unknown').map((node) => [node.name, node]));
    const statusOf = ({ look, node, status }: PodRecord): string => {
      const home = look === 'unknown' ? silent.get(node) : undefined;
      return home ? this.words.silent(home.readySinceMs) : status;
    };
    for (const claim of claims) {
      const row = this.#lines.row(claimLine(claim)) ?? 0;
      const box = cell('claim', row);
      const key = `${claim.namespace}/${claim.name}`;
      add('claim', key, box, claimCard(claim, box, this.words));
      const pods = podsOf.get(key) ?? [];
      if (isCrowd(pods)) add('crowd', key, cell('pod', row), crowdCard(pods, cell('pod', row), this.words));
      for (const { pod, box: podBox } of podCells(pods, cell('pod', row))) {
        add('pod', `${pod.namespace}/${pod.name}`, podBox, podCell(pod, statusOf(pod), podBox));
      }
    }
  }

  #drawNodes(add: Add): void {
    const used = new Set<string>();
    for (const attachment of this.#tables.attachments.values()) used.add(attachment.node);
    for (const pod of this.#pods.values()) if (pod.node) used.add(pod.node);
    const nodes = [...this.#nodes.values()].filter((node) => used.has(node.name));
    this.#nodeBlocks.settle(nodes);
    for (const node of nodes) {
      const box = this.#nodeBlocks.box(node.name);
      if (box) add('node', node.name, box, nodeCard(node, box));
    }
  }

  #zones(): Mark[] {
    return this.#nodeBlocks.blocks().flatMap(({ zone, box }): Mark[] => [
      { kind: 'rect', ...box, radius: 10, fill: 'surface', stroke: 'line', line: 1 },
      {
        kind: 'text',
        x: box.x + 10,
        y: box.y + 15,
        text: zone || this.words.noZone,
        size: 10.5,
        sizeMax: 15,
        fill: 'soft',
        widthMax: box.width - 20,
      },
    ]);
  }

  #podsByClaim(): Map<string, PodRecord[]> {
    const byClaim = new Map<string, PodRecord[]>();
    for (const pod of this.#pods.values()) {
      for (const claim of pod.claims) {
        const list = byClaim.get(claim);
        if (list) list.push(pod);
        else byClaim.set(claim, [pod]);
      }
    }
    return byClaim;
  }

  #headers(empty: boolean): Mark[] {
    const marks = (Object.keys(COLUMNS) as Column[]).map((column): Mark => {
      const { x, width } = COLUMNS[column];
      return {
        kind: 'text',
        x: x + 2,
        y: 14,
        text: this.words[column],
        size: 11.5,
        sizeMax: 20,
        bold: true,
        fill: 'soft',
        widthMax: width + 14,
      };
    });
    if (empty) marks.push({ kind: 'text', x: 2, y: TOP + 24, text: this.words.nothing, size: 12, sizeMax: 24, fill: 'faint' });
    return marks;
  }

  #links(boxes: ReadonlyMap<string, Rect>): Mark[] {
    const marks: Mark[] = [];
    const link = (from: string, to: string, look: Look = {}): void => {
      const one = boxes.get(from);
      const other = boxes.get(to);
      if (one && other) marks.push({ kind: 'path', x: 0, y: 0, d: curve(one, other), stroke: 'edge', line: 1.2, ...look });
    };
    for (const volume of this.#tables.volumes.values()) link(`storageClass:${volume.storageClass}`, `volume:${volume.name}`);
    for (const claim of this.#tables.claims.values()) {
      const key = `claim:${claim.namespace}/${claim.name}`;
      if (claim.volume) link(`volume:${claim.volume}`, key, { line: 2 });
      else link(`storageClass:${claim.storageClass}`, key, { dash: [4, 4] });
    }
    const crowded = new Set<string>();
    for (const pod of this.#pods.values()) {
      for (const claim of pod.claims) {
        const crowd = `crowd:${claim}`;
        const key = boxes.has(crowd) ? crowd : `pod:${pod.namespace}/${pod.name}`;
        const way = `${key} ${pod.node}`;
        if (crowded.has(way)) continue;
        crowded.add(way);
        link(`claim:${claim}`, key);
        link(key, `node:${pod.node}`);
      }
    }
    return marks;
  }

  #ropes(boxes: ReadonlyMap<string, Rect>): Mark[] {
    const marks: Mark[] = [];
    for (const attachment of this.#tables.attachments.values()) {
      const volume = boxes.get(`volume:${attachment.volume}`);
      const node = boxes.get(`node:${attachment.node}`);
      if (volume && node) marks.push(...ropeMarks(attachment, volume, node, this.words));
    }
    return marks;
  }
}

const ROPES = {
  attaching: { stroke: 'progress', line: 2.2, dash: [5, 5] },
  attached: { stroke: 'soft', line: 2.4 },
  detaching: { stroke: 'ending', line: 2.2, dash: [2, 5] },
  stuck: { stroke: 'bad', line: 3 },
} as const satisfies Readonly<Record<string, Look>>;

/** A rope leaves its volume below, runs between the lines and ends at the side of the node. */
function ropeMarks(attachment: AttachmentRecord, volume: Rect, node: Rect, words: StorageWords): Mark[] {
  const state = attachment.stuck ? 'stuck' : attachment.state;
  const x = volume.x + 24;
  const y = volume.y + volume.height;
  const lane = y + 15;
  const endY = node.y + node.height - 14;
  const turn = node.x - 38;
  const d = `M${x} ${y}C${x} ${lane} ${x} ${lane} ${x + 18} ${lane}H${turn}C${turn + 22} ${lane} ${turn + 14} ${endY} ${node.x} ${endY}`;
  const text = attachment.stuck ? `${words.stuck} · ${words[attachment.state]}` : words[attachment.state];
  const marks: Mark[] = [
    { kind: 'path', x: 0, y: 0, d, ...ROPES[state] },
    { kind: 'text', x: volume.x + volume.width + 10, y: lane - 4, text, size: 10.5, sizeMax: 14, fill: attachment.stuck ? 'bad' : 'soft' },
  ];
  if (attachment.stuck) marks.push({ kind: 'path', x: node.x - 11, y: endY - 5, d: 'M0 0l10 10M10 0L0 10', stroke: 'bad', line: 2.4 });
  return marks;
}

function cell(column: Column, row: number): Rect {
  const { x, width } = COLUMNS[column];
  return { x, y: TOP + row * PITCH, width, height: STORAGE_CARD_HEIGHT };
}

function claimLine(claim: ClaimRecord): string {
  return `claim:${claim.namespace}/${claim.name}`;
}

function curve(from: Rect, to: Rect): string {
  const startX = from.x + from.width;
  const startY = from.y + from.height / 2;
  const endY = to.y + to.height / 2;
  const bend = (to.x - startX) / 2;
  return `M${startX} ${startY}C${startX + bend} ${startY} ${to.x - bend} ${endY} ${to.x} ${endY}`;
}

function foldInto<Value extends { readonly id: string }>(
  map: Map<string, Value>,
  delta: { readonly put: readonly Value[]; readonly remove: readonly string[] } | undefined,
): boolean {
  if (!delta) return false;
  for (const id of delta.remove) map.delete(id);
  for (const record of delta.put) map.set(record.id, record);
  return delta.put.length + delta.remove.length > 0;
}

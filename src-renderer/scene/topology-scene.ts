/**
 * The picture of zones, nodes and pods in parts, each of which is drawn again only when something on it has changed.
 * It folds the same deltas as the stores and keeps positions, so the cost of a frame follows the changes and nothing jumps.
 */
import type { UsageRecord } from '../../src-main/contract/usage.ts';
import type { CountdownRecord, NodeRecord, PodRecord, ViewDelta } from '../../src-main/contract/view.ts';
import { type Density, PodSlots } from './layouts/pod-slots.ts';
import { CARD, GAP, ZONE_HEADER, ZoneGrid } from './layouts/zone-grid.ts';
import { contains, type Mark, overlaps, type Rect } from './mark.ts';
import { newsOf } from './news-of.ts';
import { CARD_DENSITIES, type CardWords, nodeCardMarks, POD_AREA } from './node-card.ts';
import { nodeHeatMarks, Tally } from './node-heat.ts';
import { panelMarks, type TrayWords, trayMarks } from './panel-marks.ts';
import { PodCensus } from './pod-census.ts';

export interface TopologyWords extends CardWords, TrayWords {
  readonly controlPlane: string;
  readonly noZone: string;
  nodes(count: number): string;
}

/** What is under a point. */
export interface Hit {
  readonly kind: 'Pod' | 'Node' | 'Zone';
  readonly key: string;
  readonly box: Rect;
}

/** A pod that found its node: drawn on its way from the tray. */
export interface Flight {
  readonly pod: PodRecord;
  readonly from: Rect;
  readonly to: Rect;
}

export interface TopologyChange {
  /** Parts that look otherwise now, and where they are, or were. */
  readonly dirty: ReadonlyMap<string, Rect>;
  readonly flights: readonly Flight[];
  /** Cards have moved, so every part's place must be read again. */
  readonly moved: boolean;
  /** Nodes came or went. */
  readonly peopled: boolean;
}

/** How near the picture is looked at: nodes as cells, or as cards with their pods. */
export type Nearness = 'far' | 'near';

interface PodPlace {
  pod: PodRecord;
  key: string;
}

/** The pods that no node has yet are kept like those of a node without a name. */
const NOWHERE = '';
const TRAY_TOP = 38;
const TRAY_PADDING = 16;
const TRAY_WIDTH_MIN = 2 * CARD.width;
const TRAY_HEIGHT = ZONE_HEADER + CARD.height + 10;
const ZONES_TOP = TRAY_HEIGHT + GAP;
const TRAY_SIZES = [
  { pitchX: 160, pitchY: 21, size: 18, named: true },
  { pitchX: 22, pitchY: 22, size: 19, named: false },
  { pitchX: 13.7, pitchY: 14, size: 12, named: false },
  { pitchX: 9.1, pitchY: 9.4, size: 8, named: false },
];

export class TopologyScene {
  #words: TopologyWords;
  /** Zones are painted below each card that is painted again, and seldom change. */
  readonly #zoneMarksOf = new Map<string, readonly Mark[]>();
  #zones = new ZoneGrid();
  #controlPlane = new ZoneGrid(true);
  #nodes = new Map<string, NodeRecord>();
  #pods = new Map<string, PodPlace>();
  #podByKey = new Map<string, PodRecord>();
  #slots = new Map<string, PodSlots>();
  #countdowns = new Map<string, CountdownRecord>();
  /** Names of nodes by record id. */
  #nodeNames = new Map<string, string>();
  readonly #flying = new Set<string>();
  /** Pods that stay in the light while the rest fades; null: none fades. What was painted must then be painted again. */
  lit: ReadonlySet<string> | null = null;
  #census = this.#newCensus();
  #usage: ReadonlyMap<string, UsageRecord | null> = new Map();
  /** Where nodes were that this change takes away. */
  readonly #left = new Map<string, Rect>();
  #peopled = false;

  constructor(words: TopologyWords) {
    this.#words = words;
  }

  /** May be replaced when the language changes; what was painted must then be painted again. */
  set words(words: TopologyWords) {
    this.#words = words;
    this.#zoneMarksOf.clear();
  }

  fold(reset: boolean, delta: ViewDelta): TopologyChange {
    if (reset) this.#clear();
    const dirty = new Set<string>();
    const flights: Flight[] = [];
    const before = this.bounds();
    this.#left.clear();
    this.#peopled = reset;
    let moved = reset;
    for (const id of delta.nodes?.remove ?? []) this.#removeNode(id, dirty);
    for (const node of delta.nodes?.put ?? []) moved = this.#putNode(node, dirty) || moved;
    moved = this.#settleGrids() || moved;
    if (this.#peopled) this.#census.forgetZones();
    for (const id of delta.pods?.remove ?? []) this.#removePod(id, dirty);
    for (const pod of delta.pods?.put ?? []) this.#putPod(pod, dirty, flights);
    if (dirty.has('top')) this.#slots.get(NOWHERE)?.settle();
    for (const id of delta.countdowns?.remove ?? []) this.#countdowns.delete(id);
    for (const countdown of delta.countdowns?.put ?? []) this.#countdowns.set(countdown.id, countdown);
    const after = this.bounds();
    moved ||= after.width !== before.width || after.height !== before.height;
    if (moved || this.#peopled) this.#zoneMarksOf.clear();
    if (moved) {
      this.#slots.get(NOWHERE)?.resize(this.#trayDensities());
      dirty.add('top');
    }
    const boxes = new Map<string, Rect>();
    for (const key of dirty) {
      const box = this.boxOf(key);
      if (box) boxes.set(key, box);
    }
    return { dirty: boxes, flights: reset ? [] : flights, moved, peopled: this.#peopled };
  }

  /** Folds all that there is, after a time without news: what is as it was keeps its place, and what went meanwhile leaves a ghost. */
  rejoin({ nodes, pods, countdowns }: ViewDelta): TopologyChange {
    this.#flying.clear();
    return this.fold(false, {
      nodes: newsOf(nodes?.put ?? [], this.#nodeNames.keys(), ({ name }) => this.#nodes.get(name)),
      pods: newsOf(pods?.put ?? [], this.#pods.keys(), ({ id }) => this.#pods.get(id)?.pod),
      countdowns: newsOf(countdowns?.put ?? [], this.#countdowns.keys(), ({ id }) => this.#countdowns.get(id)),
    });
  }

  /** What nodes use, by name, as it was last measured: only cards on which it differs look otherwise. */
  tellUsage(usage: ReadonlyMap<string, UsageRecord | null>): TopologyChange {
    const dirty = new Map<string, Rect>();
    for (const name of new Set([...usage.keys(), ...this.#usage.keys()])) {
      const [before, next] = [this.#usage.get(name), usage.get(name)];
      const same = before?.cpuMillis === next?.cpuMillis && before?.memoryBytes === next?.memoryBytes;
      if (!same && this.#nodes.has(name)) dirty.set(`node:${name}`, this.nodeBox(name));
    }
    this.#usage = usage;
    return { dirty, flights: [], moved: false, peopled: false };
  }

  /** While a pod flies it is left out of its card. */
  setFlying(key: string, flying: boolean): void {
    if (flying) this.#flying.add(key);
    else this.#flying.delete(key);
  }

  /** Keys of parts: `zone:a`, `node:worker-1`, `top`. What comes later lies above. */
  *parts(): Generator<{ readonly key: string; readonly box: Rect }> {
    yield { key: 'top', box: this.#topBox() };
    for (const zone of this.#zones.zoneNames()) yield { key: `zone:${zone}`, box: this.zoneBox(zone) };
    for (const name of this.#nodes.keys()) yield { key: `node:${name}`, box: this.nodeBox(name) };
  }

  /** Those that an area touches, found by where they stand and not by looking at all. */
  *partsIn(area: Rect): Generator<{ readonly key: string; readonly box: Rect }> {
    const top = this.#topBox();
    if (overlaps(top, area)) {
      yield { key: 'top', box: top };
      for (const { name, box } of this.#controlPlane.cardsIn(area)) yield { key: `node:${name}`, box };
    }
    for (const zone of this.#zones.zoneNames()) {
      const box = this.zoneBox(zone);
      if (overlaps(box, area)) yield { key: `zone:${zone}`, box };
    }
    const inZones = { ...area, y: area.y - ZONES_TOP };
    for (const { name, box } of this.#zones.cardsIn(inZones)) yield { key: `node:${name}`, box: this.#shift(box) };
  }

  /** Where a part is, or was before this change took it away. */
  boxOf(key: string): Rect | undefined {
    if (key === 'top') return this.#topBox();
    const name = key.slice(5);
    if (key.startsWith('zone:')) return this.zoneBox(name);
    return this.#nodes.has(name) ? this.nodeBox(name) : this.#left.get(name);
  }

  marks(key: string, nearness: Nearness = 'near'): readonly Mark[] {
    if (key === 'top') return this.#topMarks();
    if (key.startsWith('zone:')) return this.#zoneMarks(key.slice(5));
    const node = this.#nodes.get(key.slice(5));
    if (!node) return [];
    if (nearness === 'far') return nodeHeatMarks(node, this.#litTally(node.name), this.nodeBox(node.name), this.#fades(node.name));
    const view = {
      node,
      usage: this.#usage.get(node.name) ?? null,
      slots: this.#slotsOf(node.name),
      pod: (pod: string) => this.#podByKey.get(pod),
      flying: this.#flying,
      lit: this.lit,
    };
    return nodeCardMarks(view, this.nodeBox(node.name), this.#words);
  }

  bounds(): Rect {
    const top = this.#topBox();
    const zones = this.#zones.extent();
    return { x: 0, y: 0, width: top.width, height: top.height + (zones.height > 0 ? GAP + zones.height : 0) };
  }

  /** How the pods of a zone are, counted. */
  zoneTally(zone: string): Tally {
    return this.#census.zoneTally(zone, this.#zones.nodesOf(zone));
  }

  podsOfWorkload(namespace: string, kind: string, name: string): Iterable<string> {
    return this.#census.ofWorkload(namespace, kind, name);
  }

  hit(x: number, y: number): Hit | null {
    const waiting = this.#slots.get(NOWHERE);
    const inTray = waiting && this.#podAt(waiting, NOWHERE, x, y);
    if (inTray) return inTray;
    const name = this.nodeAt(x, y);
    if (name !== undefined) return this.#podAt(this.#slotsOf(name), name, x, y) ?? { kind: 'Node', key: name, box: this.nodeBox(name) };
    return (
      this.zoneNames()
        .map((zone) => this.zoneHead(zone))
        .find(({ box }) => contains(box, x, y)) ?? null
    );
  }

  /** What of a zone can be taken hold of. */
  zoneHead(zone: string): Hit {
    return { kind: 'Zone', key: zone, box: { ...this.zoneBox(zone), height: ZONE_HEADER } };
  }

  nodeAt(x: number, y: number): string | undefined {
    for (const { key, box } of this.partsIn({ x, y, width: 1, height: 1 }))
      if (key.startsWith('node:') && contains(box, x, y)) return key.slice(5);
    return undefined;
  }

  /** Those that a band touches, in the order of the keyboard. */
  nodesIn(band: Rect): readonly string[] {
    return [...this.#nodes.keys()].filter((name) => overlaps(this.nodeBox(name), band));
  }

  /** Whether this part is a node that is there. */
  isNode(key: string): boolean {
    return key.startsWith('node:') && this.#nodes.has(key.slice(5));
  }

  node(name: string): NodeRecord | undefined {
    return this.#nodes.get(name);
  }

  pod(key: string): PodRecord | undefined {
    return this.#podByKey.get(key);
  }

  /** Zones in order of place, then the nodes of each: the order of the keyboard. */
  zoneNames(): readonly string[] {
    return this.#zones.zoneNames();
  }
  nodesOf(zone: string): readonly string[] {
    return this.#zones.nodesOf(zone);
  }
  controlPlaneNodes(): readonly string[] {
    return this.#controlPlane.nodesOf('');
  }
  /** '' asks for the pods without a node. */
  podsOf(node: string): readonly string[] {
    return [...(this.#slots.get(node)?.keys() ?? [])];
  }

  /** Pods in an area that are drawn at least this large, with their places; at most so many. */
  podsIn(area: Rect, sizeMin: number, most: number): readonly { readonly key: string; readonly box: Rect }[] {
    const found: { key: string; box: Rect }[] = [];
    for (const { key: part } of this.partsIn(area)) {
      const node = part === 'top' ? NOWHERE : part.slice(5);
      const slots = part.startsWith('zone:') ? undefined : this.#slots.get(node);
      if (!slots || slots.density.size < sizeMin) continue;
      for (const key of slots.keys()) {
        const box = this.#placeOf(node, key);
        if (box && overlaps(box, area)) found.push({ key, box });
        if (found.length === most) return found;
      }
    }
    return found;
  }

  zoneBox(zone: string): Rect {
    return this.#shift(this.#zones.zoneBox(zone));
  }

  nodeBox(name: string): Rect {
    if (this.#zones.zoneOf(name) !== undefined) return this.#shift(this.#zones.cardBox(name));
    return this.#controlPlane.cardBox(name);
  }

  podBox(key: string): Rect | undefined {
    const pod = this.#podByKey.get(key);
    if (!pod) return undefined;
    return this.#placeOf(pod.node, key);
  }

  countdowns(): Iterable<CountdownRecord> {
    return this.#countdowns.values();
  }

  /** Whether the pods of this node have their names beside them. */
  named(node: string): boolean {
    return this.#slots.get(node)?.density.named ?? false;
  }

  #newCensus(): PodCensus {
    return new PodCensus((node) => this.#zones.zoneOf(node));
  }

  #settleGrids(): boolean {
    const above = this.#controlPlane.settle();
    return this.#zones.settle() || above;
  }

  #clear(): void {
    this.#zones = new ZoneGrid();
    this.#controlPlane = new ZoneGrid(true);
    for (const map of [this.#nodes, this.#pods, this.#podByKey, this.#slots, this.#countdowns, this.#nodeNames]) map.clear();
    this.#census = this.#newCensus();
    this.#flying.clear();
  }

  #putNode(node: NodeRecord, dirty: Set<string>): boolean {
    const grid = node.controlPlane ? this.#controlPlane : this.#zones;
    const zone = node.controlPlane ? '' : node.zone;
    const isNew = grid.zoneOf(node.name) !== zone;
    grid.add(node.name, zone);
    this.#peopled ||= isNew;
    this.#nodes.set(node.name, node);
    this.#nodeNames.set(node.id, node.name);
    dirty.add(`node:${node.name}`);
    if (isNew) dirty.add(node.controlPlane ? 'top' : `zone:${zone}`);
    return isNew;
  }

  #removeNode(id: string, dirty: Set<string>): void {
    const name = this.#nodeNames.get(id) ?? id;
    if (this.#nodes.has(name)) this.#left.set(name, this.nodeBox(name));
    this.#peopled = true;
    this.#zones.remove(name);
    this.#controlPlane.remove(name);
    this.#nodes.delete(name);
    this.#nodeNames.delete(id);
    dirty.add(`node:${name}`).add('top');
  }

  #putPod(pod: PodRecord, dirty: Set<string>, flights: Flight[]): void {
    const known = this.#pods.get(pod.id);
    const key = known?.key ?? `${pod.namespace}/${pod.name}`;
    const before = known?.pod;
    const place = pod.node;
    this.#census.change(before, pod, key);
    if (known) known.pod = pod;
    else this.#pods.set(pod.id, { pod, key });
    this.#podByKey.set(key, pod);
    if (before && before.node !== place) {
      const from = this.#placeOf(before.node, key);
      this.#slots.get(before.node)?.remove(key);
      dirty.add(tileOf(before.node));
      this.#slotsOf(place).add(key);
      const to = this.#placeOf(place, key);
      if (from && to) flights.push({ pod, from, to });
    } else {
      this.#slotsOf(place).add(key);
    }
    dirty.add(tileOf(pod.node));
  }

  #removePod(id: string, dirty: Set<string>): void {
    const gone = this.#pods.get(id);
    if (!gone) return;
    this.#pods.delete(id);
    this.#census.change(gone.pod, undefined, gone.key);
    if (this.#podByKey.get(gone.key)?.id === id) this.#podByKey.delete(gone.key);
    this.#slots.get(gone.pod.node)?.remove(gone.key);
    dirty.add(tileOf(gone.pod.node));
  }

  /** Of the pods in the light, when there is such a thing. */
  #litTally(node: string): Tally | undefined {
    const { lit } = this;
    if (!lit) return this.#census.tally(node);
    const tally = new Tally();
    for (const key of this.#slots.get(node)?.keys() ?? []) {
      const pod = lit.has(key) ? this.#podByKey.get(key) : undefined;
      if (pod) tally.add(pod.look, 1);
    }
    return tally;
  }

  #fades(node: string): boolean {
    const { lit } = this;
    return lit !== null && !this.podsOf(node).some((key) => lit.has(key));
  }

  #slotsOf(place: string): PodSlots {
    let slots = this.#slots.get(place);
    if (!slots) {
      slots = place === NOWHERE ? new PodSlots(this.#trayDensities(), false) : new PodSlots(CARD_DENSITIES);
      this.#slots.set(place, slots);
    }
    return slots;
  }

  #trayDensities(): readonly Density[] {
    const width = this.#trayBox().width - 2 * TRAY_PADDING;
    const height = TRAY_HEIGHT - TRAY_TOP - 10;
    return TRAY_SIZES.map((size) => ({ ...size, columns: Math.floor(width / size.pitchX), rows: Math.floor(height / size.pitchY) }));
  }

  #placeOf(place: string, key: string): Rect | undefined {
    const slots = this.#slots.get(place);
    const box = slots?.box(slots.slot(key) ?? Number.MAX_SAFE_INTEGER);
    if (!box) return undefined;
    const corner = place === NOWHERE ? this.#trayCorner() : this.#podCorner(place);
    return { ...box, x: corner.x + box.x, y: corner.y + box.y };
  }

  #podAt(slots: PodSlots, place: string, x: number, y: number): Hit | null {
    const corner = place === NOWHERE ? this.#trayCorner() : this.#podCorner(place);
    const { pitchX, size, named } = slots.density;
    const slot = slots.at(x - corner.x, y - corner.y);
    if (slot === undefined) return null;
    const key = slots.keyAt(slot);
    const box = slots.box(slot);
    if (!key || !box) return null;
    const insideX = x - corner.x - box.x <= (named ? pitchX - 4 : size);
    return insideX && y - corner.y - box.y <= size ? { kind: 'Pod', key, box: { ...box, x: corner.x + box.x, y: corner.y + box.y } } : null;
  }

  #podCorner(node: string): { x: number; y: number } {
    const box = this.nodeBox(node);
    return { x: box.x + POD_AREA.x, y: box.y + POD_AREA.y };
  }

  /** Zones stand below the control plane and the tray. */
  #shift(box: Rect): Rect {
    return { ...box, y: box.y + ZONES_TOP };
  }

  #controlPlaneWidth(): number {
    return this.#controlPlane.extent().width;
  }

  #trayBox(): Rect {
    const left = this.#controlPlaneWidth();
    const x = left > 0 ? left + GAP : 0;
    return { x, y: 0, width: Math.max(TRAY_WIDTH_MIN, this.#zones.extent().width - x), height: TRAY_HEIGHT };
  }

  #trayCorner(): { x: number; y: number } {
    return { x: this.#trayBox().x + TRAY_PADDING, y: TRAY_TOP };
  }

  #topBox(): Rect {
    const tray = this.#trayBox();
    return { x: 0, y: 0, width: tray.x + tray.width, height: TRAY_HEIGHT };
  }

  #topMarks(): Mark[] {
    const control = { x: 0, y: 0, width: this.#controlPlaneWidth(), height: TRAY_HEIGHT };
    const tray = {
      box: this.#trayBox(),
      corner: this.#trayCorner(),
      slots: this.#slots.get(NOWHERE),
      pod: (key: string) => this.#podByKey.get(key),
      lit: this.lit,
    };
    return [...(control.width > 0 ? panelMarks(control, this.#words.controlPlane, '') : []), ...trayMarks(tray, this.#words)];
  }

  #zoneMarks(zone: string): readonly Mark[] {
    let marks = this.#zoneMarksOf.get(zone);
    if (!marks) {
      const count = this.#zones.nodesOf(zone).length;
      marks = panelMarks(this.zoneBox(zone), zone || this.#words.noZone, this.#words.nodes(count));
      this.#zoneMarksOf.set(zone, marks);
    }
    return marks;
  }
}

function tileOf(node: string): string {
  return node ? `node:${node}` : 'top';
}

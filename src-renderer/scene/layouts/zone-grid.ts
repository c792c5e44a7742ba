/**
 * Where zones and nodes stand: a column block for each zone, a place in it for each node.
 * Position is memory: a zone and a node keep their places until another world is opened, or a zone grows to twice what it was laid out for.
 */
import { overlaps, type Rect } from '../mark.ts';

export const CARD = { width: 236, height: 132 } as const;
export const GAP = 12;
/** A zone is taken hold of by its head. */
export const ZONE_HEADER = 34;
const ZONE_PADDING = 10;
const PITCH_X = CARD.width + GAP;
const PITCH_Y = CARD.height + GAP;
/** Wanted width of the whole against its height. */
const ASPECT = 1.6;

interface Zone {
  columns: number;
  laidOutFor: number;
  readonly places: (string | null)[];
}

export class ZoneGrid {
  readonly #zones = new Map<string, Zone>();
  readonly #zoneOf = new Map<string, string>();
  #boxes = new Map<string, Rect>();
  #stale = true;
  readonly #singleRow: boolean;

  constructor(singleRow = false) {
    this.#singleRow = singleRow;
  }

  add(node: string, zoneName: string): void {
    if (this.#zoneOf.get(node) === zoneName) return;
    this.remove(node);
    let zone = this.#zones.get(zoneName);
    if (!zone) {
      zone = { columns: 1, laidOutFor: 0, places: [] };
      this.#zones.set(zoneName, zone);
    }
    const free = zone.places.indexOf(null);
    if (free >= 0) zone.places[free] = node;
    else zone.places.push(node);
    this.#zoneOf.set(node, zoneName);
    this.#stale = true;
  }

  remove(node: string): void {
    const zone = this.#zones.get(this.#zoneOf.get(node) ?? '');
    if (!zone || !this.#zoneOf.delete(node)) return;
    zone.places[zone.places.indexOf(node)] = null;
    this.#stale = true;
  }

  /** Chooses the columns of zones that are new or have doubled, once all of a change is in. True when cards have moved. */
  settle(): boolean {
    const fresh = [...this.#zones.values()].filter(({ places, laidOutFor }) => places.length > 0 && places.length >= laidOutFor * 2);
    const most = Math.max(0, ...fresh.map(({ places }) => places.length));
    const share = (ASPECT * most * CARD.height) / (this.#zones.size * CARD.width);
    // All are as high as the largest, so that zones of about the same size have the same shape.
    const rows = Math.ceil(most / Math.max(1, Math.ceil(Math.sqrt(share) - 0.15)));
    let moved = false;
    for (const zone of fresh) {
      const count = zone.places.length;
      const columns = this.#singleRow ? count : Math.ceil(count / rows);
      moved ||= columns !== zone.columns;
      zone.columns = columns;
      zone.laidOutFor = this.#singleRow ? 0 : count;
    }
    if (moved) this.#stale = true;
    return moved;
  }

  zoneOf(node: string): string | undefined {
    return this.#zoneOf.get(node);
  }

  zoneNames(): readonly string[] {
    return [...this.#zones.keys()].sort(byCodeUnits);
  }

  nodesOf(zone: string): readonly string[] {
    return this.#zones.get(zone)?.places.filter((node) => node !== null) ?? [];
  }

  zoneBox(zone: string): Rect {
    this.#layOut();
    return this.#boxes.get(`zone:${zone}`) ?? EMPTY;
  }

  cardBox(node: string): Rect {
    this.#layOut();
    return this.#boxes.get(`node:${node}`) ?? EMPTY;
  }

  /** The cards that an area touches, found by arithmetic. */
  *cardsIn(area: Rect): Generator<{ readonly name: string; readonly box: Rect }> {
    this.#layOut();
    for (const [zoneName, { columns, places }] of this.#zones) {
      const zone = this.#boxes.get(`zone:${zoneName}`);
      if (!zone || !overlaps(zone, area)) continue;
      const left = area.x - zone.x - ZONE_PADDING;
      const top = area.y - ZONE_HEADER;
      const lastRow = Math.ceil(places.length / columns) - 1;
      for (let row = Math.max(0, Math.floor(top / PITCH_Y)); row <= Math.min(lastRow, Math.floor((top + area.height) / PITCH_Y)); row += 1)
        for (
          let column = Math.max(0, Math.floor(left / PITCH_X));
          column <= Math.min(columns - 1, Math.floor((left + area.width) / PITCH_X));
          column += 1
        ) {
          const name = places[row * columns + column];
          const box = name ? this.#boxes.get(`node:${name}`) : undefined;
          if (name && box && overlaps(box, area)) yield { name, box };
        }
    }
  }

  extent(): Rect {
    let right = 0;
    let bottom = 0;
    for (const name of this.#zones.keys()) {
      const box = this.zoneBox(name);
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
    }
    return { x: 0, y: 0, width: right, height: bottom };
  }

  #layOut(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.#boxes = new Map();
    let x = 0;
    const rowsMax = Math.max(0, ...[...this.#zones.values()].map((zone) => Math.ceil(zone.places.length / zone.columns)));
    for (const name of this.zoneNames()) {
      const zone = this.#zones.get(name) as Zone;
      const width = zone.columns * PITCH_X - GAP + 2 * ZONE_PADDING;
      const height = ZONE_HEADER + rowsMax * PITCH_Y - GAP + ZONE_PADDING;
      this.#boxes.set(`zone:${name}`, { x, y: 0, width, height });
      for (const [index, node] of zone.places.entries()) {
        if (node === null) continue;
        const left = x + ZONE_PADDING + (index % zone.columns) * PITCH_X;
        const top = ZONE_HEADER + Math.floor(index / zone.columns) * PITCH_Y;
        this.#boxes.set(`node:${node}`, { x: left, y: top, ...CARD });
      }
      x += width + GAP;
    }
  }
}

const EMPTY: Rect = { x: 0, y: 0, width: 0, height: 0 };

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

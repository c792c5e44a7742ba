/**
 * Nodes one below the other, those of a zone together in a block of their own.
 * A node keeps its row in its block for as long as it lives; a block grows, and pushes the blocks below it, only when a node comes.
 */
import type { Rect } from '../mark.ts';
import { RowPlaces } from './row-places.ts';

export interface BlockSizes {
  readonly x: number;
  readonly width: number;
  /** Where the first node begins; the head of its block is above. */
  readonly top: number;
  readonly height: number;
  readonly gap: number;
  readonly head: number;
  readonly foot: number;
  /** On both sides of the nodes, and between two blocks. */
  readonly margin: number;
}

export interface ZoneBlock {
  readonly zone: string;
  readonly box: Rect;
}

export class ZoneBlocks {
  readonly #sizes: BlockSizes;
  readonly #rows = new Map<string, RowPlaces>();
  readonly #zoneOf = new Map<string, string>();

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes;
  }

  settle(nodes: readonly { readonly name: string; readonly zone: string }[]): void {
    this.#zoneOf.clear();
    for (const { name, zone } of nodes) {
      this.#zoneOf.set(name, zone);
      if (!this.#rows.has(zone)) this.#rows.set(zone, new RowPlaces());
    }
    for (const [zone, rows] of this.#rows) rows.settle(nodes.filter((node) => node.zone === zone).map(({ name }) => name));
  }

  clear(): void {
    this.#rows.clear();
    this.#zoneOf.clear();
  }

  /** In the order of their names. */
  blocks(): readonly ZoneBlock[] {
    const { x, width, top, height, gap, head, foot, margin } = this.#sizes;
    let y = top - head;
    return this.#zones().map((zone) => {
      const count = this.#rows.get(zone)?.count ?? 0;
      const box = { x: x - margin, y, width: width + 2 * margin, height: head + count * height + (count - 1) * gap + foot };
      y += box.height + margin;
      return { zone, box };
    });
  }

  box(node: string): Rect | undefined {
    const { x, width, height, gap, head } = this.#sizes;
    const zone = this.#zoneOf.get(node) ?? '';
    const block = this.blocks().find((one) => one.zone === zone);
    const row = this.#rows.get(zone)?.row(node);
    return block && row !== undefined ? { x, y: block.box.y + head + row * (height + gap), width, height } : undefined;
  }

  /** Below the last block. */
  get bottom(): number {
    const last = this.blocks().at(-1)?.box;
    return last ? last.y + last.height : 0;
  }

  #zones(): readonly string[] {
    return [...this.#rows]
      .filter(([, rows]) => rows.count > 0)
      .map(([zone]) => zone)
      .sort();
  }
}

// What one window sees: the live world, or a moment of its past. Going from one to the other tells only what is different, so that what stays keeps its place.
import type { ObjectTableDelta } from '../../contract/object-table.ts';
import type { ViewDelta } from '../../contract/view.ts';
import { inSlices } from '../in-slices.ts';
import { ObjectTable } from '../object-table.ts';
import type { TableReader } from '../projection/table-set.ts';
import type { Sight, World } from '../world.ts';
import type { LookBack } from './look-back.ts';

export interface Seen {
  readonly reset: boolean;
  readonly delta: ViewDelta;
  /** Since the last time. */
  readonly written: boolean;
  readonly table: ObjectTableDelta | undefined;
  /** There is more to take. */
  readonly more: boolean;
}

export class WindowSight {
  readonly table = new ObjectTable();
  #live: World;
  #past: Sight | null = null;
  #reader: TableReader;
  #reset = true;
  /** Of the store, when the window was last told. */
  #revision = -1;
  /** Counts wishes, so that a newer one cancels an older one. */
  #wishes = 0;

  constructor(live: World) {
    this.#live = live;
    this.#reader = live.projection.tables.open();
  }

  get world(): Sight {
    return this.#past ?? this.#live;
  }
  get isPast(): boolean {
    return this.#past !== null;
  }

  /** Another world was opened. */
  replace(live: World): void {
    this.#wishes += 1;
    this.#past = null;
    this.#live = live;
    this.#reader = live.projection.tables.open();
    this.#reset = true;
    this.table.replace(live.cluster);
  }

  /** Goes to a moment of the past. False: a newer wish took its place. */
  async goTo(lookBack: LookBack, atMs: number): Promise<boolean> {
    this.#wishes += 1;
    const mine = this.#wishes;
    await lookBack.ready;
    const past = await inSlices(lookBack.worldAt(atMs, this.#past), () => this.#wishes !== mine);
    if (past === undefined || this.#wishes !== mine) return false;
    this.#show(past);
    this.#past = past;
    return true;
  }

  /** Back to the present. */
  leave(): void {
    this.#wishes += 1;
    if (this.#past === null) return;
    this.#show(this.#live);
    this.#past = null;
  }

  take(recordsMax: number): Seen {
    const { projection, cluster } = this.world;
    const settled = projection.refresh(recordsMax);
    const reset = this.#reset;
    this.#reset = false;
    const table = this.table.take();
    const { revision } = cluster.store;
    const written = revision !== this.#revision;
    this.#revision = revision;
    return { reset, delta: projection.tables.take(this.#reader), written, table, more: !settled || table?.complete === false };
  }

  close(): void {
    this.#wishes += 1;
    this.table.close();
    this.world.projection.tables.close(this.#reader);
  }

  #show(next: Sight): void {
    const before = this.world;
    if (next.projection === before.projection) return;
    next.projection.refresh();
    this.#reader = next.projection.tables.openAfter(before.projection.tables, this.#reader);
    this.table.replace(next.cluster);
  }
}

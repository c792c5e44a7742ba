// Keeps on disk what a crash must not take: the whole world now and then, and every command at once; the rest follows from the two.
import type { Cluster, LoggedCommand } from '../engine/cluster.ts';
import { packInSlices, packSnapshot } from './snapshot-file.ts';

/** Where it is kept. Worlds are numbered in the order in which they were opened; the newest is the one to go on with. */
export interface LabStorage {
  /** `world` as a snapshot, which holds all saved commands but `later` ones. Worlds before it are not needed any more. */
  saveWorld(world: number, bytes: Uint8Array, later: readonly (readonly [index: number, command: LoggedCommand])[]): void;
  /** Command `index` of the world's log, after those before it; false when it could not be saved and has to be tried again. */
  saveCommand(world: number, index: number, command: LoggedCommand): boolean;
}

/** The first picture comes first. */
const FIRST_SAVE_MS = 3000;
const SAVE_EVERY_MS = 60_000;
/** Saving a large world takes a while, in slices: a hundredth of the time at most. */
const SAVE_SHARE = 100;

export class LabKeeper {
  readonly #storage: LabStorage;
  readonly #now: () => number;
  #world = 0;
  #cluster: Cluster;
  /** How many commands of the log are on disk. */
  #commands: number;
  /** How many entries had run when the world was last saved; -1: never. */
  #processed: number;
  #dueMs: number;
  /** Stands for the save in slices that is under way. */
  #saving: object | null = null;

  /** `recovered`: the storage holds the world and its commands already. `now`: monotonic real milliseconds. */
  constructor(storage: LabStorage, cluster: Cluster, recovered: boolean, now: () => number) {
    this.#storage = storage;
    this.#now = now;
    this.#cluster = cluster;
    this.#commands = recovered ? cluster.log().length : 0;
    this.#processed = recovered ? cluster.timeline.processed : -1;
    this.#dueMs = now() + FIRST_SAVE_MS;
  }

  /** Another world takes the place of the one before. */
  begin(cluster: Cluster): void {
    this.#world += 1;
    this.#cluster = cluster;
    this.#processed = -1;
    this.#save();
  }

  /** Commands may have been done. */
  acted(): void {
    const log = this.#cluster.log();
    if (this.#commands === log.length && this.#processed >= 0) return;
    if (this.#processed < 0) {
      this.#save();
      return;
    }
    // None may be missing between others: what follows from them is another world.
    while (this.#commands < log.length && this.#storage.saveCommand(this.#world, this.#commands, log[this.#commands] as LoggedCommand))
      this.#commands += 1;
  }

  /** Time has passed. */
  advanced(): void {
    if (this.#saving === null && this.#now() >= this.#dueMs && this.#processed !== this.#cluster.timeline.processed)
      void this.#saveInSlices();
  }

  /** Nothing more is to be kept. */
  close(): void {
    this.#saving = null;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** In one piece, for what must not be lost. */
  #save(): void {
    const startMs = this.#now();
    this.#saving = null;
    const commands = this.#cluster.log().length;
    this.#storage.saveWorld(this.#world, packSnapshot(this.#cluster.save()), []);
    this.#commands = commands;
    this.#saved(startMs, this.#cluster.timeline.processed);
  }

  /** The world as it is now; commands that come meanwhile are saved as ever, and stay beside the world. */
  async #saveInSlices(): Promise<void> {
    const mine = {};
    this.#saving = mine;
    const startMs = this.#now();
    const cluster = this.#cluster;
    const { processed } = cluster.timeline;
    const known = cluster.log().length;
    const bytes = await packInSlices(cluster, () => this.#saving !== mine);
    if (bytes === undefined || this.#saving !== mine) return;
    this.#saving = null;
    // A command that broke the world is in its log, and not kept.
    const later = [...cluster.log().entries()].slice(known, this.#commands);
    this.#storage.saveWorld(this.#world, bytes, later);
    this.#commands = Math.max(this.#commands, known);
    this.#saved(startMs, processed);
  }

  #saved(startMs: number, processed: number): void {
    this.#processed = processed;
    const endMs = this.#now();
    this.#dueMs = endMs + Math.max(SAVE_EVERY_MS, (endMs - startMs) * SAVE_SHARE);
  }
}

// Keeps on disk what a crash must not take: the whole world now and then, and every command at once; the rest follows from the two.
import type { Cluster, LoggedCommand } from '../engine/cluster.ts';
import { packSnapshot } from './snapshot-file.ts';

/** Where it is kept. Worlds are numbered in the order in which they were opened; the newest is the one to go on with. */
export interface LabStorage {
  /** `world` as a snapshot, which holds the commands that were saved before. Worlds before it are not needed any more. */
  saveWorld(world: number, bytes: Uint8Array): void;
  /** Command `index` of the world's log. */
  saveCommand(world: number, index: number, command: LoggedCommand): void;
}

/** The first picture comes first. */
const FIRST_SAVE_MS = 3000;
const SAVE_EVERY_MS = 60_000;
/** Saving a large world takes a while during which nothing moves: it may cost a thousandth of the time. */
const SAVE_SHARE = 1000;

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
    for (; this.#commands < log.length; this.#commands += 1)
      this.#storage.saveCommand(this.#world, this.#commands, log[this.#commands] as LoggedCommand);
  }

  /** Time has passed. */
  advanced(): void {
    if (this.#now() >= this.#dueMs && this.#processed !== this.#cluster.timeline.processed) this.#save();
  }

  #save(): void {
    const startMs = this.#now();
    const commands = this.#cluster.log().length;
    this.#storage.saveWorld(this.#world, packSnapshot(this.#cluster.save()));
    this.#commands = commands;
    this.#processed = this.#cluster.timeline.processed;
    const endMs = this.#now();
    this.#dueMs = endMs + Math.max(SAVE_EVERY_MS, (endMs - startMs) * SAVE_SHARE);
  }
}

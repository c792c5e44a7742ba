/**
 * The mirror of the cluster: every record the window may draw, kept up to date by folding the deltas of each frame.
 * Records live in plain maps with one counter a table, because thousands of reactive records would cost more than drawing them.
 */
import type { Frame, NodeRecord, PodLook, PodRecord, TableName, Tables, ViewDelta } from '../../src-main/contract/view.ts';

export type TableMaps = { readonly [Name in TableName]: Map<string, Tables[Name]> };
export type LookCounts = Readonly<Record<PodLook, number>>;
/** What a fold changed, for those who keep a picture of their own. */
export interface ClusterChange {
  readonly reset: boolean;
  readonly delta: ViewDelta;
  /** Objects may be different, even where no record is. */
  readonly written: boolean;
}

/** The window keeps this many Events; the cluster may hold more. */
const EVENTS_MAX = 400;

export class ClusterStore {
  readonly #tables: TableMaps = {
    nodes: new Map(),
    pods: new Map(),
    classes: new Map(),
    volumes: new Map(),
    claims: new Map(),
    attachments: new Map(),
    objects: new Map(),
    countdowns: new Map(),
    events: new Map(),
    failures: new Map(),
    loads: new Map(),
    groups: new Map(),
  };
  #revisions = $state<Record<TableName, number>>({
    nodes: 0,
    pods: 0,
    classes: 0,
    volumes: 0,
    claims: 0,
    attachments: 0,
    objects: 0,
    countdowns: 0,
    events: 0,
    failures: 0,
    loads: 0,
    groups: 0,
  });
  readonly #listeners = new Set<(change: ClusterChange) => void>();
  readonly #counting = emptyCounts();
  /** Pods by look, for the legend. */
  looks: LookCounts = $state.raw(emptyCounts());
  /** All nodes, and those that are Ready. */
  nodeCounts: { readonly all: number; readonly ready: number } = $state.raw({ all: 0, ready: 0 });
  #nodesReady = 0;
  /** By name; of nodes that are gone, too, whose ids lead nowhere. */
  readonly #nodeIds = new Map<string, string>();
  /** Which of the worlds that this window has shown it is. */
  world = 0;
  /** False until the first frame has come. */
  ready = $state(false);
  /** The report of a world that has stopped on a broken assertion; ''. */
  crash = $state('');

  /** A table to read from; a reader inside a derivation is run again when the table changes. */
  table<Name extends TableName>(name: Name): ReadonlyMap<string, Tables[Name]> {
    void this.#revisions[name];
    return this.#tables[name];
  }

  list<Name extends TableName>(name: Name): Tables[Name][] {
    return [...this.table(name).values()];
  }

  node(name: string): NodeRecord | undefined {
    return this.table('nodes').get(this.#nodeIds.get(name) ?? '');
  }

  fold({ opened, delta, written, crash }: Frame): void {
    const reset = opened !== undefined;
    if (reset) {
      this.#clear();
      this.world += 1;
    }
    for (const name of Object.keys(delta) as TableName[]) this.#foldTable(name, delta[name] as TableDelta);
    if (delta.pods || reset) this.looks = { ...this.#counting };
    if (delta.nodes || reset) this.#tellNodes();
    if (crash !== undefined) this.crash = crash;
    this.ready = true;
    for (const listener of this.#listeners) listener({ reset, delta, written: written === true || Object.keys(delta).length > 0 });
  }

  /** Hears every fold after it was made; a new listener first hears everything there is as one change. */
  onChange(listener: (change: ClusterChange) => void): () => void {
    const delta: Record<string, TableDelta> = {};
    for (const [name, map] of Object.entries(this.#tables)) delta[name] = { put: [...map.values()], remove: [] };
    listener({ reset: true, delta: delta as ViewDelta, written: true });
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #clear(): void {
    for (const name of Object.keys(this.#tables) as TableName[]) {
      this.#tables[name].clear();
      this.#revisions[name] += 1;
    }
    Object.assign(this.#counting, emptyCounts());
    this.#nodesReady = 0;
    this.#nodeIds.clear();
    this.crash = '';
  }

  #foldTable(name: TableName, { put, remove }: TableDelta): void {
    const map = this.#tables[name] as Map<string, TableRecord>;
    for (const id of remove) {
      if (name === 'pods') this.#count(map.get(id) as PodRecord | undefined, -1);
      else if (name === 'nodes') this.#countNode(map.get(id) as NodeRecord | undefined, -1);
      map.delete(id);
    }
    for (const record of put) {
      if (name === 'pods') {
        this.#count(map.get(record.id) as PodRecord | undefined, -1);
        this.#count(record as PodRecord, 1);
      } else if (name === 'nodes') {
        this.#countNode(map.get(record.id) as NodeRecord | undefined, -1);
        this.#countNode(record as NodeRecord, 1);
        this.#nodeIds.set((record as NodeRecord).name, record.id);
      }
      if (name === 'events') map.delete(record.id);
      map.set(record.id, record);
    }
    if (name === 'events') dropOldest(map);
    this.#revisions[name] += 1;
  }

  #count(pod: PodRecord | undefined, by: number): void {
    if (pod) this.#counting[pod.look] += by;
  }

  #countNode(node: NodeRecord | undefined, by: number): void {
    if (node?.ready === 'True') this.#nodesReady += by;
  }

  /** The same counts again are no news. */
  #tellNodes(): void {
    const all = this.#tables.nodes.size;
    if (all !== this.nodeCounts.all || this.#nodesReady !== this.nodeCounts.ready) this.nodeCounts = { all, ready: this.#nodesReady };
  }
}

type TableRecord = Tables[TableName];
interface TableDelta {
  readonly put: readonly TableRecord[];
  readonly remove: readonly string[];
}

function dropOldest(map: Map<string, unknown>): void {
  for (const id of map.keys()) {
    if (map.size <= EVENTS_MAX) return;
    map.delete(id);
  }
}

function emptyCounts(): Record<PodLook, number> {
  return {
    unscheduled: 0,
    creating: 0,
    'not-ready': 0,
    ready: 0,
    'back-off': 0,
    failed: 0,
    succeeded: 0,
    terminating: 0,
    unknown: 0,
  };
}

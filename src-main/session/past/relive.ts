// Lives a restored world's past once more, from the beginning of its scenario: a snapshot holds what is, and what was follows from the commands in it.
import { Cluster, type ClusterState, type LoggedCommand } from '../../engine/cluster.ts';
import { LifeJournal } from '../life-journal.ts';
import { kindsTold, stateTold } from '../object-lives.ts';
import { Chronicle } from '../timeline/chronicle.ts';
import { elsewhere } from './elsewhere.ts';
import { runTo } from './look-back.ts';

/** Larger worlds are not lived again without being asked. */
const NODES_MAX = 200;

export interface Relived {
  readonly journal: LifeJournal;
  readonly chronicle: Chronicle;
  /** Where the scenario begins. */
  readonly start: ClusterState;
}

/** Begins with what the world is at the first step. Null: it does not come out the same, as when another version of the program made it. */
export function* relive(restored: Cluster): Generator<void, Relived | null> {
  const { scenario } = restored;
  const end = markOf(restored);
  const { nowMs, processed } = restored.timeline;
  const log = [...restored.log()];
  if (scenario.machines.length > NODES_MAX) return null;
  yield;
  let relived: Relived & { readonly cluster: Cluster };
  try {
    relived = yield* elsewhere(begin(scenario));
    yield* elsewhere(goOn(relived.cluster, log, processed, nowMs), relived.journal.hear);
  } catch {
    // An assertion of the replay: this program has no such history.
    return null;
  }
  return markOf(relived.cluster) === end ? relived : null;
}

function* begin(scenario: Cluster['scenario']): Generator<void, Relived & { readonly cluster: Cluster }> {
  const cluster = Cluster.start(scenario);
  yield;
  const start = yield* cluster.saveInSteps();
  return { cluster, start, journal: new LifeJournal(cluster, kindsTold, stateTold, false), chronicle: new Chronicle(cluster) };
}

/** To the very entry after which the world was saved. */
function* goOn(cluster: Cluster, log: readonly LoggedCommand[], processed: number, nowMs: number): Generator<void> {
  for (const logged of log) {
    yield* runTo(cluster, logged.processed);
    cluster.redo([logged]);
    yield;
  }
  yield* runTo(cluster, processed);
  if (cluster.timeline.nowMs < nowMs) cluster.advance(nowMs);
}

/** Two worlds with the same queue, chance and count of changes are the same world. */
function markOf({ timeline, store }: Cluster): string {
  return JSON.stringify([timeline.save(), store.revision]);
}

// How long the lab holds its thread at a time at full speed, everything included: slices, pauses for garbage, frames for a window.
import { performance } from 'node:perf_hooks';
import { Lab } from '../../../session/lab.ts';
import { deployment, emptyScenario, readyReplicas } from './ready-cluster.ts';

/** The thread was free: nothing was done. */
const IDLE_MS_MAX = 1;

/** Wall milliseconds between two moments at which a click would be heard. */
export interface Turns {
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** While the pods of a Deployment start, and while a zone dies and they are replaced. */
export async function longestTurns(replicas: number, nodes: number): Promise<Turns> {
  const lab = new Lab({ scenario: emptyScenario(nodes), speed: 'max', playing: false });
  const session = lab.openSession(() => {});
  const { cluster } = lab.world;
  const isReady = (): boolean => readyReplicas(cluster) === replicas;
  cluster.command({ type: 'apply', object: deployment(replicas) });
  session.receive(JSON.stringify({ id: 1, method: 'clock.play' }));
  const starting = await turnsUntil(isReady);
  cluster.command({ type: 'fail', failure: 'zone-outage', target: 'zone-b' });
  const dying = [...(await turnsUntil(() => !isReady())), ...(await turnsUntil(isReady))];
  session.close();
  lab.close();
  const turns = [...starting, ...dying].filter((ms) => ms > IDLE_MS_MAX).sort((a, b) => a - b);
  return { p95Ms: turns[Math.floor(turns.length * 0.95)] as number, longestMs: turns.at(-1) as number };
}

function turnsUntil(isDone: () => boolean): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const turns: number[] = [];
    let beforeMs = performance.now();
    const turn = (): void => {
      const nowMs = performance.now();
      turns.push(nowMs - beforeMs);
      beforeMs = nowMs;
      if (isDone()) resolve(turns);
      else setImmediate(turn);
    };
    setImmediate(turn);
  });
}

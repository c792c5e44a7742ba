// Says on each node how long its kubelet may go without asking anew for secrets and config maps: longer in larger clusters, for the API server's sake.
// upstream: pkg/controller/ttl/ttl_controller.go
import { type AnyController, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { isNotFound } from '../meta/status-error.ts';
import { nextBeatMs } from '../time/pulse.ts';

const ANNOTATION = 'node.alpha.kubernetes.io/ttl';
/** From so many nodes on, up to so many, so many seconds: they overlap, so that one node more or less is no turn. upstream: ttlBoundaries */
const STEPS: readonly (readonly [from: number, to: number, seconds: number])[] = [
  [0, 100, 0],
  [90, 500, 15],
  [450, 1_000, 30],
  [900, 2_000, 60],
  [1_800, Number.MAX_SAFE_INTEGER, 300],
];

interface Memory {
  nodes: number;
  step: number;
}

export const ttlController: AnyController = defineController<Memory>({
  name: 'ttl-controller',
  workers: 5,
  initialState: () => ({ nodes: 0, step: 0 }),
  start,
});

function start({ cache, client, queue, physics, restored, state, time }: ControllerContext<Memory>): RunningController {
  const nodes = cache(nodeKind);
  const secondsNow = (): string => String(STEPS[state.step]?.[2] ?? 0);
  const count = (by: number): void => {
    state.nodes += by;
    const [from, to] = STEPS[state.step] ?? [0, 0];
    if (by > 0 ? state.nodes <= to : state.nodes >= from) return;
    state.step += by;
    // The turn reaches each node when its kubelet next says how it is, which makes no news here.
    for (const { metadata } of nodes.values()) {
      const status = physics.get('heartbeat', metadata.name)?.status;
      const beatMs = status === undefined ? null : nextBeatMs(status, time.nowMs);
      if (beatMs !== null) queue.addAfter(metadata.name, beatMs - time.nowMs);
    }
  };
  const look = ({ metadata: { name, annotations } }: Node): void => {
    if (annotations?.[ANNOTATION] !== secondsNow()) queue.add(name);
  };
  nodes.onChange((next, previous) => {
    if (next === undefined || previous === undefined) count(next === undefined ? -1 : 1);
    if (next !== undefined) look(next);
  });
  if (!restored)
    for (const node of nodes.values()) {
      count(1);
      look(node);
    }
  return {
    reconcile: (name) => {
      const seconds = secondsNow();
      if (nodes.get(name)?.metadata.annotations?.[ANNOTATION] === seconds || nodes.get(name) === undefined) return;
      try {
        client.patch(nodeKind, name, (current) => ({
          ...current,
          metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, [ANNOTATION]: seconds } },
        }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

// Suites of node health, taints, zones and taint eviction: a case's clock and objects drive the very rules that the lab's controllers run.

import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import { healthDefaults, judgeNode, type NodeHealth } from '../../../engine/controllers/node-life/node-health.ts';
import { withSameLabels } from '../../../engine/controllers/node-life/node-labels.ts';
import { evictionState, stepReport, stepTurn } from '../../../engine/controllers/node-life/node-states.ts';
import { withEviction, withScheduleTaints } from '../../../engine/controllers/node-life/node-taints.ts';
import { executeTaintsOn, PodEvictions, tolerationSeconds } from '../../../engine/controllers/node-life/pod-evictions.ts';
import { countsForDisruption, judgeZones, zoneOf } from '../../../engine/controllers/node-life/zone-state.ts';
import type { Node } from '../../../engine/kinds/core/node.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import { findCondition } from '../../../engine/meta/conditions.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import type { Taint, Toleration } from '../../../engine/meta/tolerations.ts';
import { Timeline } from '../../../engine/time/timeline.ts';
import { compareWherePresent, compareWhole } from './compare.ts';
import type { Suites } from './run-conformance.ts';
import { wholeObject } from './whole-object.ts';

interface LeaseOfCase {
  readonly spec: { readonly renewTime: string };
}

interface HealthCase {
  readonly now: string;
  readonly gracePeriodSeconds: number;
  readonly startupGracePeriodSeconds: number;
  readonly node: Node;
  readonly lease: LeaseOfCase | null;
  readonly later: {
    readonly afterSeconds: number;
    readonly conditions: Node['status']['conditions'];
    readonly lease: LeaseOfCase | null;
  } | null;
}

interface ZoneCase {
  readonly now: string;
  readonly nodes: readonly Node[];
  readonly laterSeconds: number;
  readonly laterStatuses: readonly Node['status'][];
  readonly unhealthyZoneThreshold: number;
}

interface TaintCase {
  readonly effect: 'NoExecute' | 'NoSchedule';
  readonly steps: readonly { readonly nodes: readonly Node[] }[];
}

type EvictionEvent = { readonly atSeconds: number } & (
  | { readonly kind: 'Pod'; readonly object: Pod }
  | { readonly kind: 'Node'; readonly object: Node }
);

interface EvictionCase {
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly events?: readonly EvictionEvent[];
  readonly untilSeconds: number;
}

export const nodeLifeSuites: Suites = {
  'node.health': { run: health, compare: compareConditions },
  'node.labels': ({ labels }: { labels: Readonly<Record<string, string>> }) => ({
    labels: withSameLabels({ metadata: { labels } } as unknown as Node).metadata.labels,
  }),
  'node.taints': { run: taints, compare: compareTaints },
  'node.zone-state': zones,
  'taint.eviction': { run: evictions, compare: compareDeletions },
  'taint.toleration-seconds': ({ tolerations }: { tolerations: readonly Toleration[] }) => ({ seconds: tolerationSeconds(tolerations) }),
};

function health({ now, gracePeriodSeconds, startupGracePeriodSeconds, node: given, lease, later }: HealthCase): unknown {
  const node = wholeObject(given);
  const settings = { gracePeriodMs: gracePeriodSeconds * 1000, startupGracePeriodMs: startupGracePeriodSeconds * 1000 };
  const startMs = parseTimestamp(now) ?? 0;
  let verdict = judgeNode(node, lease?.spec.renewTime ?? null, null, settings, startMs);
  if (later !== null && later !== undefined) {
    const next = { ...node, status: { ...node.status, ...(later.conditions && { conditions: later.conditions }) } };
    verdict = judgeNode(next, later.lease?.spec.renewTime ?? null, verdict.health, settings, startMs + later.afterSeconds * 1000);
  }
  const podsMarkedNotReady = verdict.observed.status === 'True' && verdict.current !== undefined && verdict.current.status !== 'True';
  return { podsMarkedNotReady, conditions: verdict.conditions };
}

function zones({ now, nodes, laterSeconds, laterStatuses, unhealthyZoneThreshold }: ZoneCase): unknown {
  const memory = new Map<string, NodeHealth>();
  const look = (seen: readonly Node[], unixMs: number, previous: Parameters<typeof judgeZones>[1]): ReturnType<typeof judgeZones> => {
    const statuses = new Map<string, (string | undefined)[]>();
    for (const node of seen) {
      const { name } = node.metadata;
      const { health: after, current } = judgeNode(node, null, memory.get(name) ?? null, healthDefaults, unixMs);
      memory.set(name, after);
      const zone = statuses.get(zoneOf(node)) ?? [];
      if (countsForDisruption(node)) statuses.set(zoneOf(node), [...zone, current?.status]);
    }
    return judgeZones(statuses, previous, unhealthyZoneThreshold);
  };
  const startMs = parseTimestamp(now) ?? 0;
  const first = nodes.map(wholeObject);
  const initial = look(first, startMs, {});
  const changed = first.map((node, index) => ({ ...node, status: laterStatuses[index] ?? node.status }));
  const later = look(changed, startMs + laterSeconds * 1000, initial.states);
  return { initial: initial.states, later: later.states };
}

function taints({ effect, steps }: TaintCase): unknown {
  let carried: Readonly<Record<string, readonly Taint[]>> = {};
  return {
    steps: steps.map(({ nodes }) => {
      const after = nodes.map(wholeObject).map((node) => {
        const tainted = { ...node, spec: { ...node.spec, taints: carried[node.metadata.name] ?? node.spec?.taints ?? [] } };
        return effect === 'NoSchedule' ? withScheduleTaints(tainted, 0) : withExecuteTaints(tainted);
      });
      carried = Object.fromEntries(after.map((node) => [node.metadata.name, node.spec.taints ?? []]));
      return Object.fromEntries(
        Object.entries(carried).map(([name, all]) => [
          name,
          all.filter((taint) => taint.effect === effect).map(({ key }) => ({ key, effect })),
        ]),
      );
    }),
  };
}

/** One pass over the node and, when it then waits for its taint, its turn. */
function withExecuteTaints(node: Node): Node {
  const status = findCondition(node.status.conditions, 'Ready')?.status;
  if (status === undefined) return node;
  let next = node;
  let isQueued = false;
  const action = (name: string): void => {
    if (name === 'queueTaint') isQueued = true;
    next = withEviction(next, name, 0);
  };
  stepReport(evictionState(node, false, status), status, { action });
  if (isQueued) stepTurn(evictionState(next, true, status), status, { action });
  return next;
}

// Upstream's tables run on a real clock, on which an event comes a little after what was known at the start.
const EVENT_DELAY_MS = 1;

function evictions({ nodes = [], pods = [], events = [], untilSeconds }: EvictionCase): unknown {
  const timeline = Timeline.start(0, 0);
  const knownNodes = new Map(nodes.map((node) => [node.metadata.name, node]));
  const knownPods = new Map(pods.map((pod) => [keyOf(pod), pod]));
  const deletions: { pod: string; atSeconds: number }[] = [];
  const controller = new PodEvictions(
    { evictions: {} },
    {
      get nowMs() {
        return timeline.nowMs;
      },
      podsOn: (node) => [...knownPods.values()].filter((pod) => pod.spec.nodeName === node),
      taintsOf: (node) => executeTaintsOn(knownNodes.get(node)),
      after: (delayMs, pod) => timeline.schedule('case', 'due', keyOf(pod), delayMs),
      cancel: (timer) => timeline.cancel(timer),
      evict: (key) => {
        if (knownPods.delete(key)) deletions.push({ pod: key.slice(key.indexOf('/') + 1), atSeconds: timeline.nowMs / 1000 });
      },
      cancelled: () => {},
    },
  );
  timeline.handle('case', (name, key) => {
    if (name === 'due') {
      controller.due(key);
      return;
    }
    const event = events[Number(key)];
    if (event?.kind === 'Pod') {
      knownPods.set(keyOf(event.object), event.object);
      controller.podChanged(event.object);
    } else if (event?.kind === 'Node') {
      knownNodes.set(event.object.metadata.name, event.object);
      controller.nodeChanged(event.object.metadata.name);
    }
  });
  for (const node of nodes) controller.nodeChanged(node.metadata.name);
  events.forEach(({ atSeconds }, index) => {
    timeline.schedule('case', 'event', String(index), atSeconds * 1000 + EVENT_DELAY_MS * (index + 1));
  });
  timeline.advance(untilSeconds * 1000, 10_000);
  return { deletions };
}

function compareConditions(actual: unknown, expected: unknown): readonly string[] {
  const { conditions, podsMarkedNotReady } = expected as { conditions?: readonly unknown[] | null; podsMarkedNotReady: boolean };
  const got = actual as { conditions: readonly unknown[] | null; podsMarkedNotReady: boolean };
  const marked = compareWhole(got.podsMarkedNotReady, podsMarkedNotReady);
  if (conditions === undefined) return marked;
  return [...marked, ...(conditions === null ? compareWhole(got.conditions, null) : compareWherePresent(got.conditions, conditions))];
}

interface ExpectedTaints {
  readonly contains?: readonly Taint[];
  readonly exactly?: readonly Taint[];
}

function compareTaints(actual: unknown, expected: unknown): readonly string[] {
  const got = (actual as { steps: readonly Record<string, readonly Taint[]>[] }).steps;
  const { steps } = expected as { steps: readonly Record<string, ExpectedTaints>[] };
  return steps.flatMap((nodes, index) =>
    Object.entries(nodes).flatMap(([name, { contains, exactly }]) => {
      const taints = got[index]?.[name] ?? [];
      const keys = new Set((contains ?? []).map(({ key }) => key));
      return contains === undefined
        ? compareWhole(taints, exactly)
        : compareWhole(
            taints.filter(({ key }) => keys.has(key)),
            contains,
          );
    }),
  );
}

function compareDeletions(actual: unknown, expected: unknown): readonly string[] {
  type Deletions = { readonly deletions: readonly { readonly pod: string; readonly atSeconds: number }[] };
  const rounded = ({ deletions }: Deletions): unknown =>
    deletions.map(({ pod, atSeconds }) => `${pod} at ${Math.round(atSeconds)}`).toSorted((a, b) => (a < b ? -1 : 1));
  return compareWhole(rounded(actual as Deletions), rounded(expected as Deletions));
}

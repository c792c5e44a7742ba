// Says what a failure will do by letting it happen in a fork of the world and watching: no prose that could be wrong.
import type { Prediction, PredictionStep } from '../contract/bridge.ts';
import type { Delta } from '../engine/api/store.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { Event } from '../engine/kinds/core/event.ts';
import type { Node } from '../engine/kinds/core/node.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import type { EndpointSlice } from '../engine/kinds/discovery/endpoint-slice.ts';
import { findCondition, isConditionTrue } from '../engine/meta/conditions.ts';
import { controllerOf } from '../engine/meta/owner-references.ts';

/** Long enough for 50 s of silence, 300 s of toleration and a slow start elsewhere. */
export const HORIZON_MS = 900_000;
/** Few enough that no batch of ordinary entries is felt. */
const BATCH = 4;
/** More names than this tell a person less than their number. */
const NAMED_MAX = 3;

interface Watched {
  readonly steps: PredictionStep[];
  readonly unknown: Set<string>;
  readonly dropped: Set<string>;
  readonly deleted: Set<string>;
  /** Owners of pods that were deleted: what they make from then on takes the place of those. */
  readonly bereft: Set<string>;
  readonly replaced: Set<string>;
  readonly stuck: Map<string, string>;
}

/** Yields between small batches of entries; the fork is thrown away at the end. */
export function* predict(cluster: Cluster, failure: string, targets: readonly string[]): Generator<void, Prediction> {
  const fork = yield* cluster.forkInSteps();
  const startMs = fork.timeline.nowMs;
  const watched: Watched = {
    steps: [],
    unknown: new Set(),
    dropped: new Set(),
    deleted: new Set(),
    bereft: new Set(),
    replaced: new Set(),
    stuck: new Map(),
  };
  fork.store.onEveryChange((delta) => watch(watched, delta, delta.atMs - startMs));
  for (const target of targets) fork.command({ type: 'fail', failure, target });
  while (!fork.advance(startMs + HORIZON_MS, BATCH)) yield;
  return { horizonMs: HORIZON_MS, steps: summarise(watched, fork) };
}

function step(watched: Watched, afterMs: number, what: PredictionStep['what'], values: PredictionStep['values']): void {
  const last = watched.steps.find((other) => other.what === what);
  // One line a kind of consequence: it begins at its first instance, lasts until its last.
  if (last === undefined) {
    watched.steps.push({ afterMs, what, values: { ...values, count: 1, untilMs: afterMs } });
    return;
  }
  const count = Number(last.values['count']) + 1;
  const { pods } = last.values as { readonly pods?: string };
  // A few are named; of many their number says more.
  const names = pods === undefined ? {} : { pods: pods === '' || count > NAMED_MAX ? '' : `${pods}, ${values['pods']}` };
  Object.assign(last.values, { count, untilMs: afterMs }, names);
}

function watch(watched: Watched, delta: Delta, afterMs: number): void {
  const { kind, key, object, previous } = delta;
  if (kind === 'Node') {
    const status = findCondition((object as Node).status.conditions, 'Ready')?.status;
    if (status === 'Unknown' && !watched.unknown.has(key)) {
      watched.unknown.add(key);
      step(watched, afterMs, 'node-unknown', { node: key });
    }
  } else if (kind === 'EndpointSlice.discovery.k8s.io')
    watchEndpoints(watched, object as EndpointSlice, previous as EndpointSlice | null, afterMs);
  else if (kind === 'Pod') watchPod(watched, key, object as Pod, previous as Pod | null, afterMs);
  else if (kind === 'Event') {
    const { reason, involvedObject, message } = object as Event;
    if (reason === 'FailedAttachVolume' && message?.startsWith('Multi-Attach') === true)
      watched.stuck.set(`${involvedObject.namespace}/${involvedObject.name}`, message);
  }
}

function readyAddresses(slice: EndpointSlice | null): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const endpoint of slice?.endpoints ?? [])
    if (endpoint.conditions?.ready !== false) for (const address of endpoint.addresses) addresses.add(address);
  return addresses;
}

function watchEndpoints(watched: Watched, slice: EndpointSlice, previous: EndpointSlice | null, afterMs: number): void {
  const now = readyAddresses(slice);
  for (const address of readyAddresses(previous)) {
    if (now.has(address) || watched.dropped.has(address)) continue;
    watched.dropped.add(address);
    step(watched, afterMs, 'endpoints-drop', {});
  }
}

function watchPod(watched: Watched, key: string, pod: Pod, previous: Pod | null, afterMs: number): void {
  const owner = controllerOf(pod);
  if (previous === null) {
    if (owner === undefined || !watched.bereft.has(owner.uid)) return;
    watched.replaced.add(key);
    step(watched, afterMs, 'pods-replaced', { pods: pod.metadata.name });
    return;
  }
  if (pod.metadata.deletionTimestamp !== undefined && previous.metadata.deletionTimestamp === undefined && !watched.deleted.has(key)) {
    watched.deleted.add(key);
    if (owner) watched.bereft.add(owner.uid);
    step(watched, afterMs, 'pods-deleted', { pods: pod.metadata.name });
  }
  const ready = isConditionTrue(pod.status.conditions, 'Ready');
  if (watched.replaced.has(key) && ready && !isConditionTrue(previous.status.conditions, 'Ready'))
    step(watched, afterMs, 'pods-ready-again', { pods: pod.metadata.name });
}

/** What is still not well at the horizon is stuck, with the reason its own events and conditions give. */
function summarise(watched: Watched, fork: Cluster): readonly PredictionStep[] {
  const stuck: string[] = [];
  const homeless = new Map<string, string[]>();
  for (const key of watched.replaced) {
    const pod = fork.store.get('Pod', key) as Pod | undefined;
    if (pod === undefined || pod.status.phase === 'Succeeded' || isConditionTrue(pod.status.conditions, 'Ready')) continue;
    const volume = watched.stuck.get(key);
    if (volume !== undefined)
      watched.steps.push({ afterMs: HORIZON_MS, what: 'volume-stuck', values: { pod: pod.metadata.name, reason: volume } });
    else {
      const scheduled = findCondition(pod.status.conditions, 'PodScheduled');
      const reason = scheduled?.status === 'False' ? (scheduled.message ?? '') : '';
      if (reason === '') stuck.push(pod.metadata.name);
      else homeless.set(reason, [...(homeless.get(reason) ?? []), pod.metadata.name]);
    }
  }
  const staying = podsThatStay(watched.unknown, fork);
  if (staying.length > 0)
    watched.steps.push({ afterMs: HORIZON_MS, what: 'pods-stay', values: { count: staying.length, pods: named(staying) } });
  for (const [reason, names] of homeless)
    watched.steps.push({ afterMs: HORIZON_MS, what: 'pods-unscheduled', values: { count: names.length, pods: named(names), reason } });
  if (stuck.length > 0)
    watched.steps.push({ afterMs: HORIZON_MS, what: 'pods-stuck', values: { count: stuck.length, pods: named(stuck) } });
  if (watched.steps.length === 0) watched.steps.push({ afterMs: HORIZON_MS, what: 'nothing', values: {} });
  return watched.steps;
}

/** They tolerate it longer, or their turn has not come: large zones are evicted at a limited rate. */
function podsThatStay(nodes: ReadonlySet<string>, fork: Cluster): readonly string[] {
  if (nodes.size === 0) return [];
  const pods = [...fork.store.table('Pod').values()] as Pod[];
  const stays = ({ spec, metadata }: Pod): boolean => nodes.has(spec.nodeName ?? '') && metadata.deletionTimestamp === undefined;
  return pods.filter(stays).map(({ metadata }) => metadata.name);
}

function named(names: readonly string[]): string {
  return names.length > NAMED_MAX ? `${names.slice(0, NAMED_MAX).join(', ')}, …` : names.join(', ');
}

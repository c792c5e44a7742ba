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
  /** What was told already, as `what key`. */
  readonly told: Set<string>;
  /** What is told of this world without the failure, too: no consequence of it. */
  readonly usual: ReadonlySet<string>;
  /** Pods that came by themselves: in another fork they have other names. */
  readonly born: Set<string>;
  /** Uids of owners that lost a pod: what they make next takes its place. */
  readonly bereft: Set<string>;
  readonly replaced: Set<string>;
  readonly unready: Set<string>;
  readonly stuck: Map<string, string>;
}

/** Yields between small batches of entries; the forks are thrown away at the end. */
export function* predict(cluster: Cluster, failure: string, targets: readonly string[]): Generator<void, Prediction> {
  const fork = yield* cluster.forkInSteps();
  const usual = yield* runAhead(yield* fork.forkInSteps(), watching(new Set()));
  const watched = watching(usual.told);
  const strike = (): void => targets.forEach((target) => void fork.command({ type: 'fail', failure, target }));
  yield* runAhead(fork, watched, strike);
  return { horizonMs: HORIZON_MS, steps: summarise(watched, fork) };
}

function* runAhead(fork: Cluster, watched: Watched, strike: () => void = () => {}): Generator<void, Watched> {
  const startMs = fork.timeline.nowMs;
  fork.store.onEveryChange((delta) => watch(watched, delta, delta.atMs - startMs));
  strike();
  while (!fork.advance(startMs + HORIZON_MS, BATCH)) yield;
  return watched;
}

function watching(usual: ReadonlySet<string>): Watched {
  const sets = { unknown: new Set<string>(), told: new Set<string>(), born: new Set<string>(), bereft: new Set<string>() };
  return { steps: [], usual, ...sets, replaced: new Set(), unready: new Set(), stuck: new Map() };
}

/** Each consequence once for each object. False: it has been told, or would have come without the failure. */
function tell(watched: Watched, afterMs: number, what: PredictionStep['what'], key: string, values: PredictionStep['values']): boolean {
  const name = `${what} ${key}`;
  if (watched.told.has(name)) return false;
  watched.told.add(name);
  if (watched.usual.has(name)) return false;
  step(watched, afterMs, what, values);
  return true;
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
  const { kind, key, type, object, previous } = delta;
  if (kind === 'Node') {
    // A node that was lost before is not lost once more.
    if (!isUnknown(object as Node) || isUnknown(previous as Node | null)) return;
    if (tell(watched, afterMs, 'node-unknown', key, { node: key })) watched.unknown.add(key);
  } else if (kind === 'EndpointSlice.discovery.k8s.io')
    watchEndpoints(watched, type === 'DELETED' ? null : (object as EndpointSlice), previous as EndpointSlice | null, afterMs);
  else if (kind === 'Pod') watchPod(watched, delta, afterMs);
  else if (kind === 'Event') {
    const { reason, involvedObject, message } = object as Event;
    const pod = `${involvedObject.namespace}/${involvedObject.name}`;
    if (reason === 'FailedAttachVolume' && message?.startsWith('Multi-Attach') === true) watched.stuck.set(pod, message);
    else if (reason === 'SuccessfulAttachVolume') watched.stuck.delete(pod);
  }
}

function isUnknown(node: Node | null): boolean {
  return findCondition(node?.status.conditions, 'Ready')?.status === 'Unknown';
}

function readyAddresses(slice: EndpointSlice | null): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const endpoint of slice?.endpoints ?? [])
    if (endpoint.conditions?.ready !== false) for (const address of endpoint.addresses) addresses.add(address);
  return addresses;
}

function watchEndpoints(watched: Watched, slice: EndpointSlice | null, previous: EndpointSlice | null, afterMs: number): void {
  const now = readyAddresses(slice);
  for (const address of readyAddresses(previous)) if (!now.has(address)) tell(watched, afterMs, 'endpoints-drop', address, {});
}

function watchPod(watched: Watched, { type, key, object, previous, cause }: Delta, afterMs: number): void {
  const pod = object as Pod;
  const before = previous as Pod | null;
  const owner = controllerOf(pod)?.uid;
  const told = (what: PredictionStep['what']): boolean => tell(watched, afterMs, what, key, { pods: pod.metadata.name });
  if (before === null) {
    const isReplacement = owner !== undefined && watched.bereft.has(owner);
    if (isReplacement && told('pods-replaced')) watched.replaced.add(key);
    else if (!isReplacement) watched.born.add(pod.metadata.uid);
    return;
  }
  if (watched.born.has(pod.metadata.uid) || before.metadata.deletionTimestamp !== undefined) return;
  const lost = (what: PredictionStep['what']): void => {
    if (told(what) && owner !== undefined) watched.bereft.add(owner);
  };
  // Without grace an object goes and is never marked.
  if (type === 'DELETED' || pod.metadata.deletionTimestamp !== undefined) {
    lost('pods-deleted');
    return;
  }
  if (pod.status.phase === 'Failed' && before.status.phase !== 'Failed') lost('pods-failed');
  if (restartsOf(pod) > restartsOf(before)) told('pods-restart');
  const ready = isConditionTrue(pod.status.conditions, 'Ready');
  if (ready === isConditionTrue(before.status.conditions, 'Ready')) return;
  if (ready && watched.replaced.has(key)) told('pods-ready-again');
  else if (ready && watched.unready.has(key)) told('pods-recover');
  // What a node takes with it is told of the node. upstream: node_lifecycle_controller.go markPodsNotReady
  else if (!ready && !hasEnded(pod) && !cause.actor.endsWith(':node-controller') && told('pods-unready')) watched.unready.add(key);
}

function restartsOf({ status }: Pod): number {
  const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return all.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function hasEnded({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

/** What is still not well at the horizon is stuck, with the reason its own events and conditions give. */
function summarise(watched: Watched, fork: Cluster): readonly PredictionStep[] {
  const stuck: string[] = [];
  const homeless = new Map<string, string[]>();
  for (const key of new Set([...watched.replaced, ...watched.unready])) {
    const pod = fork.store.get('Pod', key) as Pod | undefined;
    if (pod === undefined || hasEnded(pod) || isConditionTrue(pod.status.conditions, 'Ready')) continue;
    if (watched.unknown.has(pod.spec.nodeName ?? '') || pod.metadata.deletionTimestamp !== undefined) continue;
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

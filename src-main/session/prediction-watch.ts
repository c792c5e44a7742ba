// What happens to a fork of the world that runs ahead: each consequence once, by a name that means the same in another fork.
import type { PredictionStep } from '../contract/bridge.ts';
import type { Delta } from '../engine/api/store.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import type { Cluster } from '../engine/cluster.ts';
import { isPodActive, isPodReady, isPodTerminal } from '../engine/controllers/pod-state.ts';
import type { Event } from '../engine/kinds/core/event.ts';
import type { Node } from '../engine/kinds/core/node.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import type { EndpointSlice } from '../engine/kinds/discovery/endpoint-slice.ts';
import { findCondition } from '../engine/meta/conditions.ts';
import { keyOf, splitKey } from '../engine/meta/object.ts';
import { controllerOf } from '../engine/meta/owner-references.ts';

type What = PredictionStep['what'];

/** Something that came to pass, milliseconds after the watch began. */
export interface Finding {
  readonly what: What;
  readonly afterMs: number;
  readonly values: PredictionStep['values'];
}

/** A pod that is not well, or that nothing has replaced, when the watch ends. */
export interface Ending {
  readonly what: 'pods-stay' | 'pods-leaving' | 'pods-stuck' | 'pods-unscheduled' | 'pods-refused' | 'volume-stuck';
  readonly pod: string;
  readonly reason: string;
}

/** A pod that has just been made is on its way. */
const YOUNG_MS = 60_000;

export class PredictionWatch {
  readonly #fork: Cluster;
  readonly #startMs: number;
  /** By `what whom`, in the order in which they came. */
  readonly #found = new Map<string, Finding>();
  /** Names by uid of pods that came during the watch, the how-many-th of which owner: their own names are chance. */
  readonly #born = new Map<string, string>();
  readonly #births = new Map<string, number>();
  /** How many pods owners have lost and not made again: what they make next takes their place. */
  readonly #bereft = new Map<string, number>();
  /** Keys of all that owners have lost, and of those that came. */
  readonly #lost = new Map<string, string[]>();
  readonly #bornKeys = new Set<string>();
  /** What was last said of pods that an owner may not make. */
  readonly #refusals = new Map<string, string>();
  readonly #replaced = new Set<string>();
  readonly #unready = new Set<string>();
  /** Uids of pods that were on their way when the watch began. */
  readonly #starting = new Set<string>();
  /** What was last said of volumes that other nodes hold, by pod. */
  readonly #held = new Map<string, string>();

  constructor(fork: Cluster) {
    this.#fork = fork;
    this.#startMs = fork.timeline.nowMs;
    for (const pod of fork.store.table('Pod').values() as Iterable<Pod>)
      if (isPodActive(pod) && !isPodReady(pod)) this.#starting.add(pod.metadata.uid);
    fork.store.onEveryChange((delta) => this.#hear(delta, delta.atMs - this.#startMs));
  }

  get found(): ReadonlyMap<string, Finding> {
    return this.#found;
  }

  /** By name, as consequences are: what is not well now, with the reason that its own events and conditions give. */
  endings(): ReadonlyMap<string, Ending> {
    const endings = new Map<string, Ending>();
    const { store, timeline } = this.#fork;
    for (const [key, pod] of store.table('Pod') as ReadonlyMap<string, Pod>) {
      if (!isPodActive(pod)) continue;
      const { name, uid } = pod.metadata;
      const end = (what: Ending['what'], reason = ''): void => void endings.set(this.#born.get(uid) ?? key, { what, pod: name, reason });
      // They tolerate it longer, or their turn has not come: large zones are evicted at a limited rate.
      if (isUnknown(store.get('Node', pod.spec.nodeName ?? '') as Node | undefined)) end('pods-stay');
      else if (isPodReady(pod) || timeline.unixMs - (parseTimestamp(pod.metadata.creationTimestamp) ?? 0) < YOUNG_MS) continue;
      else if (this.#held.has(key)) end('volume-stuck', this.#held.get(key));
      else {
        const scheduled = findCondition(pod.status.conditions, 'PodScheduled');
        const reason = scheduled?.status === 'False' ? (scheduled.message ?? '') : '';
        end(reason === '' ? 'pods-stuck' : 'pods-unscheduled', reason);
      }
    }
    for (const [owner, missing] of this.#bereft) {
      const reason = this.#refusals.get(owner);
      // What has come under another name stands for the first that went.
      const others = missing === 0 ? [] : (this.#lost.get(owner) ?? []).filter((key) => !this.#bornKeys.has(key)).slice(-missing);
      for (const key of others) {
        const pod = splitKey(key).name;
        if (reason !== undefined) endings.set(key, { what: 'pods-refused', pod, reason });
        // Its name, or its place, is taken until somebody says that it has stopped.
        else if ((store.get('Pod', key) as Pod | undefined)?.metadata.deletionTimestamp !== undefined)
          endings.set(key, { what: 'pods-leaving', pod, reason: '' });
      }
    }
    return endings;
  }

  /** Each consequence once for each object. False: it has come before. */
  #note(afterMs: number, what: What, whom: string, values: PredictionStep['values']): boolean {
    const name = `${what} ${whom}`;
    if (this.#found.has(name)) return false;
    this.#found.set(name, { what, afterMs, values });
    return true;
  }

  #hear(delta: Delta, afterMs: number): void {
    const { kind, key, type, object, previous } = delta;
    if (kind === 'Node') {
      // A node that was lost before is not lost once more.
      if (isUnknown(object as Node) && !isUnknown(previous as Node | null)) this.#note(afterMs, 'node-unknown', key, { node: key });
    } else if (kind === 'EndpointSlice.discovery.k8s.io') {
      const now = readyAddresses(type === 'DELETED' ? null : (object as EndpointSlice));
      for (const address of readyAddresses(previous as EndpointSlice | null))
        if (!now.has(address)) this.#note(afterMs, 'endpoints-drop', address, {});
    } else if (kind === 'Pod') this.#hearPod(delta, afterMs);
    else if (kind === 'Event') this.#hearEvent(object as Event);
  }

  #hearEvent({ reason, involvedObject, message }: Event): void {
    const pod = `${involvedObject.namespace}/${involvedObject.name}`;
    if (reason === 'FailedAttachVolume' && message?.startsWith('Multi-Attach') === true) this.#held.set(pod, message);
    else if (reason === 'SuccessfulAttachVolume') this.#held.delete(pod);
    // The name of the pod that was not made is chance.
    else if (reason === 'FailedCreate')
      this.#refusals.set(
        `${involvedObject.namespace}/${involvedObject.kind}/${involvedObject.name}`,
        (message ?? '').replace(
          /^(\(combined from similar events\): )?(Error creating: |create Pod .*? failed error: )(pods "[^"]*" is forbidden: )?/,
          '',
        ),
      );
  }

  #hearPod({ type, key, object, previous, cause }: Delta, afterMs: number): void {
    const pod = object as Pod;
    const before = previous as Pod | null;
    const { name, uid } = pod.metadata;
    const note = (what: What, called = name): boolean => this.#note(afterMs, what, this.#born.get(uid) ?? key, { pods: called });
    if (before === null) {
      this.#bear(pod, note);
      return;
    }
    if ((this.#born.has(uid) && !this.#replaced.has(uid)) || before.metadata.deletionTimestamp !== undefined) return;
    const lost = (what: What): void => {
      note(what);
      const owner = ownerOf(pod);
      this.#bereft.set(owner, (this.#bereft.get(owner) ?? 0) + 1);
      const lostBefore = this.#lost.get(owner);
      if (lostBefore === undefined) this.#lost.set(owner, [key]);
      else lostBefore.push(key);
    };
    // Without grace an object goes and is never marked. Of what has ended only the object is cleared away.
    if (type === 'DELETED' || pod.metadata.deletionTimestamp !== undefined) {
      if (!isPodTerminal(before)) lost('pods-deleted');
      return;
    }
    if (pod.status.phase === 'Failed' && before.status.phase !== 'Failed') lost('pods-failed');
    if (restartsOf(pod) > restartsOf(before)) note('pods-restart');
    if (isPodReady(pod) || pod.status.phase === 'Succeeded') {
      if (this.#starting.delete(uid)) note('pods-ready');
    }
    if (isPodReady(pod) === isPodReady(before)) return;
    if (isPodReady(pod)) {
      if (this.#replaced.has(uid)) note('pods-ready-again');
      else if (this.#unready.has(uid)) note('pods-recover');
    }
    // What a node takes with it is told of the node. upstream: node_lifecycle_controller.go markPodsNotReady
    else if (isPodActive(pod) && !cause.actor.endsWith(':node-controller') && note('pods-unready')) this.#unready.add(uid);
  }

  #bear(pod: Pod, note: (what: What, name?: string) => boolean): void {
    const owner = ownerOf(pod);
    const birth = (this.#births.get(owner) ?? 0) + 1;
    this.#births.set(owner, birth);
    this.#born.set(pod.metadata.uid, `${owner} ${birth}`);
    this.#bornKeys.add(keyOf(pod));
    note('pods-created', controllerOf(pod)?.name);
    const missing = this.#bereft.get(owner) ?? 0;
    if (missing === 0) return;
    this.#bereft.set(owner, missing - 1);
    this.#replaced.add(pod.metadata.uid);
    note('pods-replaced');
  }
}

function isUnknown(node: Node | null | undefined): boolean {
  return findCondition(node?.status.conditions, 'Ready')?.status === 'Unknown';
}

function ownerOf(pod: Pod): string {
  const { namespace, name } = pod.metadata;
  const owner = controllerOf(pod);
  return owner === undefined ? `${namespace}/${name}` : `${namespace}/${owner.kind}/${owner.name}`;
}

function readyAddresses(slice: EndpointSlice | null): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const endpoint of slice?.endpoints ?? [])
    if (endpoint.conditions?.ready !== false) for (const address of endpoint.addresses) addresses.add(address);
  return addresses;
}

function restartsOf({ status }: Pod): number {
  const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return all.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

// Gives the cluster machines when pods find no node, and takes those back that have been little used for ten minutes. It acts only on node groups, and there are none unless somebody makes them.
// upstream: kubernetes/autoscaler cluster-autoscaler/core/static_autoscaler.go
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import type { NodeSelector } from '../kinds/core/node-selector.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { podClaimKeys } from '../kinds/core/pod-claims.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../kinds/policy/pod-disruption-budget.ts';
import { findCondition, isConditionTrue } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';
import { belongsToNode, stays } from './cluster-autoscaler/movable.ts';
import { bringMachine, type Group, groupsOf, templateOf } from './cluster-autoscaler/node-groups.ts';
import { type Place, placeAll, refusal, roomOn, take } from './cluster-autoscaler/room.ts';
import { isPodTerminal } from './pod-state.ts';

/** upstream: cluster-autoscaler --scan-interval, --scale-down-unneeded-time, --scale-down-delay-after-add, --scale-down-utilization-threshold, --max-node-provision-time */
const SCAN_MS = 10_000;
const UNNEEDED_MS = 600_000;
const DELAY_AFTER_ADD_MS = 600_000;
const UTILIZATION = 0.5;
const PROVISION_MS_MAX = 900_000;
/** What a cloud takes to make a machine, before it boots. */
const CLOUD_MS = 30_000;
/** A new node counts as room until the scheduler has had the time to use it. */
const SETTLE_MS = 20_000;
const TAINT = 'ToBeDeletedByClusterAutoscaler';
const UNSCHEDULABLE = 'unschedulable';
const COMPONENT_FACT = 'physics/component';

export interface ClusterAutoscalerMemory {
  timer: number;
  lastAddMs: number | null;
  /** Machines on their way, or nodes that have just come. */
  upcoming: Record<string, { readonly group: string; readonly sinceMs: number; readyMs: number | null }>;
  unneeded: Record<string, number>;
  /** Nodes that are being emptied. */
  leaving: Record<string, true>;
}

export const clusterAutoscalerController = defineController<ClusterAutoscalerMemory>({
  name: 'cluster-autoscaler',
  workers: 1,
  initialState: () => ({ timer: 0, lastAddMs: null, upcoming: {}, unneeded: {}, leaving: {} }),
  start: (context) => new ClusterAutoscaler(context),
});

class ClusterAutoscaler {
  readonly #context: ControllerContext<ClusterAutoscalerMemory>;
  readonly #pods: Cache<Pod>;
  readonly #nodes: Cache<Node>;
  readonly #claims: Cache<PersistentVolumeClaim>;
  readonly #volumes: Cache<PersistentVolume>;
  readonly #budgets: Cache<PodDisruptionBudget>;

  constructor(context: ControllerContext<ClusterAutoscalerMemory>) {
    this.#context = context;
    this.#pods = context.cache(podKind);
    this.#nodes = context.cache(nodeKind);
    this.#claims = context.cache(persistentVolumeClaimKind);
    this.#volumes = context.cache(persistentVolumeKind);
    this.#budgets = context.cache(podDisruptionBudgetKind);
    this.#pods.index(UNSCHEDULABLE, (pod) => (isUnschedulable(pod) ? [''] : []));
    this.#pods.index('nodeName', ({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName]));
    this.#pods.onChange(() => this.#scanSoon());
    this.#nodes.onChange(() => this.#scanSoon());
    context.physics.listen(context.name, 'nodeGroup', 'component');
  }

  onTimer(name: string, key: string): void {
    const { state, physics, time, queue } = this.#context;
    if (name === 'machine') this.#machineMade(key);
    else if (name === 'scan') {
      state.timer = 0;
      queue.add('');
    } else if (name === COMPONENT_FACT) this.#scanSoon();
    else if (physics.get('nodeGroup', key) !== undefined) this.#scanSoon();
    else if (physics.all('nodeGroup').size === 0) {
      time.cancel(state.timer);
      Object.assign(state, { timer: 0, upcoming: {}, unneeded: {} });
    }
  }

  reconcile(): void {
    const { physics, state } = this.#context;
    if (physics.get('component', 'cluster-autoscaler')?.running === false) {
      // One that is started again knows nothing of how long a node was unneeded.
      state.unneeded = {};
      return;
    }
    const groups = groupsOf(physics);
    if (groups.length === 0) return;
    this.#arrivals();
    this.#scaleUp(groups);
    this.#finishLeaving();
    this.#scaleDown(groups);
    if (Object.keys(state.upcoming).length + Object.keys(state.unneeded).length + Object.keys(state.leaving).length > 0) this.#scanSoon();
  }

  /** In the rhythm of its scans, and only when there may be something to find. */
  #scanSoon(): void {
    const { state, time, physics } = this.#context;
    if (state.timer !== 0 || physics.all('nodeGroup').size === 0) return;
    state.timer = time.after(SCAN_MS - (time.nowMs % SCAN_MS), 'scan', '');
  }

  /** Which of the machines on their way have become nodes. */
  #arrivals(): void {
    const { state, time } = this.#context;
    for (const [name, coming] of Object.entries(state.upcoming)) {
      const node = this.#nodes.get(name);
      if (node !== undefined && isConditionTrue(node.status.conditions, 'Ready')) coming.readyMs ??= time.nowMs;
      const isOver = coming.readyMs !== null ? time.nowMs - coming.readyMs >= SETTLE_MS : time.nowMs - coming.sinceMs >= PROVISION_MS_MAX;
      if (isOver) delete state.upcoming[name];
    }
  }

  #scaleUp(groups: readonly Group[]): void {
    const waiting = [...this.#pods.by(UNSCHEDULABLE, '')];
    if (waiting.length === 0) return;
    const { time } = this.#context;
    const left = placeAll(waiting, this.#upcomingRoom(groups), this.#volumesOf);
    if (left.length === 0) return;
    const options = groups.map((group) => ({ group, ...this.#estimate(group, left) })).filter(({ helped }) => helped.length > 0);
    // upstream: --expander=random
    const option = options[options.length > 1 ? time.random.below(options.length) : 0];
    const helped = new Set(option?.helped);
    if (option !== undefined) this.#grow(option.group, option.nodes, option.helped);
    for (const pod of left) if (!helped.has(pod)) this.#tellWhyNot(pod, groups);
  }

  /** How many new nodes of the group the pods would need, and which of them it would help. upstream: estimator/binpacking_estimator.go */
  #estimate(group: Group, pods: readonly Pod[]): { readonly nodes: number; readonly helped: readonly Pod[] } {
    const most = group.maxSize - this.#sizeOf(group);
    const places: Place[] = [];
    const helped: Pod[] = [];
    for (const pod of pods) {
      let place = places.find((one) => refusal(one, pod, this.#volumesOf) === '');
      if (place === undefined && places.length < most) {
        const fresh = templateOf(group, this.#region(), `${group.name}-template`);
        if (refusal(fresh, pod, this.#volumesOf) === '') {
          place = fresh;
          places.push(fresh);
        }
      }
      if (place === undefined) continue;
      take(place, pod);
      helped.push(pod);
    }
    return { nodes: places.length, helped };
  }

  #grow(group: Group, count: number, helped: readonly Pod[]): void {
    const { state, time, events } = this.#context;
    const size = this.#sizeOf(group);
    const spare = group.spare.filter((name) => state.upcoming[name] === undefined);
    let number = 0;
    for (let left = count; left > 0; left -= 1) {
      let name = spare.shift();
      while (name === undefined) {
        number += 1;
        const made = `${group.name}-${number}`;
        if (this.#context.physics.get('machine', made) === undefined && state.upcoming[made] === undefined) name = made;
      }
      state.upcoming[name] = { group: group.name, sinceMs: time.nowMs, readyMs: null };
      time.after(CLOUD_MS, 'machine', name);
    }
    state.lastAddMs = time.nowMs;
    const message = `pod triggered scale-up: [{${group.name} ${size}->${size + count} (max: ${group.maxSize})}]`;
    for (const pod of helped) events.record(pod, 'Normal', 'TriggeredScaleUp', message);
  }

  /** upstream: processors/status/eventing_scale_up_processor.go */
  #tellWhyNot(pod: Pod, groups: readonly Group[]): void {
    const counts = new Map<string, number>();
    for (const group of groups) {
      const isFull = this.#sizeOf(group) >= group.maxSize;
      const why = refusal(templateOf(group, this.#region(), group.name), pod, this.#volumesOf);
      const reason = isFull ? 'max node group size reached' : why;
      if (reason !== '') counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    if (counts.size === 0) return;
    const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
    this.#context.events.record(pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${reasons.join(', ')}`);
  }

  /** The cloud has made it: power, boot, kubelet. */
  #machineMade(name: string): void {
    const { physics, state, time } = this.#context;
    const group = physics.get('nodeGroup', state.upcoming[name]?.group ?? '');
    const like = [...physics.all('machine').values()][0];
    if (group === undefined || like === undefined) delete state.upcoming[name];
    else bringMachine(physics, group, name, like, time.nowMs);
  }

  /** upstream: core/scaledown/planner */
  #scaleDown(groups: readonly Group[]): void {
    const { state, time } = this.#context;
    const due: { readonly node: Node; readonly moved: readonly Pod[] }[] = [];
    const seen = new Set<string>();
    for (const group of groups)
      for (const name of this.#sizeOf(group) > group.minSize ? group.members : []) {
        const moved = this.#unneeded(name);
        if (moved === null) continue;
        seen.add(name);
        state.unneeded[name] ??= time.nowMs;
        const node = this.#nodes.get(name) as Node;
        const isCool = state.lastAddMs === null || time.nowMs - state.lastAddMs >= DELAY_AFTER_ADD_MS;
        const removed = due.filter((one) => group.members.includes(one.node.metadata.name)).length;
        const isLarge = this.#sizeOf(group) - removed > group.minSize;
        // Nodes with pods go one at a time; empty ones together.
        const isFree = moved.length === 0 || (due.length === 0 && Object.keys(state.leaving).length === 0);
        if (isCool && isLarge && isFree && time.nowMs - (state.unneeded[name] ?? 0) >= UNNEEDED_MS) due.push({ node, moved });
      }
    for (const name of Object.keys(state.unneeded)) if (!seen.has(name)) delete state.unneeded[name];
    for (const { node, moved } of due) this.#empty(node, moved);
  }

  /** Little used, and all that is on it can go elsewhere: the pods that would have to move. */
  #unneeded(name: string): readonly Pod[] | null {
    const { state } = this.#context;
    const node = this.#nodes.get(name);
    if (node === undefined || state.upcoming[name] !== undefined || state.leaving[name] !== undefined) return null;
    if (!isConditionTrue(node.status.conditions, 'Ready')) return null;
    const pods = [...this.#pods.by('nodeName', name)];
    const whole = roomOn(node, []);
    const room = roomOn(node, pods);
    if (Math.max(1 - room.cpuMillis / whole.cpuMillis, 1 - room.memoryBytes / whole.memoryBytes) >= UTILIZATION) return null;
    if (pods.some((pod) => stays(pod, this.#budgets.inNamespace(pod.metadata.namespace)) !== '')) return null;
    const moved = pods.filter((pod) => !belongsToNode(pod) && !isPodTerminal(pod));
    return placeAll(moved, this.#otherRoom(name), this.#volumesOf).length === 0 ? moved : null;
  }

  #empty(node: Node, moved: readonly Pod[]): void {
    const { client, events, state, time } = this.#context;
    const { name } = node.metadata;
    state.leaving[name] = true;
    delete state.unneeded[name];
    const taint = { key: TAINT, value: String(Math.floor(time.unixMs / 1000)), effect: 'NoSchedule' };
    client.patch(nodeKind, name, (one) => ({ ...one, spec: { ...one.spec, taints: [...(one.spec.taints ?? []), taint] } }));
    events.record(node, 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable');
    for (const pod of moved) {
      events.record(pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down');
      try {
        client.delete(podKind, keyOf(pod), { preconditions: { uid: pod.metadata.uid } });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  /** Empty ones go back to the cloud; the cloud's node controller takes the Node away. */
  #finishLeaving(): void {
    const { client, events, physics, state } = this.#context;
    for (const name of Object.keys(state.leaving)) {
      const node = this.#nodes.get(name);
      if (node !== undefined && [...this.#pods.by('nodeName', name)].some((pod) => !belongsToNode(pod) && !isPodTerminal(pod))) continue;
      delete state.leaving[name];
      if (node === undefined) continue;
      events.record(node, 'Normal', 'ScaleDown', 'node removed by cluster autoscaler');
      physics.change('machine', name, { powered: false });
      client.delete(nodeKind, name);
    }
  }

  #upcomingRoom(groups: readonly Group[]): readonly Place[] {
    return Object.entries(this.#context.state.upcoming).flatMap(([name, coming]) => {
      const node = this.#nodes.get(name);
      const group = groups.find((one) => one.name === coming.group);
      if (coming.readyMs !== null && node !== undefined) return [roomOn(node, this.#pods.by('nodeName', name))];
      return group === undefined ? [] : [templateOf(group, this.#region(), name)];
    });
  }

  #otherRoom(name: string): readonly Place[] {
    const { unneeded, leaving } = this.#context.state;
    const places: Place[] = [];
    for (const node of this.#nodes.values()) {
      const other = node.metadata.name;
      if (other === name || leaving[other] !== undefined || node.spec.unschedulable === true) continue;
      // Those that may go themselves are no refuge, unless they came first.
      if (unneeded[other] !== undefined && other < name) continue;
      if (isConditionTrue(node.status.conditions, 'Ready')) places.push(roomOn(node, this.#pods.by('nodeName', other)));
    }
    return places;
  }

  /** With those on their way, without those that leave. */
  #sizeOf({ name, members }: Group): number {
    const { upcoming, leaving } = this.#context.state;
    const coming = Object.entries(upcoming).filter(([machine, { group }]) => group === name && !members.includes(machine)).length;
    return members.filter((machine) => leaving[machine] === undefined && this.#context.physics.powered(machine)).length + coming;
  }

  #region(): string {
    return [...this.#context.physics.all('machine').values()][0]?.region ?? '';
  }

  readonly #volumesOf = (pod: Pod): readonly NodeSelector[] =>
    podClaimKeys(pod).flatMap((key) => {
      const required = this.#volumes.get(this.#claims.get(key)?.spec.volumeName ?? '')?.spec.nodeAffinity?.required;
      return required === undefined ? [] : [required];
    });
}

function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  if (spec.nodeName !== undefined || metadata.deletionTimestamp !== undefined) return false;
  const scheduled = findCondition(status.conditions, 'PodScheduled');
  return scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
}

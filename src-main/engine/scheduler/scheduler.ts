// kube-scheduler: gives each waiting pod a node, one pod at a time, and says why when it cannot.
// upstream: pkg/scheduler (schedule_one.go, eventhandlers.go)

import { equal } from '../base/equal.ts';
import type { Handled, Steps } from '../base/in-one-go.ts';
import { type AnyComponent, type Cache, type ComponentContext, defineComponent, type RunningComponent } from '../client/component.ts';
import { TokenBucket, type TokenBucketState } from '../client/rate-limiter.ts';
import { namespaceKind } from '../kinds/core/namespace.ts';
import { nodeKind } from '../kinds/core/node.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { asHeld } from '../kinds/core/pod-resize.ts';
import { serviceKind } from '../kinds/core/service.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../kinds/policy/pod-disruption-budget.ts';
import { updatePodCondition } from '../meta/conditions.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { isNotFound, isRefusedByPolicy, StatusError } from '../meta/status-error.ts';
import { ClusterView } from './cluster-view.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { evictVictims, isBeingEmptied, takeBackPromises } from './evict-victims.ts';
import { type Diagnosis, fitErrorText, NO_NODES } from './fit-error.ts';
import { type Nominations, promisedRoom } from './nominations.ts';
import { type Placement, placements } from './placements.ts';
import { planVolumes } from './plugins/volume-binding.ts';
import { type PreemptionWorld, preempt, priorityOf } from './preemption.ts';
import type { Profile } from './profile.ts';
import { defaultSettings, SCHEDULER_NAME, type SchedulerSettings } from './scheduler-configuration.ts';
import { FINISH, SchedulerEvents, type SchedulerEventsState } from './scheduler-events.ts';
import { listenToStorage, schedulerListers } from './scheduler-listers.ts';
import { countBeforehand, decide } from './scheduling-cycle.ts';
import { initialQueueState, type QueuedPod, type QueueState, SchedulingQueue } from './scheduling-queue.ts';
import { keepVerdict, type Verdicts } from './verdicts.ts';
import { type VolumePlan, volumePlanProgress, writeVolumePlan } from './volume-plan.ts';

/** Virtual cost of one scheduling cycle, and one more millisecond for so many nodes looked at. */
const CYCLE_MS = 1;
const NODES_PER_MS = 500;
/** From the decision to the answer of the API server. */
const BIND_MS_MIN = 2;
const BIND_MS_MAX = 5;
/** The interval of BindPodVolumes' poll. */
const VOLUMES_POLL_MS = 1_000;
/** upstream: validation.NoteLengthLimit */
const NOTE_LENGTH_MAX = 1024;

/** A pod that has its node in the scheduler's mind, but not yet in its cache. */
interface AssumedPod {
  readonly uid: string;
  readonly node: string;
  readonly attempts: number;
  /** What its claims still need; null when their volumes are there. */
  readonly volumes: VolumePlan | null;
  /** When waiting for volumes is given up. */
  readonly deadlineMs: number;
}

export interface SchedulerState {
  readonly queue: QueueState;
  readonly assumed: Record<string, AssumedPod>;
  readonly verdicts: Verdicts;
  readonly nominations: Nominations;
  readonly calls: TokenBucketState;
  events?: SchedulerEventsState;
  nextStartNodeIndex: number;
  /** A cycle is due. */
  busy: boolean;
}

/** The scheduler with a configuration that was read before. */
export function schedulerWith(settings: SchedulerSettings): AnyComponent {
  return defineComponent<SchedulerState>({
    name: SCHEDULER_NAME,
    initialState: () => ({
      queue: initialQueueState(),
      assumed: {},
      verdicts: {},
      nominations: {},
      calls: TokenBucket.full(settings.callsBurst),
      nextStartNodeIndex: 0,
      busy: false,
    }),
    start: (context) => new Scheduler(context, settings),
  });
}

export const scheduler: AnyComponent = schedulerWith(defaultSettings);

/** What the rest of the program may ask the running scheduler. */
export interface SchedulerCalls {
  /** What the filters say of every node about a pod as if it were new. */
  placementsOf(pod: Pod): Generator<void, readonly Placement[]>;
}

class Scheduler implements RunningComponent, SchedulerCalls {
  readonly #context: ComponentContext<SchedulerState>;
  readonly #state: SchedulerState;
  readonly #pods: Cache<Pod>;
  readonly #view: ClusterView;
  readonly #queue: SchedulingQueue;
  readonly #calls: TokenBucket;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #budgets: Cache<PodDisruptionBudget>;
  readonly #events: SchedulerEvents;

  constructor(context: ComponentContext<SchedulerState>, settings: SchedulerSettings) {
    this.#context = context;
    this.#profiles = settings.profiles;
    this.#budgets = context.cache(podDisruptionBudgetKind);
    this.#state = context.state;
    this.#state.events ??= { said: {}, serial: 0, fromMs: context.time.nowMs, awaits: false };
    this.#events = new SchedulerEvents(context, this.#state.events);
    this.#calls = new TokenBucket(context.state.calls, settings.callsPerSecond, settings.callsBurst);
    this.#pods = context.cache(podKind);
    this.#view = new ClusterView(schedulerListers(context));
    this.#queue = new SchedulingQueue(context.state.queue, {
      time: context.time,
      pod: (key) => this.#pods.get(key),
      backoffMsInitial: settings.backoffMsInitial,
      backoffMsMax: settings.backoffMsMax,
      mayHelp: (plugin, pod, event) => this.#profileOf(pod)?.byName.get(plugin)?.mayHelp?.(pod, event, this.#view) ?? false,
      wake: () => this.#wake(0),
    });
    context.prepare(this.#fill());
    this.#listen();
  }

  onTimer(name: string, key: string): Handled {
    switch (name) {
      case 'cycle':
        this.#state.busy = false;
        return this.#scheduleOne();
      case 'bind':
        this.#bind(key);
        break;
      case FINISH:
        return this.#events.onTimer();
      case 'volumes/write':
      case 'volumes/check':
        this.#bindVolumes(key, name);
        break;
      case 'backoff':
      case 'flush':
        this.#queue.onTimer(name);
    }
    return undefined;
  }

  placementsOf(pod: Pod): Generator<void, readonly Placement[]> {
    return placements(pod, this.#view, (this.#profileOf(pod) ?? (this.#profiles.values().next().value as Profile)).plugins);
  }

  /** undefined: another scheduler's pod. */
  #profileOf({ spec }: Pod): Profile | undefined {
    return this.#profiles.get(spec.schedulerName ?? SCHEDULER_NAME);
  }

  #waitsForUs(pod: Pod): boolean {
    return this.#profileOf(pod) !== undefined && !isAssigned(pod) && !isTerminated(pod);
  }

  #tellFailure(pod: Pod, note: string): void {
    const scheduler = pod.spec.schedulerName ?? SCHEDULER_NAME;
    this.#events.tell(pod, { scheduler, type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note });
  }

  /** Everything that can be derived, from the caches and from what was assumed. */
  *#fill(): Steps {
    for (const node of this.#context.cache(nodeKind).values()) this.#view.setNode(node);
    for (const pod of this.#pods.values()) {
      yield;
      const key = keyOf(pod);
      const assumed = this.#state.assumed[key];
      if (isAssigned(pod)) this.#view.setPod(pod, pod.spec.nodeName as string);
      else if (assumed !== undefined) this.#assume(pod, assumed);
      else if (!this.#context.restored && this.#waitsForUs(pod)) this.#queue.add(pod);
    }
  }

  #listen(): void {
    this.#context.cache(nodeKind).onChange((next, previous) => {
      if (next === undefined) this.#view.removeNode((previous as ApiObject).metadata.name);
      else this.#view.setNode(next);
      this.#queue.happened({ resource: 'Node', next, previous });
    });
    this.#pods.onChange((next, previous) => this.#podChanged(next, previous));
    this.#context.cache(namespaceKind).onChange((next, previous) => {
      if (next?.metadata.labels !== previous?.metadata.labels) this.#view.forgetCounts();
    });
    this.#context.cache(serviceKind).onChange((next, previous) => {
      // By default pods are spread by what selects them: others are counted for them from now on.
      if (next?.spec.selector !== previous?.spec.selector) this.#view.countedFor = new WeakSet();
    });
    listenToStorage(this.#context, (event) => this.#queue.happened(event));
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    const key = keyOf((next ?? previous) as Pod);
    if (next !== undefined && isAssigned(next)) {
      this.#settle(key);
      this.#view.setPod(next, next.spec.nodeName as string);
      if (previous !== undefined && isAssigned(previous)) {
        const isResized = asHeld(next) !== next || asHeld(previous) !== previous;
        if (isResized || !equal(next.spec, previous.spec) || !equal(next.metadata.labels, previous.metadata.labels))
          this.#queue.happened({ resource: 'AssignedPod', next, previous });
        return;
      }
      this.#queue.delete(key);
      delete this.#state.verdicts[key];
      delete this.#state.nominations[key];
      this.#queue.happened({ resource: 'AssignedPod', next, previous: undefined });
      return;
    }
    if (previous !== undefined && isAssigned(previous)) {
      this.#view.removePod(key);
      this.#queue.happened({ resource: 'AssignedPod', next: undefined, previous });
      return;
    }
    this.#unassignedPodChanged(key, next, previous);
  }

  #unassignedPodChanged(key: string, next: Pod | undefined, previous: Pod | undefined): void {
    if (next === undefined || isTerminated(next)) {
      this.#queue.delete(key);
      delete this.#state.verdicts[key];
      delete this.#state.nominations[key];
      if (this.#state.assumed[key] !== undefined) this.#forget(key, (next ?? previous) as Pod);
      else this.#promiseEnded(previous, undefined);
      return;
    }
    if (!this.#waitsForUs(next) || this.#state.assumed[key]?.uid === next.metadata.uid) return;
    if (previous === undefined) this.#queue.add(next);
    else {
      this.#queue.update(next, previous);
      this.#promiseEnded(previous, next);
    }
  }

  /** Room that was kept for a pod is there for those that had to leave it to the pod. upstream: hasNominatedNodeNameChanged, getLEPriorityPreCheck */
  #promiseEnded(previous: Pod | undefined, next: Pod | undefined): void {
    const node = previous?.status.nominatedNodeName ?? '';
    if (previous === undefined || node === '' || node === next?.status.nominatedNodeName) return;
    this.#queue.happened({ resource: 'AssignedPod', next: undefined, previous }, priorityOf(previous));
  }

  #wake(delayMs: number): void {
    if (this.#state.busy) return;
    this.#state.busy = true;
    this.#context.time.after(delayMs, 'cycle', '');
  }

  #scheduleOne(): Handled {
    const popped = this.#queue.pop();
    if (popped === undefined) return undefined;
    const { key, queued } = popped;
    const pod = this.#pods.get(key);
    const profile = pod === undefined ? undefined : this.#profileOf(pod);
    if (pod === undefined || profile === undefined || pod.metadata.uid !== queued.uid || !this.#waitsForUs(pod)) return this.#goOn(0);
    const counting = countBeforehand(pod, this.#view, profile.plugins);
    const decided = (): void => this.#goOn(this.#schedule(key, pod, profile, queued));
    return counting === null ? decided() : after(counting, decided);
  }

  /** `evaluated`: how many nodes were looked at. */
  #goOn(evaluated: number): void {
    if (this.#queue.hasWork) this.#wake(CYCLE_MS + Math.trunc(evaluated / NODES_PER_MS));
  }

  /** Returns how many nodes were looked at. */
  #schedule(key: string, pod: Pod, profile: Profile, queued: QueuedPod): number {
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#tellFailure(pod, `skip schedule deleting pod: ${key}`);
      return 0;
    }
    if (this.#view.nodes().length === 0) {
      this.#fail(key, pod, queued.attempts, 'Unschedulable', NO_NODES, null);
      return 0;
    }
    const { nominations } = this.#state;
    const { random } = this.#context.time;
    const promised = promisedRoom(pod, nominations, (other) => this.#pods.get(other), this.#view, profile.plugins);
    const preferred = nominations[key] ?? null;
    const { node, diagnosis, failure, evaluated } = decide(pod, this.#view, profile, this.#state, random, promised, preferred);
    if (failure !== undefined) this.#fail(key, pod, queued.attempts, 'SchedulerError', failure, null);
    else if (diagnosis !== null) {
      const message = fitErrorText(diagnosis, this.#preempt(key, pod, profile, diagnosis, promised));
      this.#fail(key, pod, queued.attempts, 'Unschedulable', message, diagnosis);
    } else if (node !== null) {
      const volumes = planVolumes(pod, node, this.#view);
      const deadlineMs = this.#context.time.nowMs + profile.bindTimeoutMs;
      const assumed: AssumedPod = { uid: pod.metadata.uid, node: node.name, attempts: queued.attempts, volumes, deadlineMs };
      this.#state.assumed[key] = assumed;
      delete nominations[key];
      this.#assume(pod, assumed);
      this.#call(volumes === null ? 'bind' : 'volumes/write', key);
    }
    return evaluated;
  }

  /** Takes lesser pods away where that makes room; returns what preemption has to say. upstream: Evaluator.Preempt */
  #preempt(key: string, pod: Pod, profile: Profile, diagnosis: Diagnosis, promised: PreemptionWorld['promised']): string {
    if (!profile.preempts) return '';
    const { nominations } = this.#state;
    const nominated = nominations[key];
    if (nominated !== undefined && diagnosis.byNode.get(nominated)?.resolvable !== false && isBeingEmptied(nominated, pod, this.#view))
      return 'preemption: not eligible due to a terminating pod on the nominated node.';
    const budgets = [...this.#budgets.values()].map(disruptionBudget);
    const { plugins, candidates } = profile;
    const world = { view: this.#view, plugins, budgets, random: this.#context.time.random, promised, candidates };
    const { candidate, message } = preempt(pod, diagnosis, world);
    if (candidate === null) {
      delete nominations[key];
      return message;
    }
    nominations[key] = candidate.node;
    evictVictims(this.#context, this.#events, profile.schedulerName, pod, candidate);
    takeBackPromises(this.#context, nominations, (other) => this.#pods.get(other), pod, candidate.node);
    return '';
  }

  #assume(pod: Pod, { node, volumes }: AssumedPod): void {
    this.#view.setPod(pod, node);
    for (const { volume, claim } of volumes?.bindings ?? []) this.#view.assumedVolumes.set(volume, claim);
    for (const claim of volumes?.provisions ?? []) this.#view.assumedClaims.set(claim, node);
  }

  /** The end of an assumption, true or not. */
  #settle(key: string): void {
    const { volumes } = this.#state.assumed[key] ?? {};
    for (const { volume } of volumes?.bindings ?? []) this.#view.assumedVolumes.delete(volume);
    for (const claim of volumes?.provisions ?? []) this.#view.assumedClaims.delete(claim);
    delete this.#state.assumed[key];
  }

  #call(timer: 'bind' | 'volumes/write', key: string): void {
    const { time } = this.#context;
    time.after(this.#calls.take(time.nowMs) + time.random.between(BIND_MS_MIN, BIND_MS_MAX), timer, key);
  }

  // upstream: BindPodVolumes
  #bindVolumes(key: string, step: 'volumes/write' | 'volumes/check'): void {
    const assumed = this.#state.assumed[key];
    const pod = this.#pods.get(key);
    if (assumed === undefined || assumed.volumes === null || pod?.metadata.uid !== assumed.uid) return;
    const { volumes, node, deadlineMs } = assumed;
    const { time, client } = this.#context;
    try {
      if (step === 'volumes/write') writeVolumePlan(volumes, node, this.#view, client);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#giveUp(key, pod, assumed, error.message);
      return;
    }
    const progress = step === 'volumes/write' ? 'waiting' : volumePlanProgress(volumes, node, this.#view);
    if (progress === 'done') this.#call('bind', key);
    else if (progress !== 'waiting') this.#giveUp(key, pod, assumed, `binding volumes: ${progress.error}`);
    else if (time.nowMs >= deadlineMs) this.#giveUp(key, pod, assumed, 'binding volumes: context deadline exceeded');
    else time.after(VOLUMES_POLL_MS, 'volumes/check', key);
  }

  #giveUp(key: string, pod: Pod, { attempts }: AssumedPod, message: string): void {
    this.#forget(key, pod);
    this.#fail(key, pod, attempts, 'SchedulerError', `running PreBind plugin "VolumeBinding": ${message}`, null);
  }

  #bind(key: string): void {
    const assumed = this.#state.assumed[key];
    const pod = this.#pods.get(key);
    if (assumed === undefined || pod === undefined || pod.metadata.uid !== assumed.uid) return;
    try {
      this.#context.client.bind(key, assumed.uid, assumed.node);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#forget(key, pod);
      this.#fail(key, pod, assumed.attempts, 'SchedulerError', `running Bind plugin "DefaultBinder": ${error.message}`, null);
      return;
    }
    const scheduler = pod.spec.schedulerName ?? SCHEDULER_NAME;
    const note = `Successfully assigned ${key} to ${assumed.node}`;
    this.#events.tellOnce(pod, { scheduler, type: 'Normal', reason: 'Scheduled', action: 'Binding', note });
  }

  /** The pod will not go where it was assumed to go; what it held is free again. */
  #forget(key: string, pod: Pod): void {
    this.#settle(key);
    this.#view.removePod(key);
    this.#queue.happened({ resource: 'AssignedPod', next: undefined, previous: pod });
  }

  // upstream: handleSchedulingFailure
  #fail(
    key: string,
    pod: Pod,
    attempts: number,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    diagnosis: Diagnosis | null,
  ): void {
    const newest = this.#pods.get(key);
    if (newest === undefined || newest.metadata.uid !== pod.metadata.uid || isAssigned(newest)) return;
    this.#queue.putBack(newest, attempts, diagnosis?.plugins ?? []);
    keepVerdict(this.#state.verdicts, key, this.#context.time.nowMs, message, diagnosis);
    this.#tellFailure(pod, truncated(message));
    const condition = { type: 'PodScheduled', status: 'False', reason, message } as const;
    try {
      const now = this.#context.time.timestamp();
      const nominated = this.#state.nominations[key];
      this.#context.client.patchStatus(podKind, key, (current) => {
        if (current.metadata.uid !== pod.metadata.uid) return current;
        const conditions = updatePodCondition(current.status.conditions ?? [], condition, now);
        const { nominatedNodeName, ...status } = current.status;
        if (conditions === status.conditions && nominatedNodeName === nominated) return current;
        return { ...current, status: { ...status, conditions, ...(nominated === undefined ? {} : { nominatedNodeName: nominated }) } };
      });
    } catch (error) {
      // A pod that was deleted meanwhile needs no condition.
      if (!isNotFound(error) && !isRefusedByPolicy(error)) throw error;
    }
  }
}

function* after(steps: Steps, last: () => void): Steps {
  yield* steps;
  last();
}

function isTerminated(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

function isAssigned(pod: Pod): boolean {
  return pod.spec.nodeName !== undefined && pod.spec.nodeName !== '' && !isTerminated(pod);
}

function truncated(message: string): string {
  const suffix = ' ...';
  return message.length <= NOTE_LENGTH_MAX ? message : message.slice(0, NOTE_LENGTH_MAX - suffix.length) + suffix;
}

// Folds the engine's deltas and commands into steps and lines of availability. It holds no rule of Kubernetes: what happened is read from what changed.
import type { StepRecord, TimelineNews, TimelinePlace } from '../../contract/timeline.ts';
import type { Delta } from '../../engine/api/store.ts';
import { flat } from '../../engine/base/flat.ts';
import type { Cluster, LoggedCommand } from '../../engine/cluster.ts';
import { failureRecord } from '../projection/failure-record.ts';
import { Availability } from './availability.ts';
import { commandStep } from './command-steps.ts';
import { autoscalerSteps, budgetSteps, daemonSetSteps, jobSteps, statefulSetSteps } from './controller-steps.ts';
import { eventSteps } from './event-steps.ts';
import { History } from './history.ts';
import { nodeSteps } from './node-steps.ts';
import { podSteps } from './pod-steps.ts';
import { NO_VALUES, type StepDraft, type StepReader } from './step-draft.ts';
import { attachmentSteps, claimSteps, volumeSteps } from './storage-steps.ts';
import { deploymentSteps, objectSteps } from './workload-steps.ts';

const READERS: Readonly<Record<string, StepReader>> = {
  Pod: podSteps,
  Node: nodeSteps,
  Event: eventSteps,
  PersistentVolumeClaim: claimSteps,
  PersistentVolume: volumeSteps,
  'VolumeAttachment.storage.k8s.io': attachmentSteps,
  'Deployment.apps': deploymentSteps,
  'ReplicaSet.apps': objectSteps,
  'StatefulSet.apps': statefulSetSteps,
  'DaemonSet.apps': daemonSetSteps,
  'Job.batch': jobSteps,
  'CronJob.batch': objectSteps,
  'HorizontalPodAutoscaler.autoscaling': autoscalerSteps,
  'PodDisruptionBudget.policy': budgetSteps,
  ResourceQuota: objectSteps,
  Service: objectSteps,
  Namespace: objectSteps,
};
const SLICES = 'EndpointSlice.discovery.k8s.io';
/** What the API server calls a change that no entry of the queue made. */
const BY_COMMAND = 'command';

interface Named {
  readonly failure: string;
  readonly target: string;
}

export class Chronicle {
  readonly #cluster: Cluster;
  readonly #history = new History();
  readonly #availability = new Availability();
  /** The command that was told last: its step comes before those of its effects. */
  #told: LoggedCommand | undefined;
  /** Failures by id, as the person called their target. */
  readonly #named = new Map<string, Named>();
  readonly #texts = new Map<string, string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#readBack();
    this.#history.beginToHear();
    cluster.store.onEveryChange((delta) => this.#hear(delta));
    cluster.onCommand = (logged, { id, answer }) => {
      if (logged.command.type === 'fail' && id !== undefined)
        this.#named.set(id, { failure: logged.command.failure, target: logged.command.target });
      if (answer !== undefined && answer.code >= 400) return;
      this.#command(logged);
    };
  }

  get steps(): readonly StepRecord[] {
    return this.#history.steps;
  }

  /** What a reader has not seen; a reader of another edition begins anew. */
  news({ edition, nextId, nextPoint }: TimelinePlace): TimelineNews {
    const same = edition === this.#history.edition;
    return {
      edition: this.#history.edition,
      ...this.#history.since(same ? nextId : 0),
      services: this.#availability.since(same ? nextPoint : 0),
      nextPoint: this.#availability.nextPoint,
    };
  }

  /** Puts what another chronicle of this very world heard before this one began in the place of what was read. */
  remember(earlier: Chronicle): void {
    this.#history.remember(earlier.#history);
    this.#availability.remember(earlier.#availability);
    for (const [id, named] of earlier.#named) if (!this.#named.has(id)) this.#named.set(id, named);
  }

  /** A world that was opened: what the store still remembers, and the commands that left their mark in it. */
  #readBack(): void {
    const { store, failures } = this.#cluster;
    const deltas = store.history();
    const commands = this.#cluster.log().filter(leftMark(deltas));
    for (const active of failures.active) this.#named.set(active.id, failureRecord(store, active, undefined, this.#cluster.log()));
    let next = 0;
    for (const delta of deltas) {
      for (let logged = commands[next]; logged !== undefined && logged.atMs <= delta.atMs; logged = commands[next]) {
        this.#command(logged);
        next += 1;
      }
      this.#fold(delta);
    }
    for (const logged of commands.slice(next)) this.#command(logged);
    this.#told = this.#cluster.log().at(-1);
  }

  #hear(delta: Delta): void {
    if (delta.cause.trigger === BY_COMMAND) {
      const last = this.#cluster.log().at(-1);
      if (last !== undefined) this.#command(last);
    }
    this.#fold(delta);
  }

  #fold(delta: Delta): void {
    if (delta.kind === SLICES) for (const draft of this.#availability.fold(delta)) this.#add(draft, delta);
    const reader = READERS[delta.kind];
    if (reader !== undefined) for (const draft of reader(delta)) this.#add(draft, delta);
  }

  #add({ lane, tone, what, kind, key, values }: StepDraft, delta: Delta): void {
    this.#history.add({
      atMs: delta.atMs,
      lane,
      tone,
      what,
      kind: kind ?? delta.kind,
      key: key ?? delta.key,
      values: values ?? NO_VALUES,
      actor: this.#kept(shortActor(delta.cause.actor)),
      trigger: this.#kept(shortTrigger(delta.cause.trigger)),
    });
  }

  #command(logged: LoggedCommand): void {
    if (logged === this.#told) return;
    this.#told = logged;
    const { lane, tone, what, kind = '', key = '', values = NO_VALUES } = commandStep(logged.command, this.#named);
    this.#history.add({ atMs: logged.atMs, lane, tone, what, kind, key, values, actor: '', trigger: BY_COMMAND });
  }

  /** The same few texts come with thousands of steps. */
  #kept(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const own = flat(text);
    this.#texts.set(own, own);
    return own;
  }
}

/** Owner and name of an entry, without its key. */
function shortTrigger(trigger: string): string {
  const name = trigger.indexOf(' ') + 1;
  const end = name === 0 ? -1 : trigger.indexOf(' ', name);
  return end < 0 ? trigger : trigger.slice(0, end);
}

/** `system:serviceaccount:kube-system:node-controller` -> `node-controller`; `system:node:worker-1` -> `kubelet, worker-1`. */
function shortActor(actor: string): string {
  if (actor.startsWith('system:node:')) return `kubelet, ${actor.slice('system:node:'.length)}`;
  return actor.slice(actor.lastIndexOf(':') + 1);
}

/** Failures are always told; what was applied or asked for, where the store shows that it changed something. */
function leftMark(deltas: readonly Delta[]): (logged: LoggedCommand) => boolean {
  const moments = new Set(deltas.flatMap(({ cause, atMs }) => (cause.trigger === BY_COMMAND ? [atMs] : [])));
  return ({ command, atMs }) => command.type === 'fail' || command.type === 'heal' || moments.has(atMs);
}

// A machine that is told to shut down: its kubelet holds that up for as long as it may, and stops the pods meanwhile, the critical ones last.
// upstream: pkg/kubelet/nodeshutdown/nodeshutdown_manager_linux.go
import type { Pod } from '../kinds/core/pod.ts';
import { isCritical } from './eviction-order.ts';
import { kubeletSettings } from './kubelet-settings.ts';
import type { PodState, PodVerdict } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import type { Refusal } from './pod-admission.ts';
import { isEnding, stageOf } from './pod-life.ts';

export const SHUTDOWN_TIMER = 'shutdown';
export const HALT_TIMER = 'halt';

/** From the end of all waiting to the end of power. */
const HALT_MS = 1000;
const VERDICT: PodVerdict = {
  reason: 'Terminated',
  message: 'Pod was terminated in response to imminent node shutdown.',
  disrupted: true,
};

interface Deeds {
  readonly stop: (pod: PodState, verdict: PodVerdict, graceMs: number) => void;
  /** Tells the API server at once. */
  readonly report: (node: string) => void;
}

export class NodeShutdowns {
  readonly #world: KubeletWorld;
  readonly #deeds: Deeds;

  constructor(world: KubeletWorld, deeds: Deeds) {
    this.#world = world;
    this.#deeds = deeds;
  }

  /** Brings the kubelet in line with what the machine was told. */
  follow(node: string): void {
    const machine = this.#world.context.physics.get('machine', node);
    const state = this.#world.node(node);
    const told = machine?.powered === true && machine.shuttingDown === true;
    if (!told) this.#forget(node);
    else if (!state.running) this.#halt(node);
    else if (state.shutdown === undefined) this.#begin(node);
  }

  /** The time of a group of pods is over. */
  onTimer(node: string): void {
    const { shutdown } = this.#world.node(node);
    if (shutdown === undefined) return;
    shutdown.timer = 0;
    this.#next(node);
  }

  /** A pod has ended: perhaps nobody is waited for any more. */
  look(node: string): void {
    const { shutdown } = this.#world.node(node);
    if (shutdown === undefined || this.#group(node, shutdown.critical).some((pod) => stageOf(pod) !== 'terminated')) return;
    this.#world.context.time.cancel(shutdown.timer);
    this.#next(node);
  }

  /** The machine's own part is done. */
  halt(node: string): void {
    const { physics } = this.#world.context;
    if (physics.get('machine', node)?.shuttingDown === true) physics.change('machine', node, { powered: false, offMs: this.#world.nowMs });
  }

  refusal(node: string): Refusal | null {
    if (this.#world.node(node).shutdown === undefined) return null;
    return { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' };
  }

  #begin(node: string): void {
    const { shutdownGraceMs, shutdownCriticalMs } = kubeletSettings(this.#world.nodes.get(node));
    if (shutdownGraceMs === 0) {
      this.#halt(node);
      return;
    }
    this.#world.node(node).shutdown = { critical: false, timer: 0 };
    this.#world.nodeEvent(node, 'Normal', 'NodeShutdown', 'Shutdown manager detected shutdown event');
    this.#deeds.report(node);
    this.#stop(node, Math.max(0, shutdownGraceMs - shutdownCriticalMs));
  }

  #next(node: string): void {
    const { shutdown } = this.#world.node(node);
    if (shutdown === undefined || shutdown.critical) {
      this.#halt(node);
      return;
    }
    shutdown.critical = true;
    this.#stop(node, kubeletSettings(this.#world.nodes.get(node)).shutdownCriticalMs);
  }

  #stop(node: string, graceMs: number): void {
    const { shutdown } = this.#world.node(node);
    if (shutdown === undefined) return;
    shutdown.timer = this.#world.after(graceMs, SHUTDOWN_TIMER, node, {
      kind: 'Node',
      key: node,
      name: 'termination-grace',
      fromMs: this.#world.nowMs,
    });
    for (const pod of this.#group(node, shutdown.critical)) {
      const own = this.#world.object(pod)?.spec.terminationGracePeriodSeconds ?? 30;
      if (!isEnding(pod)) this.#deeds.stop(pod, VERDICT, Math.min(graceMs, own * 1000));
    }
    this.look(node);
  }

  #group(node: string, critical: boolean): readonly PodState[] {
    return this.#world.podsOn(node).filter((pod) => {
      const object: Pod | undefined = this.#world.object(pod);
      return object !== undefined && isCritical(object) === critical && stageOf(pod) !== 'rejected';
    });
  }

  #halt(node: string): void {
    const { shutdown } = this.#world.node(node);
    if (shutdown !== undefined) this.#world.context.time.cancel(shutdown.timer);
    this.#world.after(HALT_MS, HALT_TIMER, node);
  }

  #forget(node: string): void {
    const state = this.#world.node(node);
    if (state.shutdown === undefined) return;
    this.#world.context.time.cancel(state.shutdown.timer);
    delete state.shutdown;
    if (state.running) this.#deeds.report(node);
  }
}

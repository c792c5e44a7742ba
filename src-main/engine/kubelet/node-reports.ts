// When a kubelet tells of its node beside its heartbeats, and what becomes of a report that does not get through.
import { Unreachable } from '../client/component.ts';
import { isNotFound, isRefusedByPolicy, StatusError } from '../meta/status-error.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { registerNode, reportImages } from './node-registration.ts';
import { TIMINGS } from './timings.ts';

export const NODE_STATUS_TIMER = 'node-status';

export class NodeReports {
  readonly #world: KubeletWorld;
  /** The status is to go out with the next heartbeat. */
  readonly #statusChanged: (node: string) => void;

  constructor(world: KubeletWorld, statusChanged: (node: string) => void) {
    this.#world = world;
    this.#statusChanged = statusChanged;
  }

  /** The kubelet starts; where the call fails, its heartbeats make up for it. */
  register(node: string): void {
    const machine = this.#world.context.physics.get('machine', node);
    if (machine === undefined) return;
    try {
      registerNode(this.#world, node, machine, true);
    } catch (error) {
      if (!(error instanceof Unreachable || isRefusedByPolicy(error))) throw error;
    }
  }

  /** The whole status, at once. */
  repeat(node: string): void {
    const machine = this.#world.context.physics.get('machine', node);
    if (machine === undefined) return;
    try {
      registerNode(this.#world, node, machine);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof StatusError)) throw error;
      this.#statusChanged(node);
    }
  }

  /** The node has other images than before. */
  imagesChanged(node: string): void {
    const state = this.#world.node(node);
    if (state.statusTimer === 0) state.statusTimer = this.#world.after(TIMINGS.nodeStatusMs, NODE_STATUS_TIMER, node);
  }

  onTimer(node: string): void {
    this.#world.node(node).statusTimer = 0;
    if (!this.#world.node(node).running) return;
    try {
      reportImages(this.#world, node);
    } catch (error) {
      // A node that somebody deleted has no status to write, until its kubelet starts anew and registers.
      if (isNotFound(error)) return;
      if (!(error instanceof Unreachable || isRefusedByPolicy(error))) throw error;
      this.imagesChanged(node);
    }
  }
}

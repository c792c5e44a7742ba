// Images that nobody uses, deleted when the disk is nearly full: a kubelet looks every five minutes from its start, and frees down to a lower mark.
// The looks that would find nothing are not made: when the disk will be so full, is known from what the containers take.
// upstream: pkg/kubelet/images/image_gc_manager.go GarbageCollect, freeSpace; pkg/kubelet/kubelet.go StartGarbageCollection
import { parseImage } from '../runtime/image-catalogue.ts';
import type { NodeState } from './kubelet-state.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';
import { capacityOf, diskUse, untilBelowMs } from './node-use.ts';

export const IMAGE_GARBAGE_TIMER = 'image-garbage';

/** upstream: ImageGCPeriod; defaults of imageGCHighThresholdPercent and imageGCLowThresholdPercent */
const PERIOD_MS = 300_000;
const HIGH_PERCENT = 85;
const LOW_PERCENT = 80;

/** JSON; only of nodes whose disk is or will be nearly full. */
export interface ImageGarbageState {
  timer: number;
  /** The last look freed too little; one failure alone is not told. */
  failed: boolean;
}

export class ImageGarbage {
  readonly #world: KubeletWorld;
  readonly #imagesChanged: (node: string) => void;

  constructor(world: KubeletWorld, imagesChanged: (node: string) => void) {
    this.#world = world;
    this.#imagesChanged = imagesChanged;
  }

  /** What fills the disk has changed. */
  plan(node: string): void {
    const state = this.#world.node(node);
    const { time } = this.#world.context;
    if (state.garbage !== undefined) time.cancel(state.garbage.timer);
    const { capacity, available, perSecond } = this.#disk(node);
    const least = Math.floor((capacity * (100 - HIGH_PERCENT + 1)) / 100);
    const fullMs = capacity === 0 ? null : untilBelowMs(available, least, perSecond);
    if (fullMs === null || !state.running) {
      delete state.garbage;
      return;
    }
    const { nowMs } = this.#world;
    const passed = nowMs + fullMs - this.#startMs(node);
    const beats = Math.max(Math.ceil(passed / PERIOD_MS), Math.floor((nowMs - this.#startMs(node)) / PERIOD_MS) + 1);
    const waitMs = this.#startMs(node) + beats * PERIOD_MS - nowMs;
    state.garbage = { timer: this.#world.after(waitMs, IMAGE_GARBAGE_TIMER, node), failed: state.garbage?.failed === true };
  }

  stopped(node: string): void {
    const state = this.#world.node(node);
    if (state.garbage !== undefined) this.#world.context.time.cancel(state.garbage.timer);
    delete state.garbage;
  }

  onTimer(node: string): void {
    const { garbage } = this.#world.node(node);
    if (garbage === undefined) return;
    const { capacity, available } = this.#disk(node);
    const used = 100 - Math.floor((available * 100) / capacity);
    const fault = used < HIGH_PERCENT ? '' : this.#free(node, Math.floor((capacity * (100 - LOW_PERCENT)) / 100) - available);
    if (fault !== '') {
      this.#tell(node, 'FreeDiskSpaceFailed', fault);
      if (garbage.failed) this.#tell(node, 'ImageGCFailed', fault);
    }
    garbage.failed = fault !== '';
    this.plan(node);
  }

  /** '' when that much could be freed. */
  #free(node: string, bytes: number): string {
    const state = this.#world.node(node);
    const { nowMs } = this.#world;
    let freed = 0;
    const seenMs = (image: string): number => state.pulledMs?.[image] ?? 0;
    // Older than the last look, which found it first: an image has to be two minutes old.
    const old = unusedImages(this.#world, node).filter((image) => seenMs(image) <= nowMs - PERIOD_MS);
    for (const image of old.sort((a, b) => seenMs(a) - seenMs(b))) {
      if (freed >= bytes) break;
      freed += state.images[image] ?? 0;
      removeImage(state, image);
    }
    if (freed > 0) this.#imagesChanged(node);
    if (freed >= bytes) return '';
    return `Failed to garbage collect required amount of images. Attempted to free ${bytes} bytes, but only found ${freed} bytes eligible to free.`;
  }

  #tell(node: string, reason: string, message: string): void {
    this.#world.nodeEvent(node, 'Warning', reason, message);
  }

  #startMs(node: string): number {
    return this.#world.state.beats?.[node]?.firstMs ?? 0;
  }

  #disk(node: string): { readonly capacity: number; readonly available: number; readonly perSecond: number } {
    const capacity = capacityOf(this.#world, node, 'disk');
    const { amount, perSecond } = diskUse(this.#world, node);
    return { capacity, available: Math.max(0, capacity - imageBytes(this.#world.node(node)) - amount), perSecond };
  }
}

export function imageBytes({ images }: NodeState): number {
  return Object.values(images).reduce((sum, bytes) => sum + bytes, 0);
}

/** Images of which the node has no container. upstream: detectImages */
export function unusedImages(world: KubeletWorld, node: string): string[] {
  const used = new Set(
    world.podsOn(node).flatMap((pod) => {
      const object = world.object(pod);
      const names = Object.keys(pod.containers).filter((name) => pod.containers[name]?.id !== '');
      return names.map((name) => parseImage(object === undefined ? '' : (containerOf(object, name)?.image ?? '')).full);
    }),
  );
  return Object.keys(world.node(node).images).filter((image) => !used.has(image));
}

export function removeImage(state: NodeState, image: string): void {
  delete state.images[image];
  delete state.pulledMs?.[image];
}

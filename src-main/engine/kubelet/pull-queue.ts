// Image pulls of every node, one at a time each: size over bandwidth, the registry's state, and the node's cache.
import { annotationOf, numberOf } from '../runtime/annotations.ts';
import { imageExists, imageFacts, parseImage } from '../runtime/image-catalogue.ts';
import type { NodeState, Pull } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { TIMINGS } from './timings.ts';

/** How a pull ended; `error` '' for well. */
export interface PullOutcome {
  readonly uid: string;
  readonly container: string;
  readonly error: string;
  readonly tookMs: number;
  readonly withWaitingMs: number;
  readonly bytes: number;
  /** The node's images take other space than before. */
  readonly fillsDisk: boolean;
}

export const PULL_TIMER = 'pull';
/** Of the addresses that are kept for documentation. */
const REGISTRY_ADDRESS = '192.0.2.80:443';

/** upstream: pkg/kubelet/images/puller.go serialImagePuller */
export class PullQueue {
  readonly #world: KubeletWorld;
  readonly #done: (outcome: PullOutcome) => void;

  constructor(world: KubeletWorld, done: (outcome: PullOutcome) => void) {
    this.#world = world;
    this.#done = done;
  }

  request(node: string, uid: string, container: string, image: string): void {
    this.#world.node(node).pulls.push({ uid, container, image, queuedMs: this.#world.nowMs, startedMs: -1, error: '' });
    this.#next(node);
  }

  /** The pod no longer wants it; a pull that runs goes on for the cache's sake. */
  drop(node: string, uid: string, container: string): void {
    const state = this.#world.node(node);
    const at = state.pulls.findIndex((pull) => pull.startedMs < 0 && pull.uid === uid && pull.container === container);
    if (at >= 0) state.pulls.splice(at, 1);
  }

  /** The kubelet stopped: nothing is pulled any more. */
  clear(node: string): void {
    const state = this.#world.node(node);
    this.#world.context.time.cancel(state.pullTimer);
    state.pullTimer = 0;
    state.pulls = [];
  }

  onTimer(node: string): void {
    const state = this.#world.node(node);
    const pull = state.pulls.shift();
    state.pullTimer = 0;
    if (pull === undefined) return;
    const { nowMs } = this.#world;
    const bytes = this.#bytes(pull);
    const { full } = parseImage(pull.image);
    const fillsDisk = pull.error === '' && state.images[full] !== bytes;
    if (pull.error === '') this.#keep(state, full, bytes);
    const { uid, container, error, startedMs, queuedMs } = pull;
    this.#done({ uid, container, error, bytes, fillsDisk, tookMs: nowMs - startedMs, withWaitingMs: nowMs - queuedMs });
    this.#next(node);
  }

  #keep(state: NodeState, image: string, bytes: number): void {
    if (state.images[image] === undefined) state.pulledMs = { ...state.pulledMs, [image]: this.#world.nowMs };
    state.images[image] = bytes;
  }

  #next(node: string): void {
    const state = this.#world.node(node);
    const [pull] = state.pulls;
    if (pull === undefined || state.pullTimer !== 0) return;
    pull.startedMs = this.#world.nowMs;
    const [delayMs, error] = this.#course(node, pull);
    pull.error = error;
    const pod = this.#world.pod(pull.uid);
    const countdown = pod === undefined ? undefined : this.#world.countdown(pod, 'image-pull');
    state.pullTimer = this.#world.after(delayMs, PULL_TIMER, node, countdown);
  }

  #course(node: string, pull: Pull): readonly [number, string] {
    const { physics } = this.#world.context;
    const { registry, repository, tag, full } = parseImage(pull.image);
    const failed = (code: string, why: string): string =>
      `rpc error: code = ${code} desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${why}`;
    const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    const head = `failed to do request: Head "https://${host}/v2/${repository}/manifests/${tag}": dial tcp ${REGISTRY_ADDRESS}`;
    if (!physics.connected(node)) return [TIMINGS.registryTimeoutMs, failed('DeadlineExceeded', `${head}: i/o timeout`)];
    if (physics.get('registry', registry)?.up === false)
      return [TIMINGS.manifestMs, failed('Unknown', `${head}: connect: connection refused`)];
    const pod = this.#world.pod(pull.uid);
    const annotations = pod === undefined ? undefined : this.#world.object(pod)?.metadata.annotations;
    if (!imageExists(pull.image) || annotationOf(annotations, pull.container, 'image-missing') === 'true')
      return [TIMINGS.manifestMs, failed('NotFound', `${full}: not found`)];
    if (this.#world.node(node).images[full] !== undefined) return [TIMINGS.manifestMs, ''];
    const perSecond = physics.get('machine', node)?.downloadBytesPerSecond ?? 1;
    return [TIMINGS.manifestMs + Math.ceil((this.#bytes(pull) * 1000) / perSecond), ''];
  }

  #bytes({ uid, container, image }: Pull): number {
    const pod = this.#world.pod(uid);
    const annotations = pod === undefined ? undefined : this.#world.object(pod)?.metadata.annotations;
    return numberOf(annotations, container, 'image-bytes') ?? imageFacts(image).bytes;
  }
}

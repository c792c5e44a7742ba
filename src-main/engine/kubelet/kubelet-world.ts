// What every part of the kubelet stands on: its memory, its caches, time, and the two ways to speak (events and status).
import type { Steps } from '../base/in-one-go.ts';
import type { Cache, ComponentContext } from '../client/component.ts';
import { type ConfigMap, configMapKind } from '../kinds/core/config-map.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { type Secret, secretKind } from '../kinds/core/secret.ts';
import { type ServiceAccount, serviceAccountKind } from '../kinds/core/service-account.ts';
import { type RuntimeClass, runtimeClassKind } from '../kinds/node/runtime-class.ts';
import { type CSIDriver, csiDriverKind } from '../kinds/storage/csi-driver.ts';
import { type VolumeAttachment, volumeAttachmentKind } from '../kinds/storage/volume-attachment.ts';
import type { Countdown } from '../time/timeline.ts';
import type { ContainerState, KubeletState, NodeState, PodState } from './kubelet-state.ts';
import { MemoryCapture } from './memory-capture.ts';
import { asAllocated } from './pod-resize.ts';
import { type Container, ephemeralOf } from './pod-types.ts';

export class KubeletWorld {
  readonly context: ComponentContext<KubeletState>;
  readonly state: KubeletState;
  readonly pods: Cache<Pod>;
  readonly nodes: Cache<Node>;
  readonly configMaps: Cache<ConfigMap>;
  readonly secrets: Cache<Secret>;
  readonly accounts: Cache<ServiceAccount>;
  readonly claims: Cache<PersistentVolumeClaim>;
  readonly volumes: Cache<PersistentVolume>;
  readonly attachments: Cache<VolumeAttachment>;
  readonly drivers: Cache<CSIDriver>;
  readonly runtimeClasses: Cache<RuntimeClass>;
  readonly capture: MemoryCapture;
  readonly #podsOn = new Map<string, Set<PodState>>();

  constructor(context: ComponentContext<KubeletState>) {
    this.context = context;
    this.state = context.state;
    this.capture = new MemoryCapture(context.state);
    this.pods = context.cacheByNode(podKind, (pod) => pod.spec.nodeName ?? '');
    this.nodes = context.cache(nodeKind);
    this.configMaps = context.cache(configMapKind);
    this.secrets = context.cache(secretKind);
    this.accounts = context.cache(serviceAccountKind);
    this.claims = context.cache(persistentVolumeClaimKind);
    this.volumes = context.cache(persistentVolumeKind);
    this.attachments = context.cache(volumeAttachmentKind);
    this.drivers = context.cache(csiDriverKind);
    this.runtimeClasses = context.cache(runtimeClassKind);
    this.pods.index('node', (pod) => (pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName]));
    this.attachments.index('node', (attachment) => [attachment.spec.nodeName]);
    context.prepare(this.#indexAll());
  }

  *#indexAll(): Steps {
    for (const pod of Object.values(this.state.pods)) yield this.#index(pod);
  }

  get nowMs(): number {
    return this.context.time.nowMs;
  }

  node(name: string): NodeState {
    const known = this.state.nodes[name];
    if (known !== undefined) return known;
    const made: NodeState = {
      running: false,
      bootedAtMs: -1,
      starting: 0,
      images: {},
      pulls: [],
      pullTimer: 0,
      addresses: {},
      lastAddress: 1,
      changed: [],
      relist: 0,
      statusTimer: 0,
      unsent: [],
      files: {},
    };
    this.state.nodes[name] = made;
    return made;
  }

  pod(uid: string): PodState | undefined {
    this.capture.keep(uid);
    return this.state.pods[uid];
  }

  /** Pods the node's kubelet works on. */
  podsOn(node: string): readonly PodState[] {
    const pods = [...(this.#podsOn.get(node) ?? [])];
    for (const { uid } of pods) this.capture.keep(uid);
    return pods;
  }

  addPod(pod: PodState): void {
    this.state.pods[pod.uid] = pod;
    this.#index(pod);
  }

  removePod(pod: PodState): void {
    this.capture.keep(pod.uid);
    delete this.state.pods[pod.uid];
    this.#podsOn.get(pod.node)?.delete(pod);
  }

  /** The pod as its kubelet treats it: the newest object, with the resources that it was given. */
  object(pod: PodState): Pod | undefined {
    const newest = this.newest(pod);
    return newest === undefined || pod.resize === undefined ? newest : asAllocated(newest, pod.resize);
  }

  /** The newest object of the pod that its kubelet has heard of. */
  newest(pod: PodState): Pod | undefined {
    const object = this.pods.get(pod.key);
    return object?.metadata.uid === pod.uid ? object : (pod.orphan ?? this.pods.displaced(pod.uid));
  }

  event(pod: PodState, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const object = this.object(pod);
    if (object !== undefined) this.context.eventsFrom(pod.node).record(object, type, reason, message);
  }

  /** One that speaks of the node. A kubelet calls it by its name where a uid belongs. upstream: pkg/kubelet/kubelet.go nodeRef */
  nodeEvent(name: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.eventsFrom(name).record({ kind: 'Node', metadata: { name, uid: name } }, type, reason, message);
  }

  /** One that speaks of a container. */
  containerEvent(pod: PodState, container: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const object = this.object(pod);
    if (object !== undefined) this.context.eventsFrom(pod.node).record(object, type, reason, message, fieldPathOf(object, container));
  }

  /** A timer about a pod or one of its containers. */
  after(delayMs: number, name: string, key: string, countdown?: Countdown): number {
    return this.context.time.after(delayMs, name, key, null, countdown);
  }

  countdown(pod: PodState, name: string, fromMs = this.nowMs): Countdown {
    return { kind: 'Pod', key: pod.key, name, fromMs };
  }

  between([least, most]: readonly [number, number]): number {
    return this.context.time.random.between(least, most);
  }

  /** 64 hexadecimal digits. */
  identity(): string {
    return this.context.time.random.hexadecimal(8);
  }

  #index(pod: PodState): void {
    const pods = this.#podsOn.get(pod.node) ?? new Set();
    this.#podsOn.set(pod.node, pods.add(pod));
  }
}

export function containerOf(object: Pod, name: string): Container | undefined {
  for (const container of object.spec.containers) if (container.name === name) return container;
  return [...(object.spec.initContainers ?? []), ...ephemeralOf(object)].find((container) => container.name === name);
}

const fieldPaths = new WeakMap<Container, string>();

/** `spec.containers{app}`; one text for all pods of a template. upstream: pkg/kubelet/container/ref.go fieldPath */
function fieldPathOf(object: Pod, name: string): string {
  const container = containerOf(object, name);
  if (container === undefined) return '';
  let path = fieldPaths.get(container);
  if (path === undefined) {
    const isEphemeral = ephemeralOf(object).includes(container);
    path = `spec.${isEphemeral ? 'ephemeralContainers' : object.spec.containers.includes(container) ? 'containers' : 'initContainers'}{${name}}`;
    fieldPaths.set(container, path);
  }
  return path;
}

export function containerKey(pod: PodState, name: string): string {
  return `${pod.uid}/${name}`;
}

/** Is the container's process alive? */
export function isUp(container: ContainerState): boolean {
  return container.process !== null;
}

// What of its machine the processes of one container see: other processes, memory, disks, mounts, and as whom they run.
import type { Pod } from '../kinds/core/pod.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import { imageCommand, imageFacts, imageGroups, imageUser } from '../runtime/image-catalogue.ts';
import type { RunningProcess, ShellSystem } from '../runtime/system-commands.ts';
import type { Instance } from './container-runtime.ts';
import { isInstalled } from './installed-programs.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';
import { sumOf, usesOn } from './node-use.ts';
import { type Container, ephemeralOf } from './pod-types.ts';
import { runsOfPod } from './resource-stats.ts';
import { nodeSpace, volumeSpace } from './volume-space.ts';

interface Security {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
}

/** Of the system itself and of the kubelet. */
const SYSTEM_MEMORY_BYTES = 420 * 1024 * 1024;
const DEVICE = '/dev/sda1';
const MANAGED_MOUNTS = ['/etc/hosts', '/dev/termination-log', '/etc/hostname', '/etc/resolv.conf'];

/** Everything is looked up when it is asked for: most commands ask for nothing. */
export class ContainerSystem implements ShellSystem {
  readonly #world: KubeletWorld;
  readonly #instance: Instance;
  readonly #signal: (name: string) => void;

  /** `signal`: sends one to the container's first process. */
  constructor(world: KubeletWorld, instance: Instance, signal: (name: string) => void) {
    this.#world = world;
    this.#instance = instance;
    this.#signal = signal;
  }

  get hostname(): string {
    const { pod, object } = this.#instance;
    return object.spec.hostNetwork === true ? pod.node : (object.spec.hostname ?? object.metadata.name);
  }

  get address(): string {
    return this.#instance.pod.ip;
  }

  get kernel(): string {
    return this.#world.nodes.get(this.#node)?.status.nodeInfo?.kernelVersion ?? '';
  }

  get cpus(): number {
    return Math.ceil(quantityMilliValue(this.#capacity('cpu') ?? '1') / 1000);
  }

  get memory(): ShellSystem['memory'] {
    const usedBytes = SYSTEM_MEMORY_BYTES + sumOf(usesOn(this.#world, this.#node, 'memory'), this.#world.nowMs).amount;
    return { totalBytes: quantityValue(this.#capacity('memory') ?? '0'), usedBytes };
  }

  get disk(): ShellSystem['disk'] {
    return nodeSpace(this.#world, this.#node);
  }

  get uptimeSeconds(): number {
    return Math.floor((this.#world.nowMs - Math.max(0, this.#world.node(this.#node).bootedAtMs)) / 1000);
  }

  get user(): ShellSystem['user'] {
    return userOf(this.#instance.object, this.#instance.spec);
  }

  get mounts(): ShellSystem['mounts'] {
    return mountsOf(this.#world, this.#instance);
  }

  get limits(): ShellSystem['limits'] {
    return limitsOf(this.#world, this.#instance);
  }

  processes(): readonly RunningProcess[] {
    return processesOf(this.#instance.object, this.#instance.spec);
  }

  has(program: string): boolean {
    return isInstalled(this.#instance, program);
  }

  signal(pid: number, name: string): boolean {
    if (!this.processes().some((process) => process.pid === pid)) return false;
    // What no handler is there for does not reach the first process of a container, and nothing from inside kills it.
    if (pid === 1 && (name === 'TERM' || name === 'QUIT' || name === 'INT')) this.#signal(name);
    return true;
  }

  get #node(): string {
    return this.#instance.pod.node;
  }

  #capacity(resource: 'cpu' | 'memory'): string | undefined {
    return this.#world.context.physics.get('machine', this.#node)?.capacity?.[resource];
  }
}

function limitsOf(world: KubeletWorld, { pod, spec }: Instance): ShellSystem['limits'] {
  const { memory, cpu } = spec.resources?.limits ?? {};
  const run = runsOfPod(world, pod).containers.find(({ name }) => name === spec.name);
  return {
    ...(memory === undefined ? {} : { memoryBytes: quantityValue(memory) }),
    ...(cpu === undefined ? {} : { cpuMillis: quantityMilliValue(cpu) }),
    memoryUsedBytes: run?.memoryBytesAt(world.nowMs) ?? 0,
  };
}

/** upstream: pkg/securitycontext DetermineEffectiveSecurityContext; containerd internal/cri/server containerSpecOpts */
function userOf({ spec }: Pod, container: Container): ShellSystem['user'] {
  const whole = (spec.securityContext ?? {}) as Security;
  const own = (container.securityContext ?? {}) as Security;
  const named = imageUser(container.image ?? '');
  const id = own.runAsUser ?? whole.runAsUser ?? (typeof named === 'number' ? named : 0);
  const group = own.runAsGroup ?? whole.runAsGroup ?? 0;
  const added = [...(whole.fsGroup === undefined ? [] : [whole.fsGroup]), ...(whole.supplementalGroups ?? [])];
  const all = new Set([group, ...(id === 0 ? imageGroups(container.image ?? '') : []), ...added]);
  return { id, group, groups: [...all].sort((one, other) => one - other) };
}

function processesOf(object: Pod, own: Container): readonly RunningProcess[] {
  const { spec } = object;
  const one = (container: Container, pid: number): RunningProcess => ({
    pid,
    command: commandOf(container),
    user: userOf(object, container).id,
  });
  if (spec.shareProcessNamespace === true) {
    const all = [...spec.containers, ...(spec.containers.includes(own) ? [] : [own])];
    return [{ pid: 1, command: '/pause', user: 65535 }, ...all.map((container, index) => one(container, 7 + index * 6))];
  }
  const target = ephemeralOf(object).includes(own) ? (own as { readonly targetContainerName?: string }).targetContainerName : undefined;
  const beside = target === undefined ? undefined : containerOf(object, target);
  return beside === undefined ? [one(own, 1)] : [one(beside, 1), one(own, 13)];
}

/** Images that are little more than a shell have no entry point: arguments take the place of it. */
function commandOf({ command, args = [], image = '' }: Container): string {
  const isShell = imageFacts(image).kind === 'shell' && args.length > 0;
  return [...(command ?? (isShell ? [] : [imageCommand(image)])), ...args].join(' ');
}

function mountsOf(world: KubeletWorld, { pod, object, spec: container }: Instance): ShellSystem['mounts'] {
  const { spec } = object;
  const ofVolumes = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => {
    const found = (spec.volumes ?? []).find((one) => one.name === name);
    const volume = found as Readonly<Record<string, unknown>> | undefined;
    const isText = ['configMap', 'secret', 'projected', 'downwardAPI'].some((source) => volume?.[source] !== undefined);
    const medium = found?.emptyDir?.medium;
    const isMemory = isText ? volume?.['configMap'] === undefined : medium === 'Memory';
    const claims = ['persistentVolumeClaim', 'ephemeral', 'csi'].some((source) => volume?.[source] !== undefined);
    const device = isMemory ? 'tmpfs' : claims ? `/dev/sd${'bcdefghij'[claimIndex(spec, name)] ?? 'z'}` : DEVICE;
    const space = found === undefined ? undefined : volumeSpace(world, pod, object, found);
    return {
      ...(space === undefined ? {} : { space }),
      path: mountPath,
      device,
      type: isMemory ? 'tmpfs' : 'ext4',
      readOnly: readOnly === true || (isText && volume?.['configMap'] !== undefined),
    };
  });
  return [...ofVolumes, ...MANAGED_MOUNTS.map((path) => ({ path, device: DEVICE, type: 'ext4', readOnly: false }))];
}

function claimIndex({ volumes = [] }: Pod['spec'], name: string): number {
  return volumes
    .filter((volume) => 'persistentVolumeClaim' in volume || 'ephemeral' in volume || 'csi' in volume)
    .findIndex((volume) => volume.name === name);
}

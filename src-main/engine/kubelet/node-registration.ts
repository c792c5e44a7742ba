// The Node object as its kubelet makes it and keeps it: who it is, what it can hold, which images it has.
import type { Node } from '../kinds/core/node.ts';
import { nodeKind } from '../kinds/core/node.ts';
import { RELEASE } from '../kinds/release.ts';
import { isAlreadyExists } from '../meta/status-error.ts';
import type { Machine } from '../physics/physics.ts';
import { DEFAULT_HANDLER, kubeletSettings } from './kubelet-settings.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { machineAddress } from './node-addresses.ts';

/** upstream: pkg/kubelet/apis/config nodeStatusMaxImages */
const IMAGES_MAX = 50;
/** Volumes are attached by the controller, not by the kubelet. upstream: pkg/kubelet/kubelet_node_status.go initialNode */
const ANNOTATIONS = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
const CONTROL_PLANE_TAINT = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/** Creates the Node, or tells an existing one how its kubelet finds it; `starts`: the kubelet has just begun. upstream: pkg/kubelet/kubelet_node_status.go registerWithAPIServer */
export function registerNode(world: KubeletWorld, name: string, machine: Machine, starts = false): void {
  const client = world.context.clientFrom(name);
  const status = nodeStatus(world, name, machine);
  let created = true;
  try {
    client.create(nodeKind, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: labelsOf(name, machine), annotations: ANNOTATIONS },
      spec: machine.controlPlane ? { taints: [CONTROL_PLANE_TAINT] } : {},
      status,
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    created = false;
  }
  let before: Node['status'] = {};
  const node = client.patchStatus(nodeKind, name, (current) => {
    before = current.status;
    return { ...current, status: { ...current.status, ...status, conditions: mergeConditions(current, status) } };
  });
  // Its cry of birth comes before all that it finds. upstream: pkg/kubelet/kubelet.go BirthCry, pkg/kubelet/cm/node_container_manager_linux.go
  if (starts) world.nodeEvent(name, 'Normal', 'Starting', 'Starting kubelet.');
  tellChanges(world, node, created ? null : before);
  if (starts) world.nodeEvent(name, 'Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
}

/** Reasons of the events that tell of a condition's turn. upstream: pkg/kubelet/nodestatus/setters.go */
const TURNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MemoryPressure: { False: 'NodeHasSufficientMemory', True: 'NodeHasInsufficientMemory' },
  DiskPressure: { False: 'NodeHasNoDiskPressure', True: 'NodeHasDiskPressure' },
  PIDPressure: { False: 'NodeHasSufficientPID', True: 'NodeHasInsufficientPID' },
  Ready: { True: 'NodeReady', False: 'NodeNotReady' },
};

/** `before`: null for a node that is new. */
function tellChanges(world: KubeletWorld, node: Node, before: Node['status'] | null): void {
  const { name } = node.metadata;
  const bootID = node.status.nodeInfo?.bootID;
  if (before?.nodeInfo !== undefined && before.nodeInfo.bootID !== bootID)
    world.nodeEvent(name, 'Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${bootID}`);
  for (const { type, status } of node.status.conditions ?? []) {
    const reason = TURNS[type]?.[status];
    if (reason === undefined || before?.conditions?.find((known) => known.type === type)?.status === status) continue;
    world.nodeEvent(name, 'Normal', reason, `Node ${name} status is now: ${reason}`);
  }
}

/** upstream: pkg/kubelet/nodestatus/setters.go Images */
export function reportImages(world: KubeletWorld, name: string): void {
  const images = Object.entries(world.node(name).images)
    .sort(([a, aBytes], [b, bBytes]) => bBytes - aBytes || (a < b ? -1 : 1))
    .slice(0, IMAGES_MAX)
    .map(([image, sizeBytes]) => ({ names: [image], sizeBytes }));
  world.context.clientFrom(name).patchStatus(nodeKind, name, (current) => ({ ...current, status: { ...current.status, images } }));
}

export function hostAddress(world: KubeletWorld, name: string): string {
  return world.nodes.get(name)?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? addressOf(world, name);
}

function addressOf(world: KubeletWorld, name: string): string {
  return machineAddress([...world.context.physics.all('machine').keys()], name);
}

function labelsOf(name: string, { zone, region, controlPlane }: Machine): Readonly<Record<string, string>> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/region': region,
    'topology.kubernetes.io/zone': zone,
    ...(controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
  };
}

function nodeStatus(world: KubeletWorld, name: string, { capacity }: Machine): Node['status'] {
  const now = world.context.time.timestamp();
  const fine = (type: string, reason: string, message: string) => ({
    type,
    status: 'False',
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const bad = (type: string, reason: string, message: string) => ({ ...fine(type, reason, message), status: 'True' });
  const pressures = world.state.pressures?.[name]?.conditions ?? [];
  const is = (type: (typeof pressures)[number]): boolean => pressures.includes(type);
  return {
    capacity,
    allocatable: capacity,
    conditions: [
      is('MemoryPressure')
        ? bad('MemoryPressure', 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available')
        : fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      is('DiskPressure')
        ? bad('DiskPressure', 'KubeletHasDiskPressure', 'kubelet has disk pressure')
        : fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      is('PIDPressure')
        ? bad('PIDPressure', 'KubeletHasInsufficientPID', 'kubelet has insufficient PID available')
        : fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      world.node(name).shutdown === undefined
        ? bad('Ready', 'KubeletReady', 'kubelet is posting ready status')
        : fine('Ready', 'KubeletNotReady', 'node is shutting down'),
    ],
    addresses: [
      { type: 'InternalIP', address: addressOf(world, name) },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: identityOf(name, 'machine'),
      systemUUID: identityOf(name, 'system'),
      bootID: identityOf(name, `boot ${world.node(name).bootedAtMs}`),
      kernelVersion: '6.12.48+deb13-amd64',
      osImage: 'Debian GNU/Linux 13 (trixie)',
      containerRuntimeVersion: 'containerd://2.1.4',
      kubeletVersion: RELEASE,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    runtimeHandlers: runtimeHandlers(world, name),
    ...FEATURES,
  };
}

/** What containerd tells of its runtimes: the one without a name is that of pods that ask for none. upstream: pkg/kubelet/nodestatus/setters.go RuntimeHandlers, containerd internal/cri/server/service.go introspectRuntimeHandler */
function runtimeHandlers(world: KubeletWorld, name: string): NonNullable<Node['status']['runtimeHandlers']> {
  const able = { recursiveReadOnlyMounts: true, userNamespaces: true };
  const others = kubeletSettings(world.nodes.get(name)).runtimeHandlers.map((handler) => {
    const features = handler === DEFAULT_HANDLER ? able : { recursiveReadOnlyMounts: false, userNamespaces: false };
    return { name: handler, features };
  });
  return [{ features: able }, ...others];
}

/** upstream: pkg/kubelet/nodestatus/setters.go NodeFeatures */
const FEATURES = { features: { supplementalGroupsPolicy: true } };

/** A condition that stays as it was keeps its time. */
function mergeConditions(current: Node, { conditions = [] }: Node['status']): NonNullable<Node['status']['conditions']> {
  const known = current.status.conditions ?? [];
  const mine = conditions.map((condition) => {
    const before = known.find(({ type }) => type === condition.type);
    return before?.status === condition.status && before.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: before.lastTransitionTime }
      : condition;
  });
  return [...mine, ...known.filter(({ type }) => !conditions.some((condition) => condition.type === type))];
}

/** 32 hexadecimal digits that depend on the words alone. */
function identityOf(name: string, salt: string): string {
  let text = '';
  for (let part = 0; part < 4; part += 1) {
    let hash = 0x811c9dc5 ^ part;
    for (const character of `${salt}/${name}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    text += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return text;
}

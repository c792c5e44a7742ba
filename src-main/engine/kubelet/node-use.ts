// What the containers of a node take of its memory, disk, inodes and process ids, as a line over time: when it will cross a mark is known at once, so nobody polls.

import type { Pod } from '../kinds/core/pod.ts';
import { quantityValue } from '../meta/quantity.ts';
import { type Growth, processPlan } from '../runtime/process-plan.ts';
import { blocksOf, writtenBy } from './disk-blocks.ts';
import type { PodUse } from './eviction-order.ts';
import type { PodState } from './kubelet-state.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';
import { holdsNothing } from './node-loads.ts';
import { isToEnd } from './pod-types.ts';

/** Memory is given in pages, disk space in blocks of the same size; files and processes one by one. */
const PIECE: Readonly<Record<Used, number>> = { memory: 4096, disk: 4096, inodes: 1, processes: 1 };
/** ext4 makes one for each 16 KiB. upstream: mke2fs.conf inode_ratio */
const BYTES_PER_INODE = 16_384;
/** Threads may take an eighth of the memory with their stacks of 16 KiB, and there are no more ids than that. upstream: kernel/fork.c set_max_threads, PID_MAX_LIMIT */
const BYTES_PER_PROCESS = 8 * 16_384;
const PROCESSES_MAX = 4_194_304;

export type Used = 'memory' | 'disk' | 'inodes' | 'processes';

/** Of one running container. */
export interface ContainerUse {
  readonly pod: PodState;
  readonly object: Pod;
  readonly name: string;
  readonly startedMs: number;
  readonly used: Used;
  readonly growth: Growth;
}

export interface NodeUse {
  readonly amount: number;
  readonly perSecond: number;
}

/** Does a container of this kind ever matter to its node? */
export function takes(growth: Growth): boolean {
  return growth.amount > 0 || growth.perSecond > 0;
}

export function usesOn(world: KubeletWorld, node: string, used: Used): readonly ContainerUse[] {
  return world.podsOn(node).flatMap((pod) => {
    const object = world.object(pod);
    if (object === undefined || (isOfAnnotationsAlone(used) && object.metadata.annotations === undefined)) return [];
    return Object.entries(pod.containers).flatMap(([name, { process, startedMs }]) => {
      const spec = process === null ? undefined : containerOf(object, name);
      const growth = spec === undefined ? undefined : processPlan(spec, object.metadata.annotations, isToEnd(object, spec))[used];
      return growth === undefined || !takes(growth) ? [] : [{ pod, object, name, startedMs, used, growth }];
    });
  });
}

export function amountOf({ growth, startedMs, used }: ContainerUse, nowMs: number): number {
  const amount = growth.amount + (growth.perSecond * (nowMs - startedMs)) / 1000;
  return Math.floor(amount / PIECE[used]) * PIECE[used];
}

export function sumOf(uses: readonly ContainerUse[], nowMs: number): NodeUse {
  let amount = 0;
  let perSecond = 0;
  for (const use of uses) {
    amount += amountOf(use, nowMs);
    perSecond += use.growth.perSecond;
  }
  return { amount, perSecond };
}

/** Milliseconds until less than `least` is left of what is available; null: never. */
export function untilBelowMs(available: number, least: number, perSecond: number): number | null {
  if (available < least) return 0;
  return perSecond <= 0 ? null : Math.floor(((available - least) * 1000) / perSecond) + 1;
}

/** All that the pods of a node take of its disk; images come on top. */
export function diskUse(world: KubeletWorld, node: string): NodeUse {
  const { amount, perSecond } = sumOf(usesOn(world, node, 'disk'), world.nowMs);
  return { amount: amount + writtenOn(world, node), perSecond };
}

/** By all pods whose containers may run, and by what they wrote onto the node itself. */
function writtenOn(world: KubeletWorld, node: string): number {
  let bytes = blocksOf(world.node(node).files);
  for (const pod of world.podsOn(node)) {
    const object = holdsNothing(pod) ? undefined : world.object(pod);
    if (object === undefined) continue;
    const { volumes, layers } = writtenBy(pod, object);
    bytes += volumes;
    for (const layer of layers.values()) bytes += layer;
  }
  return bytes;
}

/** Pods with at least one running container, with what they take. */
export function podUses(world: KubeletWorld, node: string, used: Used, nowMs: number): readonly PodUse[] {
  const uses = usesOn(world, node, used);
  return world.podsOn(node).flatMap((pod) => {
    const object = world.object(pod);
    if (object === undefined || !Object.values(pod.containers).some(({ process }) => process !== null)) return [];
    const amounts = new Map(uses.filter((use) => use.pod === pod).map((use) => [use.name, amountOf(use, nowMs)]));
    if (used !== 'disk') return [{ pod: object, containers: listOf(amounts) }];
    const { volumes, layers } = writtenBy(pod, object);
    for (const [name, bytes] of layers) if (bytes > 0) amounts.set(name, (amounts.get(name) ?? 0) + bytes);
    return [{ pod: object, containers: listOf(amounts), volumes }];
  });
}

function listOf(amounts: ReadonlyMap<string, number>): PodUse['containers'] {
  return [...amounts].map(([name, amount]) => ({ name, amount }));
}

export function capacityOf(world: KubeletWorld, node: string, used: Used): number {
  const { capacity } = world.context.physics.get('machine', node) ?? {};
  if (capacity === undefined) return 0;
  if (used === 'memory') return quantityValue(capacity.memory);
  if (used === 'processes') return Math.min(PROCESSES_MAX, Math.floor(quantityValue(capacity.memory) / BYTES_PER_PROCESS));
  const diskBytes = quantityValue(capacity['ephemeral-storage']);
  return used === 'disk' ? diskBytes : Math.floor(diskBytes / BYTES_PER_INODE);
}

/** Of memory every process takes something, and it is a process itself. */
function isOfAnnotationsAlone(used: Used): boolean {
  return used === 'disk' || used === 'inodes';
}

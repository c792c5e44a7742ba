// What the containers of a node take of its memory and disk, as a line over time: when it will cross a mark is known at once, so nobody polls.

import type { Pod } from '../kinds/core/pod.ts';
import { quantityValue } from '../meta/quantity.ts';
import { type Growth, processPlan } from '../runtime/process-plan.ts';
import type { PodUse } from './eviction-order.ts';
import type { PodState } from './kubelet-state.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';

/** Memory is given in pages, disk space in blocks of the same size. */
const PAGE_BYTES = 4096;

export type Used = 'memory' | 'disk';

/** Of one running container. */
interface ContainerUse {
  readonly pod: PodState;
  readonly object: Pod;
  readonly name: string;
  readonly startedMs: number;
  readonly growth: Growth;
}

export interface NodeUse {
  readonly usedBytes: number;
  readonly bytesPerSecond: number;
}

/** Does a container of this kind ever matter to its node? */
export function takes(growth: Growth): boolean {
  return growth.bytes > 0 || growth.bytesPerSecond > 0;
}

export function usesOn(world: KubeletWorld, node: string, used: Used): readonly ContainerUse[] {
  return world.podsOn(node).flatMap((pod) => {
    const object = world.object(pod);
    if (object?.metadata.annotations === undefined) return [];
    return Object.entries(pod.containers).flatMap(([name, { process, startedMs }]) => {
      const spec = process === null ? undefined : containerOf(object, name);
      const growth = spec === undefined ? undefined : processPlan(spec, object.metadata.annotations)[used];
      return growth === undefined || !takes(growth) ? [] : [{ pod, object, name, startedMs, growth }];
    });
  });
}

export function bytesOf({ growth, startedMs }: ContainerUse, nowMs: number): number {
  const bytes = growth.bytes + (growth.bytesPerSecond * (nowMs - startedMs)) / 1000;
  return Math.floor(bytes / PAGE_BYTES) * PAGE_BYTES;
}

export function sumOf(uses: readonly ContainerUse[], nowMs: number): NodeUse {
  let usedBytes = 0;
  let bytesPerSecond = 0;
  for (const use of uses) {
    usedBytes += bytesOf(use, nowMs);
    bytesPerSecond += use.growth.bytesPerSecond;
  }
  return { usedBytes, bytesPerSecond };
}

/** Milliseconds until less than `leastBytes` is left of `availableBytes`; null: never. */
export function untilBelowMs(availableBytes: number, leastBytes: number, bytesPerSecond: number): number | null {
  if (availableBytes < leastBytes) return 0;
  return bytesPerSecond <= 0 ? null : Math.floor(((availableBytes - leastBytes) * 1000) / bytesPerSecond) + 1;
}

/** Pods with at least one running container, with what they take. */
export function podUses(world: KubeletWorld, node: string, used: Used, nowMs: number): readonly PodUse[] {
  const uses = usesOn(world, node, used);
  return world.podsOn(node).flatMap((pod) => {
    const object = world.object(pod);
    if (object === undefined || !Object.values(pod.containers).some(({ process }) => process !== null)) return [];
    const containers = uses.filter((use) => use.pod === pod).map((use) => ({ name: use.name, bytes: bytesOf(use, nowMs) }));
    return [{ pod: object, containers }];
  });
}

export function capacityOf(world: KubeletWorld, node: string, used: Used): number {
  const { capacity } = world.context.physics.get('machine', node) ?? {};
  return capacity === undefined ? 0 : quantityValue(used === 'memory' ? capacity.memory : capacity['ephemeral-storage']);
}

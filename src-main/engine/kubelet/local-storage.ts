// What a pod keeps on its node's disk, held against the limits it set itself: its emptyDir volumes, all of it together, and each container's layer.
// upstream: pkg/kubelet/eviction/eviction_manager.go localStorageEviction; volumes are measured as pkg/volume/util/fs DiskUsage does
import type { Pod } from '../kinds/core/pod.ts';
import { podTotals } from '../kinds/core/pod-totals.ts';
import { canonicalQuantity, printQuantity, quantityValue } from '../meta/quantity.ts';
import { BLOCK_BYTES } from '../runtime/byte-length.ts';
import { blocksOf } from './disk-blocks.ts';
import type { PodState } from './kubelet-state.ts';
import { amountOf, type ContainerUse, type NodeUse, untilBelowMs } from './node-use.ts';

const RESOURCE = 'ephemeral-storage';

/** A limit, how far the pod has got towards it, and what is said when it is passed. */
interface Bound extends NodeUse {
  readonly limit: number;
  readonly message: string;
}

/** Does it set itself any limit that its node's disk counts for? */
export function isBounded({ spec }: Pod): boolean {
  const isLimited = spec.containers.some(({ resources }) => resources?.limits?.[RESOURCE] !== undefined);
  return isLimited || (spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ?? false);
}

/** What the kubelet says of the first limit that the pod has passed; null: it keeps to all. `uses`: of the disk, by the pod's containers. */
export function excessOf(pod: PodState, object: Pod, uses: readonly ContainerUse[], nowMs: number): string | null {
  return boundsOf(pod, object, uses, nowMs).find(({ amount, limit }) => amount > limit)?.message ?? null;
}

/** Milliseconds until it passes a limit, if it goes on as it does; null: never. */
export function untilExcessMs(pod: PodState, object: Pod, uses: readonly ContainerUse[], nowMs: number): number | null {
  const waits = boundsOf(pod, object, uses, nowMs).map(({ limit, amount, perSecond }) => untilBelowMs(limit - amount, 0, perSecond));
  return waits.reduce<number | null>((least, wait) => (wait === null || (least !== null && least < wait) ? least : wait), null);
}

/** In the order in which the kubelet looks at them. */
function boundsOf(pod: PodState, object: Pod, uses: readonly ContainerUse[], nowMs: number): readonly Bound[] {
  if (!isBounded(object)) return [];
  const bounds: Bound[] = [];
  let amount = 0;
  let perSecond = 0;
  for (const { name, emptyDir } of object.spec.volumes ?? []) {
    // Memory has a size of its own, and keeps to it.
    if (emptyDir === undefined || emptyDir.medium === 'Memory') continue;
    const used = BLOCK_BYTES + blocksOf(pod.files?.[name]);
    amount += used;
    const { sizeLimit } = emptyDir;
    const limit = sizeLimit === undefined ? 0 : quantityValue(sizeLimit);
    if (sizeLimit === undefined || limit <= 0) continue;
    const message = `Usage of EmptyDir volume "${name}" exceeds the limit "${canonicalQuantity(sizeLimit)}". `;
    bounds.push({ limit, amount: used, perSecond: 0, message });
  }
  const layers: Bound[] = [];
  for (const { name, resources } of object.spec.containers) {
    const use = uses.find((one) => one.name === name);
    const written = blocksOf(pod.containers[name]?.files) + (use === undefined ? 0 : amountOf(use, nowMs));
    const growth = use?.growth.perSecond ?? 0;
    amount += written;
    perSecond += growth;
    const limit = resources?.limits?.[RESOURCE];
    if (limit === undefined) continue;
    const message = `Container ${name} exceeded its local ephemeral storage limit "${canonicalQuantity(limit)}". `;
    layers.push({ limit: quantityValue(limit), amount: written, perSecond: growth, message });
  }
  const total = podTotals(object.spec, 'limits').get(RESOURCE);
  if (total !== undefined) {
    const text = printQuantity(total);
    const message = `Pod ephemeral local storage usage exceeds the total limit of containers ${text}. `;
    bounds.push({ limit: quantityValue(text), amount, perSecond, message });
  }
  return [...bounds, ...layers];
}

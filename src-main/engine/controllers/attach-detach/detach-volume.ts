// Detaches a volume nobody on the node wants any more, but only when it is safe: unmounted, or the node is known to be dead.
// upstream: pkg/controller/volume/attachdetach/reconciler/reconciler.go reconcile
import type { ComponentContext } from '../../client/component.ts';
import { type Node, nodeKind } from '../../kinds/core/node.ts';
import { type CsiSource, uniqueVolumeName } from '../../kinds/storage/attachment-names.ts';
import { volumeAttachmentKind } from '../../kinds/storage/volume-attachment.ts';
import { isNotFound } from '../../meta/status-error.ts';
import { type Attached, type AttachMemory, forget, timerKey } from './attach-memory.ts';
import { reportAttached, reportDetached } from './attach-volume.ts';
import type { AttachWorld } from './attach-world.ts';

/** upstream: ReconcilerMaxWaitForUnmountDuration */
const FORCE_DETACH_MS = 360_000;
const outOfServiceTaint = 'node.kubernetes.io/out-of-service';

type Context = ComponentContext<AttachMemory>;

/** Nobody wants the volume here: detaches it, or waits for the node to let go of it. */
export function detachWhenSafe(
  context: Context,
  world: AttachWorld,
  volume: string,
  source: CsiSource,
  node: string,
  entry: Attached,
): void {
  const { state, time } = context;
  if (entry.stage === 'detaching') return;
  entry.detachRequestedMs ??= time.nowMs;
  const known = world.nodes.get(node);
  if (known !== undefined) entry.inUse = isInUse(known, source);
  const late = time.nowMs - entry.detachRequestedMs > FORCE_DETACH_MS;
  const healthy = known !== undefined && isReady(known);
  const outOfService = known?.spec.taints?.some((taint) => taint.key === outOfServiceTaint) === true;
  if (entry.inUse && !(late && !healthy) && !outOfService) {
    if (healthy) stopCountdown(context, entry);
    else startCountdown(context, volume, node, entry);
    return;
  }
  reportDetached(context, source, node);
  if (!late && !outOfService && mountedLive(context, source, node)) {
    reportAttached(context, world, source, node);
    return;
  }
  stopTimers(context, entry);
  try {
    context.client.delete(volumeAttachmentKind, entry.attachment);
    entry.stage = 'detaching';
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
    forget(state, volume, node);
  }
}

/** A pod wants the volume here again: the request to detach is withdrawn. upstream: ResetDetachRequestTime */
export function keepAttached(context: Context, entry: Attached): void {
  entry.detachRequestedMs = null;
  stopCountdown(context, entry);
}

export function stopTimers(context: Pick<Context, 'time'>, entry: Attached): void {
  stopCountdown(context, entry);
  if (entry.timer !== null) context.time.cancel(entry.timer);
  entry.timer = null;
}

/** Does the node say that it has the volume mounted, or is about to? */
export function isInUse(node: Node, source: CsiSource): boolean {
  return node.status.volumesInUse?.includes(uniqueVolumeName(source)) === true;
}

function startCountdown({ time }: Context, volume: string, node: string, entry: Attached): void {
  if (entry.forceTimer !== null || entry.detachRequestedMs === null) return;
  const fromMs = entry.detachRequestedMs;
  const leftMs = Math.max(fromMs + FORCE_DETACH_MS + 1 - time.nowMs, 0);
  const countdown = { kind: 'PersistentVolume', key: volume, name: 'force-detach', fromMs };
  entry.forceTimer = time.after(leftMs, 'force-detach', timerKey(volume, node), null, countdown);
}

function stopCountdown({ time }: Pick<Context, 'time'>, entry: Attached): void {
  if (entry.forceTimer !== null) time.cancel(entry.forceTimer);
  entry.forceTimer = null;
}

// upstream: verifyVolumeIsSafeToDetach
function mountedLive({ client }: Context, source: CsiSource, node: string): boolean {
  try {
    return isInUse(client.get(nodeKind, node), source);
  } catch (thrown) {
    if (isNotFound(thrown)) return false;
    throw thrown;
  }
}

function isReady(node: Node): boolean {
  return node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

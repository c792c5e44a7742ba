// Begins attaching a volume to a node and follows it: creates the attachment object, waits for the driver, tells node and pods.
// upstream: pkg/volume/util/operationexecutor/operation_generator.go GenerateAttachVolumeFunc, pkg/volume/csi/csi_attacher.go Attach
import type { ComponentContext } from '../../client/component.ts';
import { type Node, nodeKind } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { attachmentName, type CsiSource, uniqueVolumeName } from '../../kinds/storage/attachment-names.ts';
import { volumeAttachmentKind } from '../../kinds/storage/volume-attachment.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { isAlreadyExists, isNotFound, isRefusedByPolicy } from '../../meta/status-error.ts';
import { type Attached, type AttachMemory, begin, timerKey } from './attach-memory.ts';
import type { AttachWorld } from './attach-world.ts';

/** upstream: pkg/volume/csi csiTimeout, pkg/util/goroutinemap/exponentialbackoff */
const ATTACH_TIMEOUT_MS = 120_000;
const BACK_OFF_MS_MIN = 500;
const BACK_OFF_MS_MAX = 122_000;

type Context = ComponentContext<AttachMemory>;

export function beginAttach({ client, state, time }: Context, volume: string, source: CsiSource, node: string): void {
  const name = attachmentName(source, node);
  try {
    client.create(volumeAttachmentKind, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name },
      spec: { attacher: source.driver, nodeName: node, source: { persistentVolumeName: volume } },
    });
  } catch (thrown) {
    if (!isAlreadyExists(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
  const entry = begin(state, volume, node, name);
  entry.timer = time.after(ATTACH_TIMEOUT_MS, 'attach', timerKey(volume, node));
}

/** Looks how an attach that was begun has gone. */
export function followAttach(
  context: Context,
  world: AttachWorld,
  volume: string,
  source: CsiSource,
  node: string,
  entry: Attached,
  pods: readonly Pod[],
): void {
  if (entry.stage === 'attaching') {
    const status = world.attachments.get(entry.attachment)?.status;
    if (status?.attached === true) {
      markAttached(context, entry);
      reportAttached(context, world, source, node);
      for (const pod of pods)
        context.events.record(pod, 'Normal', 'SuccessfulAttachVolume', `AttachVolume.Attach succeeded for volume ${goQuote(volume)} `);
    } else if (status?.attachError !== undefined) failAttach(context, volume, node, entry, pods, status.attachError.message ?? '');
  } else if (entry.stage === 'attached') reportAttached(context, world, source, node);
}

/** The time-out of an attach, or the end of its back-off. */
export function attachTimer(
  context: Context,
  volume: string,
  node: string,
  entry: Attached,
  source: CsiSource,
  pods: readonly Pod[],
): void {
  entry.timer = null;
  if (entry.stage === 'attaching') {
    const message = `timed out waiting for external-attacher of ${source.driver} CSI driver to attach volume ${source.volumeHandle}`;
    failAttach(context, volume, node, entry, pods, message);
  } else if (entry.stage === 'attachFailed') {
    entry.stage = 'attaching';
    entry.timer = context.time.after(ATTACH_TIMEOUT_MS, 'attach', timerKey(volume, node));
  }
}

/** Puts the volume into node.status.volumesAttached, which the kubelet waits for. upstream: statusupdater */
export function reportAttached({ client }: Pick<Context, 'client'>, world: AttachWorld, source: CsiSource, node: string): void {
  const name = uniqueVolumeName(source);
  const known = world.nodes.get(node);
  if (known === undefined || isReported(known, name)) return;
  changeNodeStatus(client, node, (current) => {
    if (isReported(current, name)) return current;
    const volumesAttached = [...(current.status.volumesAttached ?? []), { name, devicePath: '' }];
    return { ...current, status: { ...current.status, volumesAttached } };
  });
}

/** Takes it out again, before it is detached. */
export function reportDetached({ client }: Pick<Context, 'client'>, source: CsiSource, node: string): void {
  const name = uniqueVolumeName(source);
  changeNodeStatus(client, node, (current) => {
    if (!isReported(current, name)) return current;
    const { volumesAttached = [], ...status } = current.status;
    const left = volumesAttached.filter((attached) => attached.name !== name);
    return { ...current, status: left.length === 0 ? status : { ...status, volumesAttached: left } };
  });
}

/** An attachment that is there already is adopted. */
export function adoptAttachment(
  { state }: Pick<Context, 'state'>,
  volume: string,
  node: string,
  name: string,
  attached: boolean,
): Attached {
  const entry = begin(state, volume, node, name);
  if (attached) entry.stage = 'attached';
  return entry;
}

function markAttached({ time }: Context, entry: Attached): void {
  if (entry.timer !== null) time.cancel(entry.timer);
  entry.timer = null;
  entry.delayMs = 0;
  entry.stage = 'attached';
}

// The node may have it all the same, so the entry stays: upstream's MarkVolumeAsUncertain.
function failAttach({ events, time }: Context, volume: string, node: string, entry: Attached, pods: readonly Pod[], why: string): void {
  if (entry.timer !== null) time.cancel(entry.timer);
  entry.stage = 'attachFailed';
  entry.delayMs = entry.delayMs === 0 ? BACK_OFF_MS_MIN : Math.min(entry.delayMs * 2, BACK_OFF_MS_MAX);
  entry.timer = time.after(entry.delayMs, 'attach', timerKey(volume, node));
  for (const pod of pods)
    events.record(pod, 'Warning', 'FailedAttachVolume', `AttachVolume.Attach failed for volume ${goQuote(volume)} : ${why}`);
}

function isReported(node: Node, name: string): boolean {
  return node.status.volumesAttached?.some((attached) => attached.name === name) === true;
}

function changeNodeStatus(client: Context['client'], node: string, change: (current: Node) => Node): void {
  try {
    client.patchStatus(nodeKind, node, change);
  } catch (thrown) {
    // A node that is gone has no status to keep right.
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

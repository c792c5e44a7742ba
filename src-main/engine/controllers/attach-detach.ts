// Attaches volumes to the nodes whose pods want them and detaches them afterwards. Its loop runs every 100 ms upstream; here a round is run only when something has changed.
// upstream: pkg/controller/volume/attachdetach

import { equal } from '../base/equal.ts';
import { type AnyController, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podClaimKeys } from '../kinds/core/pod-claims.ts';
import { type CsiSource, isMultiAttachAllowed, uniqueVolumeName } from '../kinds/storage/attachment-names.ts';
import { keyOf } from '../meta/object.ts';
import { type AttachMemory, attachedOn, forget, keepReports, splitTimerKey } from './attach-detach/attach-memory.ts';
import { adoptAttachment, attachTimer, beginAttach, followAttach, reportDetached } from './attach-detach/attach-volume.ts';
import {
  type AttachWorld,
  attachableSource,
  attachmentsOf,
  attachWorld,
  volumesOfClaims,
  volumesOn,
  wantedNodes,
} from './attach-detach/attach-world.ts';
import { detachWhenSafe, isInUse, keepAttached, stopTimers } from './attach-detach/detach-volume.ts';
import { multiAttachError } from './attach-detach/multi-attach-error.ts';
import { isPodTerminated } from './persistent-volume-binder/pod-terminated.ts';

/** upstream: ReconcilerLoopPeriod */
const LOOP_MS = 100;

type Context = ControllerContext<AttachMemory>;

/** Operations on different volumes go on side by side. */
export const attachDetach: AnyController = defineController<AttachMemory>({
  name: 'attachdetach-controller',
  workers: 10,
  initialState: () => ({ attached: {}, reported: {}, dirty: {}, tickArmed: false }),
  start: (context) => {
    const world = attachWorld(context);
    listen(context, world);
    return {
      reconcile: (volume) => reconcile(context, world, volume),
      onTimer: (name, key) => {
        if (name === 'tick') runRound(context);
        else onVolumeTimer(context, world, name, key);
      },
    } satisfies RunningController;
  },
});

function listen(context: Context, world: AttachWorld): void {
  const look = (volumes: Iterable<string>): void => {
    for (const volume of volumes) markDirty(context, volume);
  };
  world.pods.onChange((next, previous) => {
    const pod = next ?? previous;
    if (
      pod === undefined ||
      pod.spec.volumes === undefined ||
      (wants(next) === wants(previous) && next !== undefined && previous !== undefined)
    )
      return;
    look(volumesOfClaims(world, podClaimKeys(pod)));
  });
  world.claims.onChange((next, previous) => {
    const claim = next ?? previous;
    if (claim !== undefined && next?.status.phase !== previous?.status.phase) look(volumesOfClaims(world, [keyOf(claim)]));
  });
  world.volumes.onChange((next, previous) => {
    const volume = next ?? previous;
    if (volume?.spec.csi !== undefined) look([volume.metadata.name]);
  });
  world.attachments.onChange((next, previous) => {
    const attachment = next ?? previous;
    const volume = attachment?.spec.source.persistentVolumeName ?? '';
    if (next === undefined && attachment !== undefined) attachmentGone(context, world, volume, attachment.spec.nodeName);
    look([volume]);
  });
  world.nodes.onChange((next, previous) => {
    const node = next ?? previous;
    if (node === undefined || sameForVolumes(next, previous)) return;
    for (const volume of volumesTouched(world, node, next, previous)) {
      // The last word of a node that is gone still counts.
      rememberInUse(context, world, volume, node);
      markDirty(context, volume);
    }
  });
  if (!context.restored) for (const volume of world.volumes.values()) if (volume.spec.csi !== undefined) look([volume.metadata.name]);
}

/** Where a pod wants its volumes: '' for nowhere. */
function wants(pod: Pod | undefined): string {
  return pod === undefined || isPodTerminated(pod) ? '' : (pod.spec.nodeName ?? '');
}

function sameForVolumes(next: Node | undefined, previous: Node | undefined): boolean {
  return (
    sameHealth(next, previous) &&
    equal(next?.status.volumesInUse, previous?.status.volumesInUse) &&
    equal(next?.status.volumesAttached, previous?.status.volumesAttached)
  );
}

function sameHealth(next: Node | undefined, previous: Node | undefined): boolean {
  if (next === undefined || previous === undefined) return false;
  const ready = (node: Node) => node.status.conditions?.find(({ type }) => type === 'Ready')?.status;
  return equal(next.spec.taints, previous.spec.taints) && ready(next) === ready(previous);
}

/** Volumes on the node that the change concerns: all when it is about the node itself, else those whose own entries came or went. */
function volumesTouched(world: AttachWorld, node: Node, next: Node | undefined, previous: Node | undefined): readonly string[] {
  const volumes = volumesOn(world, node.metadata.name);
  if (!sameHealth(next, previous)) return volumes;
  const [now, before] = [namesOf(next), namesOf(previous)];
  return volumes.filter((volume) => {
    const source = world.volumes.get(volume)?.spec.csi;
    if (source === undefined) return false;
    const name = uniqueVolumeName(source);
    return now.inUse.has(name) !== before.inUse.has(name) || now.attached.has(name) !== before.attached.has(name);
  });
}

function namesOf(node: Node | undefined): { readonly inUse: ReadonlySet<string>; readonly attached: ReadonlySet<string> } {
  return { inUse: new Set(node?.status.volumesInUse), attached: new Set(node?.status.volumesAttached?.map(({ name }) => name)) };
}

function rememberInUse({ state }: Context, world: AttachWorld, volume: string, node: Node): void {
  const source = world.volumes.get(volume)?.spec.csi;
  const entry = attachedOn(state, volume)[node.metadata.name];
  if (source !== undefined && entry !== undefined) entry.inUse = isInUse(node, source);
}

function markDirty({ state, time }: Context, volume: string): void {
  if (volume === '') return;
  state.dirty[volume] = true;
  if (state.tickArmed) return;
  state.tickArmed = true;
  time.after(LOOP_MS - (time.nowMs % LOOP_MS), 'tick', '');
}

function runRound({ state, queue }: Context): void {
  state.tickArmed = false;
  for (const volume of Object.keys(state.dirty)) {
    delete state.dirty[volume];
    queue.add(volume);
  }
}

function reconcile(context: Context, world: AttachWorld, name: string): void {
  const { state } = context;
  const volume = world.volumes.get(name);
  const source = attachableSource(world, volume);
  if (volume === undefined || source === undefined) return;
  for (const { metadata, spec, status } of attachmentsOf(world, name))
    if (attachedOn(state, name)[spec.nodeName] === undefined && metadata.deletionTimestamp === undefined)
      adoptAttachment(context, name, spec.nodeName, metadata.name, status?.attached === true);
  const wanted = wantedNodes(world, volume);
  keepReports(state, name, wanted);
  // Detaches come first, so that a volume whose pod has moved is free for its new node.
  for (const [node, entry] of Object.entries(attachedOn(state, name))) {
    const pods = wanted.get(node);
    if (pods === undefined) detachWhenSafe(context, world, name, source, node, entry);
    else {
      keepAttached(context, entry);
      followAttach(context, world, name, source, node, entry, pods);
    }
  }
  for (const [node, pods] of wanted) attachIfFree(context, world, name, source, node, pods, wanted);
}

function attachIfFree(
  context: Context,
  world: AttachWorld,
  name: string,
  source: CsiSource,
  node: string,
  pods: readonly Pod[],
  wanted: ReadonlyMap<string, readonly Pod[]>,
): void {
  const { state, events } = context;
  const holders = Object.keys(attachedOn(state, name));
  const volume = world.volumes.get(name);
  if (holders.includes(node) || volume === undefined || world.nodes.get(node) === undefined) return;
  if (holders.length === 0 || isMultiAttachAllowed(volume)) {
    beginAttach(context, name, source, node);
    return;
  }
  if (state.reported[name]?.[node] !== undefined) return;
  state.reported[name] = { ...state.reported[name], [node]: true };
  const users = holders.flatMap((holder) => wanted.get(holder) ?? []);
  for (const pod of pods) events.record(pod, 'Warning', 'FailedAttachVolume', multiAttachError(name, pod, users));
}

/** Detached, or deleted by somebody else: what the node is told of goes with it. upstream: actual_state_of_world.go DeleteVolumeNode */
function attachmentGone(context: Context, world: AttachWorld, volume: string, node: string): void {
  const entry = attachedOn(context.state, volume)[node];
  if (entry === undefined) return;
  const source = world.volumes.get(volume)?.spec.csi;
  if (source !== undefined) reportDetached(context, source, node);
  stopTimers(context, entry);
  forget(context.state, volume, node);
}

function onVolumeTimer(context: Context, world: AttachWorld, name: string, key: string): void {
  const { volume, node } = splitTimerKey(key);
  const entry = attachedOn(context.state, volume)[node];
  if (entry === undefined) return;
  if (name === 'force-detach') entry.forceTimer = null;
  else {
    const known = world.volumes.get(volume);
    const source = attachableSource(world, known);
    if (known !== undefined && source !== undefined)
      attachTimer(context, volume, node, entry, source, wantedNodes(world, known).get(node) ?? []);
  }
  markDirty(context, volume);
}

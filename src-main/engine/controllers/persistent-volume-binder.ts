// The persistent volume binder: a claim and a volume find each other here. Its resync every 15 s visits only what a resync could change.
// upstream: pkg/controller/volume/persistentvolume/pv_controller_base.go
import { type AnyController, type ControllerContext, defineController, type RunningController, Unreachable } from '../client/component.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import { podKind } from '../kinds/core/pod.ts';
import { bindCompletedAnnotation, hasAnnotation } from '../kinds/core/volume-annotations.ts';
import { keyOf } from '../meta/object.ts';
import { StatusError } from '../meta/status-error.ts';
import { claimKeyOf } from './persistent-volume-binder/bind.ts';
import { BindingError } from './persistent-volume-binder/binder-world.ts';
import { recyclerPrefix } from './persistent-volume-binder/in-tree-plugins.ts';
import { type BinderMemory, type LabWorld, labWorld } from './persistent-volume-binder/lab-world.ts';
import { deleterOf } from './persistent-volume-binder/reclaim.ts';
import { syncClaim } from './persistent-volume-binder/sync-claim.ts';
import { syncVolume } from './persistent-volume-binder/sync-volume.ts';

/** upstream: --pvclaimbinder-sync-period */
const RESYNC_MS = 15_000;

interface Memory extends BinderMemory {
  /** Work queue keys that the next resync visits. */
  readonly unsettled: Record<string, true>;
  resyncArmed: boolean;
}

/** One worker for both kinds: two claims must not be given the same volume. */
export const persistentVolumeBinder: AnyController = defineController<Memory>({
  name: 'persistentvolume-controller',
  workers: 1,
  initialState: () => ({ claims: {}, volumes: {}, failed: {}, unsettled: {}, resyncArmed: false }),
  start: (context) => {
    const { queue, state } = context;
    const world = labWorld(context, state, (key) => queue.add(`claim:${key}`));
    listen(context, world);
    return {
      reconcile: (key) => reconcile(context, world, key),
      onTimer: () => {
        state.resyncArmed = false;
        // In one order, whoever became unsettled first.
        for (const key of Object.keys(state.unsettled).sort()) queue.add(key);
      },
    } satisfies RunningController;
  },
});

function listen({ queue, restored, cache }: ControllerContext<Memory>, world: LabWorld): void {
  world.claims.onChange((next, previous) => {
    const claim = next ?? previous;
    if (claim === undefined || !world.knownClaims.heard(next, previous)) return;
    queue.add(`claim:${keyOf(claim)}`);
    // A claim that is gone releases its volume.
    if (next === undefined && (claim.spec.volumeName ?? '') !== '') queue.add(`volume:${claim.spec.volumeName}`);
  });
  world.volumes.onChange((next, previous) => {
    const volume = next ?? previous;
    if (volume === undefined || !world.knownVolumes.heard(next, previous)) return;
    queue.add(`volume:${volume.metadata.name}`);
    if (next === undefined && volume.spec.claimRef !== undefined) queue.add(`claim:${claimKeyOf(volume)}`);
  });
  cache(podKind).onChange((next, previous) => {
    const name = (next ?? previous)?.metadata.name ?? '';
    if (name.startsWith(recyclerPrefix)) queue.add(`volume:${name.slice(recyclerPrefix.length)}`);
  });
  if (restored) return;
  for (const volume of world.volumes.values()) queue.add(`volume:${volume.metadata.name}`);
  for (const claim of world.claims.values()) queue.add(`claim:${keyOf(claim)}`);
}

function reconcile(context: ControllerContext<Memory>, world: LabWorld, key: string): void {
  const isClaim = key.startsWith('claim:');
  const name = key.slice(key.indexOf(':') + 1);
  let failed = false;
  try {
    const claim = isClaim ? world.claim(name) : undefined;
    const volume = isClaim ? undefined : world.volume(name);
    if (claim !== undefined) syncClaim(world, claim);
    if (volume !== undefined) syncVolume(world, volume);
  } catch (thrown) {
    // Upstream logs it and leaves the rest to the news or the next resync.
    if (!(thrown instanceof StatusError) && !(thrown instanceof BindingError) && !(thrown instanceof Unreachable)) throw thrown;
    failed = true;
  }
  if (failed || (isClaim ? claimWaits(world, name) : volumeWaits(world, name))) settleLater(context, key);
  else delete context.state.unsettled[key];
}

/** A resync does something for claims that have no volume yet. */
function claimWaits(world: LabWorld, key: string): boolean {
  const claim = world.claim(key);
  return claim !== undefined && !hasAnnotation(claim, bindCompletedAnnotation);
}

/** A resync tries again to recycle or delete. */
function volumeWaits(world: LabWorld, name: string): boolean {
  const volume: PersistentVolume | undefined = world.volume(name);
  if (volume?.status.phase !== 'Released' && volume?.status.phase !== 'Failed') return false;
  const policy = volume.spec.persistentVolumeReclaimPolicy;
  return policy === 'Recycle' || (policy === 'Delete' && deleterOf(world, volume) !== null);
}

function settleLater({ state, time }: ControllerContext<Memory>, key: string): void {
  state.unsettled[key] = true;
  if (state.resyncArmed) return;
  state.resyncArmed = true;
  time.after(RESYNC_MS - (time.nowMs % RESYNC_MS), 'resync', '');
}

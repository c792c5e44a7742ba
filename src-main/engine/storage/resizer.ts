// The CSI resizer: has a volume grown whose claim asks for more, and leaves the file system to the node.
// upstream: kubernetes-csi/external-resizer pkg/controller/controller.go, resize_status.go
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { isWaitingForNode, markResized, markResizing, markWaitingForNode, requestedSize, wantsMore } from '../kinds/core/claim-resizing.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { goQuote } from '../meta/go-quote.ts';
import { keyOf } from '../meta/object.ts';
import { quantityValue } from '../meta/quantity.ts';
import { isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { type Backend, driverOf } from './backends.ts';
import { callMs, retryMsMax, retryMsMin } from './call-times.ts';
import { growDisk, whyNotGrown } from './disk-backend.ts';

interface Memory {
  /** Calls under way or their back-off, by claim key. */
  readonly growing: Record<string, { readonly timer: number; readonly retryMs: number }>;
}

type Context = ComponentContext<Memory>;

interface Growth {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
  readonly backend: Backend;
}

export const resizer: AnyComponent = defineComponent<Memory>({
  name: 'external-resizer',
  initialState: () => ({ growing: {} }),
  start: (context) => {
    const claims = context.cache(persistentVolumeClaimKind);
    const volumes = context.cache(persistentVolumeKind);
    claims.onChange((next) => next !== undefined && consider(context, keyOf(next)));
    volumes.onChange((next) => {
      const { claimRef } = next?.spec ?? {};
      if (claimRef !== undefined) consider(context, `${claimRef.namespace}/${claimRef.name}`);
    });
    if (!context.restored) for (const claim of claims.values()) consider(context, keyOf(claim));
    return {
      onTimer: (name, key) => {
        if (name === 'expand') finish(context, key);
        else {
          const { retryMs = retryMsMin } = context.state.growing[key] ?? {};
          delete context.state.growing[key];
          consider(context, key, retryMs);
        }
      },
    };
  },
});

/** Null: there is nothing to do. upstream: pvcNeedResize, pvNeedResize */
function growthOf({ cache }: Context, key: string): Growth | null {
  const claim = cache(persistentVolumeClaimKind).get(key);
  if (claim === undefined || !wantsMore(claim) || hasGrown(claim)) return null;
  const volume = cache(persistentVolumeKind).get(claim.spec.volumeName ?? '');
  const backend = driverOf(volume?.spec.csi?.driver);
  if (volume === undefined || backend?.expands !== true) return null;
  return quantityValue(volume.spec.capacity?.['storage'] ?? '0') < quantityValue(requestedSize(claim.spec))
    ? { claim, volume, backend }
    : null;
}

/** The volume has grown that far, even if news of it is still on its way. */
function hasGrown(claim: PersistentVolumeClaim): boolean {
  return (
    isWaitingForNode(claim) &&
    quantityValue(claim.status.allocatedResources?.['storage'] ?? '0') >= quantityValue(requestedSize(claim.spec))
  );
}

function consider(context: Context, key: string, retryMs = retryMsMin): void {
  const { state, time } = context;
  const growth = state.growing[key] === undefined ? growthOf(context, key) : null;
  if (growth === null) return;
  const { claim, volume, backend } = growth;
  state.growing[key] = { timer: time.after(time.random.between(...callMs.expand), 'expand', key), retryMs };
  patchClaim(context, key, (current) => markResizing(current, time.timestamp()));
  speak(context, backend, claim, 'Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`);
}

function finish(context: Context, key: string): void {
  const { state, physics, time, client } = context;
  const { retryMs = retryMsMin } = state.growing[key] ?? {};
  delete state.growing[key];
  const growth = growthOf(context, key);
  if (growth === null) return;
  const { claim, volume, backend } = growth;
  const handle = volume.spec.csi?.volumeHandle ?? '';
  const refusal = whyNotGrown(physics, handle);
  if (refusal !== null) {
    const why = `resize volume ${goQuote(volume.metadata.name)} by resizer ${goQuote(backend.name)} failed: ${refusal}`;
    speak(context, backend, claim, 'Warning', 'VolumeResizeFailed', why);
    state.growing[key] = { timer: time.after(retryMs, 'retry', key), retryMs: Math.min(retryMs * 2, retryMsMax) };
    return;
  }
  const size = requestedSize(claim.spec);
  growDisk(physics, handle, quantityValue(size));
  try {
    client.patch(persistentVolumeKind, volume.metadata.name, (current) => ({
      ...current,
      spec: { ...current.spec, capacity: { ...current.spec.capacity, storage: size } },
    }));
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
  if (backend.growsOnNode && volume.spec.volumeMode !== 'Block') {
    patchClaim(context, key, (current) => markWaitingForNode(current, time.timestamp()));
    speak(context, backend, claim, 'Normal', 'FileSystemResizeRequired', 'Require file system resize of volume on node');
  } else {
    patchClaim(context, key, (current) => markResized(current, size));
    speak(context, backend, claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
  }
}

function speak(
  { eventsAs }: Context,
  { name }: Backend,
  claim: PersistentVolumeClaim,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  eventsAs(`external-resizer ${name}`).record(claim, type, reason, message);
}

// A claim that is gone meanwhile needs nothing any more.
function patchClaim({ client }: Context, key: string, change: (current: PersistentVolumeClaim) => PersistentVolumeClaim): void {
  try {
    client.patchStatus(persistentVolumeClaimKind, key, change);
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

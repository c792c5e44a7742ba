// Snapshots of volumes: a content object for each snapshot that somebody asks for, a copy on the backend, and their end by the class's policy.
// upstream: kubernetes-csi/external-snapshotter pkg/common-controller/snapshot_controller.go, pkg/sidecar-controller
import { formatTimestamp } from '../base/timestamp.ts';
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from '../kinds/core/volume-annotations.ts';
import type { Kind } from '../kinds/kind.ts';
import {
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
  volumeSnapshotClassKind,
  volumeSnapshotContentKind,
  volumeSnapshotKind,
} from '../kinds/storage/volume-snapshot.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { printQuantity } from '../meta/quantity.ts';
import { isAlreadyExists, isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { driverOf } from './backends.ts';
import { callMs, retryMsMax, retryMsMin } from './call-times.ts';
import { copyDisk, deleteDisk } from './disk-backend.ts';
import { contentFinalizer, contentNameOf, isContentOf, isDefaultSnapshotClass, snapshotFinalizer } from './snapshot-rules.ts';

interface Memory {
  /** Snapshots that wait for a claim or class, and until when the next try waits. */
  readonly retries: Record<string, { readonly timer: number; readonly retryMs: number }>;
  /** Calls of drivers under way, by content name. */
  readonly calls: Record<string, number>;
}

type Context = ComponentContext<Memory>;

export const snapshotter: AnyComponent = defineComponent<Memory>({
  name: 'snapshot-controller',
  initialState: () => ({ retries: {}, calls: {} }),
  start: (context) => {
    const snapshots = context.cache(volumeSnapshotKind);
    const contents = context.cache(volumeSnapshotContentKind);
    for (const kind of [volumeSnapshotClassKind, persistentVolumeKind, persistentVolumeClaimKind]) context.cache(kind as unknown as Kind);
    snapshots.onChange((next, previous) => {
      if (next !== undefined) syncSnapshot(context, next);
      else if (previous !== undefined) forget(context, keyOf(previous));
    });
    contents.onChange((next) => {
      if (next !== undefined) syncContent(context, next);
    });
    return {
      onTimer: (name, key) => {
        if (name === 'retry') {
          const snapshot = snapshots.get(key);
          if (snapshot !== undefined) syncSnapshot(context, snapshot, true);
          return;
        }
        delete context.state.calls[key];
        const content = contents.get(key);
        if (content === undefined) return;
        if (name === 'create') takeSnapshot(context, content);
        else if (name === 'ready') sayReady(context, content);
        else dropSnapshot(context, content);
      },
    };
  },
});

function forget({ state, time }: Context, key: string): void {
  const retry = state.retries[key];
  if (retry !== undefined) time.cancel(retry.timer);
  delete state.retries[key];
}

function syncSnapshot(context: Context, snapshot: VolumeSnapshot, again = false): void {
  const { state, cache, client } = context;
  const key = keyOf(snapshot);
  const contentName = snapshot.spec.source.volumeSnapshotContentName ?? contentNameOf(snapshot);
  const content = cache(volumeSnapshotContentKind).get(contentName);
  if (snapshot.metadata.deletionTimestamp !== undefined) {
    if (!hasFinalizer(snapshot, snapshotFinalizer)) return;
    if (content !== undefined && isContentOf(content, snapshot) && content.spec.deletionPolicy === 'Delete')
      quietly(() => client.delete(volumeSnapshotContentKind, contentName));
    else change(context, volumeSnapshotKind, key, (current) => withoutFinalizer(current, snapshotFinalizer));
    return;
  }
  if (!hasFinalizer(snapshot, snapshotFinalizer))
    change(context, volumeSnapshotKind, key, (current) => withFinalizer(current, snapshotFinalizer));
  if (content !== undefined) {
    if (isContentOf(content, snapshot)) tellSnapshot(context, snapshot, content);
  } else if (state.retries[key] === undefined || again) makeContent(context, snapshot);
}

/** upstream: createSnapshotContent */
function makeContent(context: Context, snapshot: VolumeSnapshot): void {
  const { client, events } = context;
  const key = keyOf(snapshot);
  const found = sourceOf(context, snapshot);
  if ('message' in found) {
    refuse(context, snapshot, found.reason, found.message);
    return;
  }
  const { handle, snapshotClass } = found;
  forget(context, key);
  if (snapshot.spec.volumeSnapshotClassName === undefined)
    change(context, volumeSnapshotKind, key, (current) => ({
      ...current,
      spec: { ...current.spec, volumeSnapshotClassName: snapshotClass.metadata.name },
    }));
  events.record(snapshot, 'Normal', 'CreatingSnapshot', `Waiting for a snapshot ${key} to be created by the CSI driver.`);
  const { name, namespace, uid } = snapshot.metadata;
  const reference = { apiVersion: snapshot.apiVersion, kind: snapshot.kind, name, namespace, uid };
  try {
    client.create(volumeSnapshotContentKind, {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: { name: contentNameOf(snapshot), finalizers: [contentFinalizer] },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle: handle },
        volumeSnapshotClassName: snapshotClass.metadata.name,
        volumeSnapshotRef: reference,
      },
    });
  } catch (thrown) {
    if (!isAlreadyExists(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** The volume that is to be copied and the class that says how. */
function sourceOf(
  context: Context,
  snapshot: VolumeSnapshot,
): { readonly handle: string; readonly snapshotClass: VolumeSnapshotClass } | Refusal {
  const { cache } = context;
  const { name, namespace } = snapshot.metadata;
  const claimName = snapshot.spec.source.persistentVolumeClaimName ?? '';
  const claim = cache(persistentVolumeClaimKind).get(`${namespace}/${claimName}`);
  const volume = claim === undefined ? undefined : cache(persistentVolumeKind).get(claim.spec.volumeName ?? '');
  const failed = (why: string): Refusal => ({
    reason: 'SnapshotContentCreationFailed',
    message: `Failed to create snapshot content with error ${why}`,
  });
  if (claim === undefined) return failed(`snapshot controller failed to update ${name} on API server: cannot get claim from snapshot`);
  if (volume?.spec.csi === undefined || claim.status.phase !== 'Bound')
    return failed(`the PVC ${claimName} is not yet bound to a PV, will not attempt to take a snapshot`);
  const { driver, volumeHandle: handle } = volume.spec.csi;
  const snapshotClass = classFor(context, snapshot, driver);
  if (snapshotClass === null)
    return {
      reason: 'SetDefaultSnapshotClassFailed',
      message: 'Failed to set default snapshot class with error cannot find default snapshot class',
    };
  if (typeof snapshotClass === 'string')
    return failed(
      `failed to get input parameters to create snapshot ${name}: "volumesnapshotclass.snapshot.storage.k8s.io \\"${snapshotClass}\\" not found"`,
    );
  if (driver !== snapshotClass.driver) return failed('invalid PV source in spec for PVC');
  return { handle, snapshotClass };
}

/** The class itself, its name when there is none of that name, null when none is default. */
function classFor({ cache }: Context, { spec }: VolumeSnapshot, driver: string | undefined): VolumeSnapshotClass | string | null {
  const classes = cache(volumeSnapshotClassKind);
  if (spec.volumeSnapshotClassName !== undefined) return classes.get(spec.volumeSnapshotClassName) ?? spec.volumeSnapshotClassName;
  const fitting = [...classes.values()].filter((one) => isDefaultSnapshotClass(one) && one.driver === driver);
  return fitting.length === 1 ? (fitting[0] as VolumeSnapshotClass) : null;
}

function refuse(context: Context, snapshot: VolumeSnapshot, reason: string, message: string): void {
  const { state, time, events } = context;
  const key = keyOf(snapshot);
  const { retryMs = retryMsMin } = state.retries[key] ?? {};
  state.retries[key] = { timer: time.after(retryMs, 'retry', key), retryMs: Math.min(retryMs * 2, retryMsMax) };
  events.record(snapshot, 'Warning', reason, message);
  if (snapshot.status?.error?.message === message) return;
  changeStatus(context, volumeSnapshotKind, key, (current) => ({
    ...current,
    status: { ...current.status, readyToUse: false, error: { message, time: time.timestamp() } },
  }));
}

/** What has become of the content, told of the snapshot. upstream: updateSnapshotStatus */
function tellSnapshot(context: Context, snapshot: VolumeSnapshot, { metadata, status }: VolumeSnapshotContent): void {
  const { events } = context;
  const key = keyOf(snapshot);
  const { creationTime, restoreSize, readyToUse = false } = status ?? {};
  const known = snapshot.status ?? {};
  const created = status?.snapshotHandle !== undefined;
  if (
    known.boundVolumeSnapshotContentName === metadata.name &&
    (known.creationTime !== undefined) === created &&
    known.readyToUse === readyToUse
  )
    return;
  changeStatus(context, volumeSnapshotKind, key, (current) => ({
    ...current,
    status: {
      boundVolumeSnapshotContentName: metadata.name,
      readyToUse,
      ...(creationTime !== undefined && { creationTime: formatTimestamp(Math.round(creationTime / 1_000_000)) }),
      ...(restoreSize !== undefined && { restoreSize: sizeText(restoreSize) }),
    },
  }));
  if (created && known.creationTime === undefined)
    events.record(snapshot, 'Normal', 'SnapshotCreated', `Snapshot ${key} was successfully created by the CSI driver.`);
  if (readyToUse && known.readyToUse !== true) events.record(snapshot, 'Normal', 'SnapshotReady', `Snapshot ${key} is ready to use.`);
}

/** The driver's part. upstream: pkg/sidecar-controller/snapshot_controller.go syncContent */
function syncContent(context: Context, content: VolumeSnapshotContent): void {
  const { state, time, cache } = context;
  const { name, deletionTimestamp } = content.metadata;
  const { volumeSnapshotRef: ref } = content.spec;
  const snapshot = cache(volumeSnapshotKind).get(`${ref.namespace}/${ref.name}`);
  if (snapshot !== undefined && isContentOf(content, snapshot) && snapshot.metadata.deletionTimestamp === undefined)
    tellSnapshot(context, snapshot, content);
  if (state.calls[name] !== undefined || driverOf(content.spec.driver)?.snapshots !== true) return;
  if (deletionTimestamp !== undefined) {
    if (hasFinalizer(content, contentFinalizer))
      state.calls[name] = time.after(time.random.between(...callMs.deleteVolume), 'delete', name);
  } else if (content.status?.snapshotHandle === undefined && content.spec.source.volumeHandle !== undefined)
    state.calls[name] = time.after(time.random.between(...callMs.snapshot), 'create', name);
  else if (content.status?.readyToUse !== true) state.calls[name] = time.after(time.random.between(...callMs.snapshotReady), 'ready', name);
}

function takeSnapshot(context: Context, content: VolumeSnapshotContent): void {
  const { physics, time, events } = context;
  const { name, uid } = content.metadata;
  const source = content.spec.source.volumeHandle ?? '';
  const handle = content.spec.source.snapshotHandle ?? `snap-${uid.replaceAll('-', '').slice(0, 17)}`;
  const bytes = copyDisk(physics, source, handle, '');
  if (bytes === null) {
    const message = `Failed to create snapshot: failed to take snapshot of the volume ${source}: "rpc error: code = NotFound desc = volume \\"${source}\\" not found"`;
    events.record(content, 'Warning', 'SnapshotCreationFailed', message);
    context.state.calls[name] = time.after(retryMsMax, 'create', name);
    return;
  }
  const status = { snapshotHandle: handle, creationTime: time.unixMs * 1_000_000, readyToUse: false, restoreSize: bytes };
  changeStatus(context, volumeSnapshotContentKind, name, (current) => ({ ...current, status }));
}

function sayReady(context: Context, { metadata }: VolumeSnapshotContent): void {
  changeStatus(context, volumeSnapshotContentKind, metadata.name, (current) => ({
    ...current,
    status: { ...current.status, readyToUse: true },
  }));
}

function dropSnapshot(context: Context, content: VolumeSnapshotContent): void {
  const { name } = content.metadata;
  if (content.spec.deletionPolicy === 'Delete') deleteDisk(context.physics, content.status?.snapshotHandle ?? '');
  change(context, volumeSnapshotContentKind, name, (current) => withoutFinalizer(current, contentFinalizer));
  const { namespace, name: snapshot } = content.spec.volumeSnapshotRef;
  const key = `${namespace}/${snapshot}`;
  if (context.cache(volumeSnapshotKind).get(key)?.metadata.deletionTimestamp !== undefined)
    change(context, volumeSnapshotKind, key, (current) => withoutFinalizer(current, snapshotFinalizer));
}

/** upstream: resource.NewQuantity(size, BinarySI) */
function sizeText(bytes: number): string {
  return printQuantity({ nanos: BigInt(bytes) * 1_000_000_000n, format: 'BinarySI' });
}

// An object that is gone meanwhile needs nothing any more.
function change<T extends ApiObject>({ client }: Context, kind: Kind<T>, key: string, edit: (current: T) => T): void {
  quietly(() => client.patch(kind, key, edit));
}

function changeStatus<T extends ApiObject>({ client }: Context, kind: Kind<T>, key: string, edit: (current: T) => T): void {
  quietly(() => client.patchStatus(kind, key, edit));
}

function quietly(write: () => unknown): void {
  try {
    write();
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

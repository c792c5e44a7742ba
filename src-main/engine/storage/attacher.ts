// The CSI attacher: carries attachment objects out on the backend, each by its chart, and reports how it went.
// upstream: kubernetes-csi/external-attacher pkg/controller
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from '../kinds/core/volume-annotations.ts';
import type { Kind } from '../kinds/kind.ts';
import { isMultiAttachAllowed } from '../kinds/storage/attachment-names.ts';
import { type VolumeAttachment, volumeAttachmentKind } from '../kinds/storage/volume-attachment.ts';
import type { ApiObject } from '../meta/object.ts';
import { isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { attachmentChart } from '../statecharts/attachment.chart.ts';
import { begin, elapse, end, interpret, type Life, type LifeHost } from '../statecharts/interpreter.ts';
import { attacherFinalizer, driverOf, labBackend } from './backends.ts';
import { callMs, retryMsMax, retryMsMin } from './call-times.ts';
import { attachDisk, detachDisk, whyNotAttached } from './disk-backend.ts';

interface Attachment {
  life: Life;
  readonly volume: string;
  readonly node: string;
  retryMs: number;
}

interface Memory {
  /** By name of the VolumeAttachment. */
  readonly attachments: Record<string, Attachment>;
}

type Context = ComponentContext<Memory>;

const volumeIndex = 'volume';
const unborn: Life = { value: '', sinceMs: 0, timers: {} };

export const attacher: AnyComponent = defineComponent<Memory>({
  name: 'csi-attacher',
  initialState: () => ({ attachments: {} }),
  start: (context) => {
    const attachments = context.cache(volumeAttachmentKind);
    const volumes = context.cache(persistentVolumeKind);
    attachments.index(volumeIndex, (attachment) => [attachment.spec.source.persistentVolumeName ?? '']);
    const look = (attachment: VolumeAttachment): void => lookAt(context, attachment);
    attachments.onChange((next, previous) => {
      if (next !== undefined) look(next);
      else if (previous !== undefined) {
        forget(context, previous.metadata.name);
        const volume = volumes.get(previous.spec.source.persistentVolumeName ?? '');
        if (volume !== undefined) releaseVolume(context, volume);
      }
    });
    volumes.onChange((next) => next !== undefined && releaseVolume(context, next));
    if (!context.restored) for (const attachment of attachments.values()) look(attachment);
    return {
      onTimer: (name, key) => {
        const attachment = context.state.attachments[key];
        if (attachment !== undefined) elapse(attachmentChart, attachment.life, name, hostOf(context, key, attachment));
      },
    };
  },
});

function lookAt(context: Context, { metadata, spec }: VolumeAttachment): void {
  if (driverOf(spec.attacher)?.attaches !== true) return;
  const { attachments } = context.state;
  const known = attachments[metadata.name];
  const deleting = metadata.deletionTimestamp !== undefined;
  if (known === undefined && !deleting) {
    const volume = spec.source.persistentVolumeName ?? '';
    const attachment: Attachment = { life: unborn, volume, node: spec.nodeName, retryMs: retryMsMin };
    attachments[metadata.name] = attachment;
    attachment.life = begin(attachmentChart, hostOf(context, metadata.name, attachment));
  } else if (known !== undefined && deleting) interpret(attachmentChart, known.life, 'delete', hostOf(context, metadata.name, known));
}

function forget({ state, time }: Context, name: string): void {
  const attachment = state.attachments[name];
  if (attachment === undefined) return;
  end(attachment.life, { cancel: (id) => time.cancel(id) });
  delete state.attachments[name];
}

function hostOf(context: Context, name: string, attachment: Attachment): LifeHost {
  const { time, physics } = context;
  const handle = handleOf(context, attachment.volume);
  return {
    nowMs: time.nowMs,
    whose: () => `VolumeAttachment/${name}`,
    guard: () => handle !== undefined && whyNotAttached(physics, handle, attachment.node, isShared(context, attachment.volume)) === null,
    delayMs: (delay) => {
      if (delay === 'attach' || delay === 'detach') {
        const [least, most] = callMs[delay];
        return time.random.between(least, most);
      }
      const { retryMs } = attachment;
      attachment.retryMs = Math.min(retryMs * 2, retryMsMax);
      return retryMs;
    },
    after: (delayMs, delay) => time.after(delayMs, delay, name),
    cancel: (id) => time.cancel(id),
    action: (action) => act(context, name, attachment, action, handle),
  };
}

function act(context: Context, name: string, attachment: Attachment, action: string, handle: string | undefined): void {
  const { physics, time, client } = context;
  const { volume, node } = attachment;
  const driver = driverOf(context.cache(volumeAttachmentKind).get(name)?.spec.attacher) ?? labBackend;
  const finalizer = attacherFinalizer(driver);
  if (action === 'addFinalizers') {
    change(context, volumeAttachmentKind, name, (current) => withFinalizer(current, finalizer));
    change(context, persistentVolumeKind, volume, (current) =>
      current.metadata.deletionTimestamp === undefined ? withFinalizer(current, finalizer) : current,
    );
  } else if (action === 'saveAttached') {
    attachment.retryMs = retryMsMin;
    if (handle !== undefined) attachDisk(physics, handle, node);
    saveStatus(client, name, { attached: true });
  } else if (action === 'saveAttachError') {
    const message =
      handle === undefined
        ? `persistentvolume "${volume}" not found`
        : (whyNotAttached(physics, handle, node, isShared(context, volume)) ?? '');
    saveStatus(client, name, { attached: false, attachError: { time: time.timestamp(), message } });
  } else if (action === 'finish') {
    if (handle !== undefined) detachDisk(physics, handle, node);
    saveStatus(client, name, { attached: false });
    change(context, volumeAttachmentKind, name, (current) => withoutFinalizer(current, finalizer));
  }
}

/** A volume that is being deleted is let go once nothing holds it. */
function releaseVolume(context: Context, { metadata, spec }: PersistentVolume): void {
  const driver = driverOf(spec.csi?.driver);
  if (metadata.deletionTimestamp === undefined || driver === undefined) return;
  const finalizer = attacherFinalizer(driver);
  if (!hasFinalizer({ metadata }, finalizer)) return;
  for (const _ of context.cache(volumeAttachmentKind).by(volumeIndex, metadata.name)) return;
  change(context, persistentVolumeKind, metadata.name, (current) => withoutFinalizer(current, finalizer));
}

/** May several nodes have the volume at once? */
function isShared({ cache }: Context, name: string): boolean {
  const volume = cache(persistentVolumeKind).get(name);
  return volume !== undefined && (volume.spec.accessModes ?? []).length > 0 && isMultiAttachAllowed(volume);
}

function handleOf({ cache }: Context, volume: string): string | undefined {
  return cache(persistentVolumeKind).get(volume)?.spec.csi?.volumeHandle;
}

function saveStatus(client: Context['client'], name: string, status: VolumeAttachment['status']): void {
  try {
    client.patchStatus(volumeAttachmentKind, name, (current) => ({ ...current, status }));
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

// An object that is gone meanwhile needs nothing any more.
function change<T extends ApiObject>({ client }: Context, kind: Kind<T>, name: string, edit: (current: T) => T): void {
  try {
    client.patch(kind, name, edit);
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

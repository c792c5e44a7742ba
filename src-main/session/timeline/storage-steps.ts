// The steps of claims, volumes and attachments: asked for, bound, roped to a node, let go.
import type { Delta } from '../../engine/api/store.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { VolumeAttachment } from '../../engine/kinds/storage/volume-attachment.ts';
import { NO_STEPS, type StepDraft } from './step-draft.ts';

const TONES: Readonly<Record<string, StepDraft['tone']>> = { Bound: 'good', Available: 'good', Lost: 'bad', Failed: 'bad' };

export function claimSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  const claim = object as PersistentVolumeClaim;
  const { volumeName: volume = '', storageClassName = '' } = claim.spec;
  return byPhase('claim', type, claim, previous as PersistentVolumeClaim | null, { volume, class: storageClassName });
}

export function volumeSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  const volume = object as PersistentVolume;
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
  const claim = claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`;
  const values = { claim, policy: persistentVolumeReclaimPolicy ?? 'Retain' };
  return byPhase('volume', type, volume, previous as PersistentVolume | null, values);
}

interface WithPhase {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly status: { readonly phase?: string };
}

function byPhase(
  name: 'claim' | 'volume',
  type: Delta['type'],
  now: WithPhase,
  before: WithPhase | null,
  values: Readonly<Record<string, string>>,
): readonly StepDraft[] {
  const step = (what: string, tone: StepDraft['tone'] = 'plain'): StepDraft => ({ lane: 'storage', tone, what: `${name}.${what}`, values });
  if (type === 'DELETED') return [step('gone')];
  if (before === null) return [step('created')];
  const steps: StepDraft[] = [];
  const { phase } = now.status;
  if (phase !== undefined && phase !== before.status.phase && !(phase === 'Pending' && before.status.phase === undefined))
    steps.push(step(phase.toLowerCase(), TONES[phase]));
  if (now.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) steps.push(step('terminating'));
  return steps.length === 0 ? NO_STEPS : steps;
}

/** Told of the volume, which a person knows; the attachment's own name is a hash. */
export function attachmentSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  const { spec, status, metadata } = object as VolumeAttachment;
  const volume = spec.source.persistentVolumeName ?? '';
  const step = (what: string, tone: StepDraft['tone'], more: Readonly<Record<string, string>> = {}): StepDraft => ({
    lane: 'storage',
    tone,
    what: `attachment.${what}`,
    kind: 'PersistentVolume',
    key: volume,
    values: { volume, node: spec.nodeName, ...more },
  });
  if (type === 'DELETED') return [step('gone', 'plain')];
  if (previous === null) return [step('asked', 'plain')];
  const before = previous as VolumeAttachment;
  const steps: StepDraft[] = [];
  if (status.attached && !before.status.attached) steps.push(step('attached', 'good'));
  for (const name of ['attachError', 'detachError'] as const) {
    const message = status[name]?.message ?? '';
    if (message !== '' && message !== before.status[name]?.message) steps.push(step(name, 'bad', { message }));
  }
  if (metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) steps.push(step('leaving', 'plain'));
  return steps.length === 0 ? NO_STEPS : steps;
}

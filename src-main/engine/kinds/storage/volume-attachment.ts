// VolumeAttachment: its type and all of its API rules. upstream: pkg/registry/storage/volumeattachment/strategy.go, pkg/apis/storage/validation
import type { VolumeAttachment as OpenApiVolumeAttachment } from 'kubernetes-types/storage/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Subdomain, qualifiedName } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy } from '../rules.ts';

export type VolumeAttachment = Stored<OpenApiVolumeAttachment, 'spec' | 'status'>;

const specPath = new FieldPath('spec');

export const volumeAttachmentKind = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  hasStatus: true,
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
  validate: validateAttachment,
  validateUpdate: (next, previous) => immutable(specPath, next.spec, previous.spec),
  columns: [
    nameColumn,
    { name: 'Attacher', type: 'string', value: ({ spec }) => spec.attacher },
    { name: 'PV', type: 'string', value: ({ spec }) => spec.source.persistentVolumeName ?? '' },
    { name: 'Node', type: 'string', value: ({ spec }) => spec.nodeName },
    { name: 'Attached', type: 'boolean', value: ({ status }) => status?.attached ?? false },
    ageColumn,
  ],
});

function validateAttachment({ spec }: Partial<VolumeAttachment>): readonly FieldError[] {
  const { attacher = '', nodeName = '', source } = spec ?? {};
  const { persistentVolumeName, inlineVolumeSpec } = source ?? {};
  const attacherPath = specPath.child('attacher');
  const errors =
    attacher === '' ? [fieldRequired(attacherPath, '')] : [...invalidBy(attacherPath, attacher, qualifiedName(attacher.toLowerCase()))];
  const at = specPath.child('source');
  if (persistentVolumeName === undefined && inlineVolumeSpec === undefined)
    errors.push(fieldRequired(at, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  if (persistentVolumeName !== undefined && inlineVolumeSpec !== undefined)
    errors.push(fieldInvalid(at, source, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  if (persistentVolumeName === '') errors.push(fieldRequired(at.child('persistentVolumeName'), ''));
  return [...errors, ...invalidBy(specPath.child('nodeName'), nodeName, dns1123Subdomain(nodeName))];
}

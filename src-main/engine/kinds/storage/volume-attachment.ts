// VolumeAttachment: its type and all of its API rules. upstream: pkg/registry/storage/volumeattachment/strategy.go, pkg/apis/storage/validation
import type { VolumeAttachment as OpenApiVolumeAttachment } from 'kubernetes-types/storage/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { validateDriverName } from '../core/volume-source-rules.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy, required } from '../rules.ts';

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

/** upstream: validateVolumeAttachmentSpec, ValidateVolumeAttachmentV1 */
function validateAttachment({ spec }: Partial<VolumeAttachment>): readonly FieldError[] {
  const { attacher = '', nodeName = '', source } = spec ?? {};
  const { persistentVolumeName: volume, inlineVolumeSpec } = source ?? {};
  const at = specPath.child('source');
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const errors = [...required(specPath.child('attacher'), attacher)];
  if (volume === undefined && inlineVolumeSpec === undefined) errors.push(fieldRequired(at, one));
  else if (volume !== undefined && inlineVolumeSpec !== undefined) errors.push(fieldForbidden(at, one));
  else if (volume === '') errors.push(fieldRequired(at.child('persistentVolumeName'), 'must specify non empty persistentVolumeName'));
  errors.push(...invalidBy(specPath.child('nodeName'), nodeName, dns1123Subdomain(nodeName)));
  errors.push(...validateDriverName(attacher, specPath.child('attacher')));
  if (volume !== undefined) errors.push(...invalidBy(at.child('persistentVolumeName'), volume, dns1123Subdomain(volume)));
  return errors;
}

// The rules of a pod's volumes. upstream: pkg/apis/core/validation ValidateVolumes, validateVolumeSource
import { type FieldError, type FieldPath, fieldDuplicate, fieldForbidden, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Label } from '../../meta/names.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { each, invalidBy, required } from '../rules.ts';
import { validateClaimTemplate } from './claim-spec-validation.ts';
import { longDiskName } from './internet-disk-rules.ts';
import type { Volume } from './pod-spec.ts';
import { fileMode, validateDownwardFile, validateKeyToPath, validateProjections } from './projected-file-validation.ts';
import { validateSharedSource } from './volume-source-rules.ts';

export interface CheckedVolumes {
  readonly errors: readonly FieldError[];
  /** The volumes without a fault, by name: those that can be mounted. */
  readonly sound: ReadonlyMap<string, Volume>;
}

export function validateVolumes(volumes: readonly Volume[] | undefined, path: FieldPath): CheckedVolumes {
  const sound = new Map<string, Volume>();
  const errors = each(path, volumes, (volume, at) => {
    const { name = '' } = volume;
    const found = [...validateSource(volume, at)];
    if (name === '') found.push(fieldRequired(at.child('name'), ''));
    else found.push(...invalidBy(at.child('name'), name, dns1123Label(name)));
    if (sound.has(name)) found.push(fieldDuplicate(at.child('name'), name));
    if (found.length === 0) sound.set(name, volume);
    return found;
  });
  return { errors, sound };
}

// Which of several sources is the one, and which are too many. upstream: the order of validateVolumeSource's checks
const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
];

function validateSource(volume: Volume, path: FieldPath): readonly FieldError[] {
  const given = Object.keys(volume).filter((source) => source !== 'name');
  const first = given.length > 1 ? sourceOrder.find((source) => given.includes(source)) : given[0];
  if (first === undefined) return [fieldRequired(path, 'must specify a volume type')];
  const owner = { name: volume.name ?? '', isPersistent: false };
  const errors = [
    ...(rules[first]?.(volume, path.child(first)) ?? validateSharedSource(first, volume[first as keyof Volume], path, owner)),
    ...(volume.iscsi === undefined ? [] : longDiskName(owner.name, volume.iscsi, path.child('name'))),
  ];
  for (const source of sourceOrder)
    if (source !== first && given.includes(source))
      errors.push(fieldForbidden(path.child(spelled[source] ?? source), 'may not specify more than 1 volume type'));
  return errors;
}

/** As upstream's refusals spell them. */
const spelled: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

type Rule = (volume: Volume, path: FieldPath) => readonly FieldError[];

/** Sources that only pods' volumes have. */
const rules: Readonly<Record<string, Rule>> = {
  emptyDir: ({ emptyDir }, path) => {
    const limit = parseQuantity(String(emptyDir?.sizeLimit ?? '0')).value;
    const negative = limit !== undefined && limit.nanos < 0n;
    return negative ? [fieldForbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')] : [];
  },
  secret: ({ secret }, path) => [
    ...required(path.child('secretName'), secret?.secretName),
    ...fileMode(secret?.defaultMode, path.child('defaultMode')),
    ...each(path.child('items'), secret?.items, validateKeyToPath),
  ],
  configMap: ({ configMap }, path) => [
    ...required(path.child('name'), configMap?.name),
    ...fileMode(configMap?.defaultMode, path.child('defaultMode')),
    ...each(path.child('items'), configMap?.items, validateKeyToPath),
  ],
  downwardAPI: ({ downwardAPI }, path) => [
    ...fileMode(downwardAPI?.defaultMode, path.child('defaultMode')),
    ...(downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, path)),
  ],
  projected: ({ projected }, path) => [
    ...fileMode(projected?.defaultMode, path.child('defaultMode')),
    ...validateProjections(projected?.sources, path),
  ],
  persistentVolumeClaim: ({ persistentVolumeClaim: claim }, path) => required(path.child('claimName'), claim?.claimName),
  ephemeral: ({ ephemeral }, path) => {
    const at = path.child('volumeClaimTemplate');
    const template = ephemeral?.volumeClaimTemplate;
    return template === undefined ? [fieldRequired(at, '')] : validateClaimTemplate(template, at);
  },
};

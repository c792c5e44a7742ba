// The rules of the sources that pods' volumes and persistent volumes share, one entry a source: what upstream refuses before any driver sees it.
// upstream: pkg/apis/core/validation validateVolumeSource, ValidatePersistentVolumeSpec and the function of each source
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldInvalid, fieldNotSupported, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { dns1123Label, dns1123Subdomain, inRange } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { invalidBy, oneOf, required } from '../rules.ts';
import { validateDescendingPath, validateNoBacksteps } from './descending-path.ts';
import { validateInternetDisk } from './internet-disk-rules.ts';

/** Whose source it is: that of a pod's volume or of a persistent volume, and its name. */
export interface SourceOwner {
  readonly name: string;
  readonly isPersistent: boolean;
}

interface Sources {
  readonly awsElasticBlockStore: core.AWSElasticBlockStoreVolumeSource;
  readonly azureDisk: core.AzureDiskVolumeSource;
  readonly azureFile: core.AzureFilePersistentVolumeSource;
  readonly cephfs: core.CephFSPersistentVolumeSource;
  readonly cinder: core.CinderPersistentVolumeSource;
  readonly csi: core.CSIPersistentVolumeSource;
  readonly fc: core.FCVolumeSource;
  readonly flexVolume: core.FlexPersistentVolumeSource;
  readonly flocker: core.FlockerVolumeSource;
  readonly gcePersistentDisk: core.GCEPersistentDiskVolumeSource;
  readonly gitRepo: core.GitRepoVolumeSource;
  readonly glusterfs: core.GlusterfsPersistentVolumeSource;
  readonly hostPath: core.HostPathVolumeSource;
  readonly iscsi: core.ISCSIPersistentVolumeSource;
  readonly nfs: core.NFSVolumeSource;
  readonly photonPersistentDisk: core.PhotonPersistentDiskVolumeSource;
  readonly portworxVolume: core.PortworxVolumeSource;
  readonly quobyte: core.QuobyteVolumeSource;
  readonly rbd: core.RBDPersistentVolumeSource;
  readonly scaleIO: core.ScaleIOPersistentVolumeSource;
  readonly storageos: core.StorageOSPersistentVolumeSource;
  readonly vsphereVolume: core.VsphereVirtualDiskVolumeSource;
}

type Rule<T> = (source: Value<T>, path: FieldPath, owner: SourceOwner) => readonly FieldError[];

/** Nothing for a source that is not shared. */
export function validateSharedSource(name: string, source: unknown, parent: FieldPath, owner: SourceOwner): readonly FieldError[] {
  const rule = Object.hasOwn(rules, name) ? (rules[name as keyof Sources] as Rule<unknown>) : undefined;
  // Upstream leaves the maker of this disk out of the paths of its errors.
  const path = parent.child(name === 'gcePersistentDisk' ? 'persistentDisk' : name);
  return rule?.(source as Value<unknown>, path, owner) ?? [];
}

/** upstream: ValidateCSIDriverName */
export function validateDriverName(driver: string | undefined, path: FieldPath): readonly FieldError[] {
  const name = driver ?? '';
  return [
    ...required(path, name),
    ...(name.length > 63 ? [fieldTooLong(path, 63)] : []),
    ...invalidBy(path, name, dns1123Subdomain(name.toLowerCase())),
  ];
}

const rules: { readonly [K in keyof Sources]: Rule<Sources[K]> } = {
  awsElasticBlockStore: ({ volumeID, partition }, path) => [...required(path.child('volumeID'), volumeID), ...part(partition, path)],
  azureDisk: validateAzureDisk,
  azureFile: ({ secretName, shareName, secretNamespace }, path, { isPersistent }) => [
    ...required(path.child('secretName'), secretName),
    ...required(path.child('shareName'), shareName),
    ...(isPersistent && secretNamespace !== undefined ? required(path.child('secretNamespace'), secretNamespace) : []),
  ],
  cephfs: ({ monitors }, path) => some(monitors, path.child('monitors')),
  cinder: ({ volumeID, secretRef }, path, owner) => [
    ...required(path.child('volumeID'), volumeID),
    ...secretNamed(secretRef, path, owner.isPersistent),
  ],
  csi: validateDriver,
  fc: validateFibreChannel,
  flexVolume: ({ driver, options }, path) => [
    ...required(path.child('driver'), driver),
    ...Object.keys(options ?? {})
      .filter((key) => /(^|\.)(kubernetes\.io|k8s\.io)$/.test((key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()))
      .map((key) => fieldInvalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved')),
  ],
  flocker: ({ datasetName = '', datasetUUID = '' }, path) => [
    ...(datasetName === '' && datasetUUID === '' ? [fieldRequired(path, 'one of datasetName and datasetUUID is required')] : []),
    ...(datasetName !== '' && datasetUUID !== ''
      ? [fieldInvalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')]
      : []),
    ...(datasetName.includes('/') ? [fieldInvalid(path.child('datasetName'), datasetName, "must not contain '/'")] : []),
  ],
  gcePersistentDisk: ({ pdName, partition }, path) => [...required(path.child('pdName'), pdName), ...part(partition, path)],
  gitRepo: ({ repository, directory }, path) => [
    ...required(path.child('repository'), repository),
    ...validateDescendingPath(directory ?? '', path.child('directory')),
  ],
  glusterfs: ({ endpoints, path: inside, endpointsNamespace: namespace }, path, { isPersistent }) => [
    ...required(path.child('endpoints'), endpoints),
    ...required(path.child('path'), inside),
    ...(isPersistent && namespace !== undefined ? otherNamespace(namespace, path.child('endpointsNamespace')) : []),
  ],
  hostPath: ({ path: text, type }, path) => {
    if ((text ?? '') === '') return [fieldRequired(path.child('path'), '')];
    return [...validateNoBacksteps(text, path.child('path')), ...oneOf(path.child('type'), type, hostPathTypes)];
  },
  iscsi: validateInternetDisk,
  nfs: ({ server, path: text }, path) => [
    ...required(path.child('server'), server),
    ...required(path.child('path'), text),
    ...((text ?? '') === '' || text.startsWith('/') ? [] : [fieldInvalid(path.child('path'), text, 'must be an absolute path')]),
  ],
  photonPersistentDisk: ({ pdID }, path) => required(path.child('pdID'), pdID),
  portworxVolume: ({ volumeID }, path) => required(path.child('volumeID'), volumeID),
  quobyte: validateQuobyte,
  rbd: ({ monitors, image }, path) => [...some(monitors, path.child('monitors')), ...required(path.child('image'), image)],
  scaleIO: ({ gateway, system, volumeName }, path) => [
    ...required(path.child('gateway'), gateway),
    ...required(path.child('system'), system),
    ...required(path.child('volumeName'), volumeName),
  ],
  storageos: ({ volumeName = '', volumeNamespace = '', secretRef }, path, owner) => [
    ...(volumeName === ''
      ? [fieldRequired(path.child('volumeName'), '')]
      : invalidBy(path.child('volumeName'), volumeName, dns1123Label(volumeName))),
    ...(volumeNamespace === '' ? [] : invalidBy(path.child('volumeNamespace'), volumeNamespace, dns1123Label(volumeNamespace))),
    ...secretNamed(secretRef, path, owner.isPersistent),
  ],
  vsphereVolume: ({ volumePath }, path) => required(path.child('volumePath'), volumePath),
};

// Upstream keeps the unset type in its set of supported ones, and sorts them.
const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function validateDriver(csi: Value<core.CSIPersistentVolumeSource>, path: FieldPath, { isPersistent }: SourceOwner): readonly FieldError[] {
  const errors = [...validateDriverName(csi.driver, path.child('driver'))];
  if (isPersistent) {
    errors.push(...required(path.child('volumeHandle'), csi.volumeHandle));
    for (const field of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const)
      errors.push(...secretElsewhere(csi[field], path.child(field)));
    return errors;
  }
  const secret = csi.nodePublishSecretRef;
  if (secret === undefined) return errors;
  if ((secret.name ?? '') === '') return [...errors, fieldRequired(path.child('nodePublishSecretRef', 'name'), '')];
  return [...errors, ...invalidBy(path.child('name'), secret.name, dns1123Subdomain(secret.name ?? ''))];
}

/** upstream: validatePVSecretReference */
function secretElsewhere(secret: Value<core.SecretReference> | undefined, path: FieldPath): readonly FieldError[] {
  if (secret === undefined) return [];
  const { name = '', namespace = '' } = secret;
  return [
    ...(name === '' ? [fieldRequired(path.child('name'), '')] : invalidBy(path.child('name'), name, dns1123Subdomain(name))),
    ...(namespace === ''
      ? [fieldRequired(path.child('namespace'), '')]
      : invalidBy(path.child('namespace'), namespace, dns1123Label(namespace))),
  ];
}

function secretNamed(secret: Value<core.SecretReference> | undefined, path: FieldPath, withNamespace: boolean): readonly FieldError[] {
  if (secret === undefined) return [];
  const at = path.child('secretRef');
  return [...required(at.child('name'), secret.name), ...(withNamespace ? required(at.child('namespace'), secret.namespace) : [])];
}

function validateAzureDisk({ diskName, diskURI = '', cachingMode, kind }: Value<core.AzureDiskVolumeSource>, path: FieldPath) {
  const errors: FieldError[] = [
    ...required(path.child('diskName'), diskName),
    ...required(path.child('diskURI'), diskURI),
    ...oneOf(path.child('cachingMode'), cachingMode, ['None', 'ReadOnly', 'ReadWrite']),
    ...oneOf(path.child('kind'), kind, ['Dedicated', 'Managed', 'Shared']),
  ];
  const managed = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
  const blob = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.push(fieldNotSupported(path.child('diskURI'), diskURI, [managed]));
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.push(fieldNotSupported(path.child('diskURI'), diskURI, [blob]));
  return errors;
}

function validateFibreChannel({ targetWWNs = [], wwids = [], lun }: Value<core.FCVolumeSource>, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child('targetWWNs');
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(fieldRequired(at, 'must specify either targetWWNs or wwids, but not both'));
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(fieldInvalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  if (targetWWNs.length === 0) return errors;
  if (lun === undefined) return [...errors, fieldRequired(path.child('lun'), 'lun is required if targetWWNs is specified')];
  return [...errors, ...invalidBy(path.child('lun'), lun, inRange(lun, 0, 255))];
}

function validateQuobyte({ registry = '', volume, tenant = '' }: Value<core.QuobyteVolumeSource>, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (registry === '') errors.push(fieldRequired(path.child('registry'), pairs));
  else if (tenant.length >= 65)
    errors.push(fieldRequired(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters'));
  else
    for (const pair of registry.split(','))
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)) errors.push(fieldInvalid(path.child('registry'), registry, pairs));
  return [...errors, ...required(path.child('volume'), volume)];
}

function otherNamespace(namespace: string, path: FieldPath): readonly FieldError[] {
  if (namespace === '') return [fieldInvalid(path, namespace, 'if the endpointnamespace is set, it must be a valid namespace name')];
  return invalidBy(path, namespace, dns1123Label(namespace));
}

function some(list: readonly string[] | undefined, path: FieldPath): readonly FieldError[] {
  return (list ?? []).length === 0 ? [fieldRequired(path, '')] : [];
}

/** Upstream's text names a range that its check does not hold to. */
function part(partition: number | undefined, path: FieldPath): readonly FieldError[] {
  const number = partition ?? 0;
  return number < 0 || number > 255 ? [fieldInvalid(path.child('partition'), number, 'must be between 1 and 255, inclusive')] : [];
}

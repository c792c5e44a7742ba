// The rules of containers, of each alone and of all together. upstream: pkg/apis/core/validation validateContainers, validateInitContainers
import {
  type FieldError,
  type FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotFound,
  fieldRequired,
} from '../../meta/field-error.ts';
import { dns1123Label, portName, portNumber } from '../../meta/names.ts';
import { each, invalidBy, oneOf, requiredOneOf } from '../rules.ts';
import { validateDescendingPath } from './descending-path.ts';
import { validateEnv, validateEnvFrom } from './env-validation.ts';
import { type Container, type EphemeralContainer, isSidecar, type Volume } from './pod-spec.ts';
import { validateProbesAndHooks } from './probe-validation.ts';
import { validateContainerResources } from './resource-validation.ts';
import { validateSecurityContext } from './security-validation.ts';

/** What the rules of a container need to know of its pod. */
export interface ContainerScope {
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly graceSeconds: number;
  readonly restartPolicy: string;
}

export function validateContainers(
  containers: readonly Container[] | undefined,
  scope: ContainerScope,
  path: FieldPath,
): readonly FieldError[] {
  if (containers === undefined || containers.length === 0) return [fieldRequired(path, '')];
  const names = new Set<string>();
  const errors = each(path, containers, (container, at) => {
    const found = [...validateContainer(container, scope, at)];
    if (names.has(container.name ?? '')) found.push(fieldDuplicate(at.child('name'), container.name ?? ''));
    names.add(container.name ?? '');
    found.push(...validateProbesAndHooks(container, scope.graceSeconds, at));
    if (container.restartPolicy !== undefined)
      found.push(fieldForbidden(at.child('restartPolicy'), 'may not be set for non-init containers'));
    return found;
  });
  return [...errors, ...hostPortConflicts(containers, path)];
}

export function validateInitContainers(
  containers: readonly Container[] | undefined,
  regular: readonly Container[],
  scope: ContainerScope,
  path: FieldPath,
): readonly FieldError[] {
  const names = new Set(regular.map(({ name }) => name));
  return each(path, containers, (container, at) => {
    const found = [...validateContainer(container, scope, at)];
    found.push(...oneOf(at.child('restartPolicy'), container.restartPolicy, ['Always']));
    if (names.has(container.name ?? '')) found.push(fieldDuplicate(at.child('name'), container.name));
    else if ((container.name ?? '') !== '') names.add(container.name);
    found.push(...hostPortConflicts([container], path));
    if (isSidecar(container)) found.push(...validateProbesAndHooks(container, scope.graceSeconds, at));
    else found.push(...forbiddenInInit(container, at));
    return found;
  });
}

/** Containers to look around in a pod: they are bound to nothing that would have to be planned for. upstream: validateEphemeralContainers */
export function validateEphemeralContainers(
  containers: readonly EphemeralContainer[] | undefined,
  others: readonly Container[],
  scope: ContainerScope,
  path: FieldPath,
): readonly FieldError[] {
  const planned = new Set(others.map(({ name }) => name));
  const names = new Set(planned);
  return each(path, containers, (container, at) => {
    const { name = '', targetContainerName = '' } = container;
    // What may not be said at all is not looked into.
    const rest = Object.fromEntries(Object.entries(container).filter(([field]) => EPHEMERAL_FIELDS.has(field))) as unknown as Container;
    const found = [...validateContainer(rest, scope, at)];
    if (names.has(name)) found.push(fieldDuplicate(at.child('name'), name));
    else if (name !== '') names.add(name);
    if (targetContainerName !== '' && !planned.has(targetContainerName))
      found.push(fieldNotFound(at.child('targetContainerName'), targetContainerName));
    for (const [field, value] of Object.entries(container))
      if (!EPHEMERAL_FIELDS.has(field) && field !== 'targetContainerName' && !isEmpty(value))
        found.push(fieldForbidden(at.child(field), NOT_EPHEMERAL));
    const mounts = each(at.child('volumeMounts'), container.volumeMounts, ({ subPath = '', subPathExpr = '' }, place) => [
      ...(subPath === '' ? [] : [fieldForbidden(place.child('subPath'), NOT_EPHEMERAL)]),
      ...(subPathExpr === '' ? [] : [fieldForbidden(place.child('subPathExpr'), NOT_EPHEMERAL)]),
    ]);
    return [...found, ...mounts];
  });
}

const NOT_EPHEMERAL = 'cannot be set for an Ephemeral Container';
/** upstream: allowedEphemeralContainerFields */
const EPHEMERAL_FIELDS: ReadonlySet<string> = new Set([
  ...['name', 'image', 'command', 'args', 'workingDir', 'envFrom', 'env', 'volumeMounts', 'volumeDevices', 'terminationMessagePath'],
  ...['terminationMessagePolicy', 'imagePullPolicy', 'securityContext', 'stdin', 'stdinOnce', 'tty'],
]);

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** upstream: validateContainerCommon */
function validateContainer(container: Container, scope: ContainerScope, path: FieldPath): readonly FieldError[] {
  const { name = '', image = '' } = container;
  const namePath = path.child('name');
  const errors = name === '' ? [fieldRequired(namePath, '')] : [...invalidBy(namePath, name, dns1123Label(name))];
  if (image === '') errors.push(fieldRequired(path.child('image'), ''));
  else if (image.trim() !== image) errors.push(fieldInvalid(path.child('image'), image, 'must not have leading or trailing whitespace'));
  const policies = ['File', 'FallbackToLogsOnError'];
  errors.push(...requiredOneOf(path.child('terminationMessagePolicy'), container.terminationMessagePolicy, policies));
  errors.push(
    ...validatePorts(container, path.child('ports')),
    ...validateEnv(container.env, path.child('env')),
    ...validateEnvFrom(container.envFrom, path.child('envFrom')),
    ...validateMounts(container, scope.volumes, path.child('volumeMounts')),
    ...validateDevices(container, scope.volumes, path.child('volumeDevices')),
    ...requiredOneOf(path.child('imagePullPolicy'), container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateContainerResources(container.resources, path.child('resources')),
    ...validateResizePolicy(container, scope.restartPolicy, path.child('resizePolicy')),
    ...validateSecurityContext(container.securityContext, path.child('securityContext')),
  );
  return errors;
}

function forbiddenInInit(container: Container, path: FieldPath): readonly FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter((field) => container[field] !== undefined)
    .map((field) => fieldForbidden(path.child(field), 'may not be set for init containers without restartPolicy=Always'));
}

/** Every fault is told of the list as a whole. upstream: validateResizePolicy */
function validateResizePolicy({ resizePolicy }: Container, restartOfPod: string, path: FieldPath): readonly FieldError[] {
  const named = new Set<string>();
  return each(path, resizePolicy, ({ resourceName, restartPolicy }, at) => {
    const errors = named.has(resourceName) ? [fieldDuplicate(at, resourceName)] : [];
    named.add(resourceName);
    errors.push(...requiredOneOf(path, resourceName, ['cpu', 'memory']));
    errors.push(...requiredOneOf(path, restartPolicy, ['NotRequired', 'RestartContainer']));
    if (restartOfPod === 'Never' && restartPolicy !== 'NotRequired')
      errors.push(fieldInvalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    return errors;
  });
}

function validatePorts({ ports }: Container, path: FieldPath): readonly FieldError[] {
  const names = new Set<string>();
  return each(path, ports, ({ name = '', containerPort, hostPort = 0, protocol }, at) => {
    const errors: FieldError[] = [];
    if (name !== '') {
      const faults = invalidBy(at.child('name'), name, portName(name));
      errors.push(...faults);
      if (faults.length === 0 && names.has(name)) errors.push(fieldDuplicate(at.child('name'), name));
      else if (faults.length === 0) names.add(name);
    }
    if ((containerPort ?? 0) === 0) errors.push(fieldRequired(at.child('containerPort'), ''));
    else errors.push(...invalidBy(at.child('containerPort'), containerPort, portNumber(containerPort)));
    if (hostPort !== 0) errors.push(...invalidBy(at.child('hostPort'), hostPort, portNumber(hostPort)));
    return [...errors, ...requiredOneOf(at.child('protocol'), protocol, ['SCTP', 'TCP', 'UDP'])];
  });
}

function hostPortConflicts(containers: readonly Container[], path: FieldPath): readonly FieldError[] {
  const taken = new Set<string>();
  return each(path, containers, ({ ports }, at) =>
    each(at.child('ports'), ports, ({ hostPort = 0, hostIP = '', protocol = '' }, portPath) => {
      if (hostPort === 0) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) return [fieldDuplicate(portPath.child('hostPort'), key)];
      taken.add(key);
      return [];
    }),
  );
}

function validateMounts(container: Container, volumes: ReadonlyMap<string, Volume>, path: FieldPath): readonly FieldError[] {
  const places = new Set<string>();
  const devices = container.volumeDevices ?? [];
  return each(path, container.volumeMounts, (mount, at) => {
    const { name = '', mountPath = '', subPath = '', subPathExpr = '' } = mount;
    const errors: FieldError[] = [];
    if (name === '') errors.push(fieldRequired(at.child('name'), ''));
    if (!volumes.has(name)) errors.push(fieldNotFound(at.child('name'), name));
    if (mountPath === '') errors.push(fieldRequired(at.child('mountPath'), ''));
    if (places.has(mountPath)) errors.push(fieldInvalid(at.child('mountPath'), mountPath, 'must be unique'));
    places.add(mountPath);
    if (devices.some((device) => device.name === name))
      errors.push(fieldInvalid(at.child('name'), name, 'must not already exist in volumeDevices'));
    if (devices.some((device) => device.devicePath === mountPath))
      errors.push(fieldInvalid(at.child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices'));
    if (subPath !== '') errors.push(...validateDescendingPath(subPath, path.child('subPath')));
    if (subPathExpr !== '' && subPath !== '')
      errors.push(fieldInvalid(at.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
    if (subPathExpr !== '') errors.push(...validateDescendingPath(subPathExpr, path.child('subPathExpr')));
    return [...errors, ...validatePropagation(mount.mountPropagation, container, at.child('mountPropagation'))];
  });
}

function validatePropagation(mode: string | undefined, container: Container, path: FieldPath): readonly FieldError[] {
  if (mode !== 'Bidirectional' || container.securityContext?.privileged === true)
    return oneOf(path, mode, ['Bidirectional', 'HostToContainer', 'None']);
  return [fieldForbidden(path, 'Bidirectional mount propagation is available only to privileged containers')];
}

function validateDevices(
  { volumeDevices, volumeMounts = [] }: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: FieldPath,
): readonly FieldError[] {
  const names = new Set<string>();
  const places = new Set<string>();
  return each(path, volumeDevices, ({ name = '', devicePath = '' }, at) => {
    const [namePath, place] = [at.child('name'), at.child('devicePath')];
    const errors = name === '' ? [fieldRequired(namePath, '')] : [];
    if (names.has(name)) errors.push(fieldInvalid(namePath, name, 'must be unique'));
    const volume = volumes.get(name);
    if (volume === undefined) errors.push(fieldNotFound(namePath, name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      errors.push(fieldInvalid(namePath, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    if (devicePath === '') errors.push(fieldRequired(place, ''));
    if (places.has(devicePath)) errors.push(fieldInvalid(place, devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..')) errors.push(fieldInvalid(place, devicePath, "can not contain backsteps ('..')"));
    else places.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name))
      errors.push(fieldInvalid(namePath, name, 'must not already exist in volumeMounts'));
    if (volumeMounts.some((mount) => mount.mountPath === devicePath))
      errors.push(fieldInvalid(place, devicePath, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
    return errors;
  });
}

// What a container's configuration refers to and does not find: the reason it cannot be created yet.
import type { Pod } from '../kinds/core/pod.ts';
import { imageUser } from '../runtime/image-catalogue.ts';
import { sourcedEnvironment, subPathOf } from './container-environment.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import type { Container } from './pod-types.ts';

interface Security {
  readonly runAsUser?: number;
  readonly runAsNonRoot?: boolean;
}

/** '' when the container can be made. upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go generateContainerConfig */
export function configFault(world: KubeletWorld, pod: PodState, object: Pod, container: Container): string {
  return environmentFault(world, object, container) || mountFault(world, pod, object, container) || rootFault(object, container);
}

/** upstream: pkg/kubelet/kubelet_pods.go makeMounts */
function mountFault(world: KubeletWorld, pod: PodState, object: Pod, container: Container): string {
  for (const { subPathExpr = '' } of container.volumeMounts ?? []) {
    if (subPathExpr === '') continue;
    const { path, missing } = subPathOf(subPathExpr, object, pod, container, sourcedEnvironment(world, object, container));
    if (missing.length > 0) return `missing value for ${missing.join(', ')}`;
    if (path.startsWith('/')) return `error SubPath \`${path}\` must not be an absolute path`;
    if (path.split('/').includes('..')) return `unable to provision SubPath \`${path}\`: must not contain '..'`;
  }
  return '';
}

/** upstream: pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot */
function rootFault({ metadata, spec }: Pod, container: Container): string {
  const whole = (spec.securityContext ?? {}) as Security;
  const own = (container.securityContext ?? {}) as Security;
  if ((own.runAsNonRoot ?? whole.runAsNonRoot) !== true) return '';
  const told = own.runAsUser ?? whole.runAsUser;
  const user = told ?? imageUser(container.image ?? '');
  const whose = `(pod: "${metadata.name}_${metadata.namespace}(${metadata.uid})", container: ${container.name})`;
  if (told === 0) return `container's runAsUser breaks non-root policy ${whose}`;
  if (user === 0) return `container has runAsNonRoot and image will run as root ${whose}`;
  if (typeof user !== 'string') return '';
  return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${whose}`;
}

/** upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables */
function environmentFault(world: KubeletWorld, object: Pod, container: Container): string {
  const { namespace } = object.metadata;
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (
      configMapRef?.name !== undefined &&
      configMapRef.optional !== true &&
      world.configMaps.get(`${namespace}/${configMapRef.name}`) === undefined
    )
      return `configmap "${configMapRef.name}" not found`;
    if (secretRef?.name !== undefined && secretRef.optional !== true && world.secrets.get(`${namespace}/${secretRef.name}`) === undefined)
      return `secret "${secretRef.name}" not found`;
  }
  for (const { valueFrom } of container.env ?? []) {
    const fault =
      keyFault(world, namespace, valueFrom?.secretKeyRef, 'secret') || keyFault(world, namespace, valueFrom?.configMapKeyRef, 'configmap');
    if (fault !== '') return fault;
  }
  return '';
}

function keyFault(
  world: KubeletWorld,
  namespace: string,
  ref: { readonly name?: string; readonly key: string; readonly optional?: boolean } | undefined,
  kind: 'secret' | 'configmap',
): string {
  if (ref === undefined || ref.optional === true) return '';
  const key = `${namespace}/${ref.name ?? ''}`;
  if (kind === 'secret') {
    const secret = world.secrets.get(key);
    if (secret === undefined) return `secret "${ref.name ?? ''}" not found`;
    return ref.key in (secret.data ?? {}) ? '' : `couldn't find key ${ref.key} in Secret ${key}`;
  }
  const configMap = world.configMaps.get(key);
  if (configMap === undefined) return `configmap "${ref.name ?? ''}" not found`;
  return ref.key in (configMap.data ?? {}) || ref.key in (configMap.binaryData ?? {})
    ? ''
    : `couldn't find key ${ref.key} in ConfigMap ${key}`;
}

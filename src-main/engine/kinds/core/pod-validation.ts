// The rules of a pod's specification, in pods and in templates. A spec that was found sound is not checked again: all pods of a template share it.
// upstream: pkg/apis/core/validation/validation.go ValidatePodSpec, ValidatePodTemplateSpec (release 1.33)
import { type FieldError, type FieldPath, fieldDuplicate, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';

import { type LabelMatcher, validateLabels } from '../../meta/labels.ts';
import { dns1123Label, dns1123Subdomain, inRange, qualifiedName } from '../../meta/names.ts';
import { goStringMap } from '../go-syntax.ts';
import { validateAnnotations } from '../object-meta.ts';
import { each, invalidBy, oneOf, requiredOneOf } from '../rules.ts';
import { validateAffinity, validateTopologySpread } from './affinity-validation.ts';
import { validateContainers, validateInitContainers } from './container-validation.ts';
import { validateDnsConfig } from './dns-config-validation.ts';
import { ipFaults } from './ip-address.ts';
import { validatePodAnnotations } from './pod-annotation-validation.ts';
import { validatePodOs } from './pod-os-validation.ts';
import type { Container, PodSpec, PodTemplateSpec } from './pod-spec.ts';
import { validateContainerResources } from './resource-validation.ts';
import { validatePodSecurityContext } from './security-validation.ts';
import { validateTolerations } from './toleration-validation.ts';
import { validateVolumes } from './volume-validation.ts';

const INT32_MAX = 2_147_483_647;

export function validatePodSpec(spec: PodSpec, path: FieldPath, inTemplate = false): readonly FieldError[] {
  if (sound.has(spec)) return [];
  const volumes = validateVolumes(spec.volumes, path.child('volumes'));
  const scope = { volumes: volumes.sound, graceSeconds: spec.terminationGracePeriodSeconds ?? 30, restartPolicy: spec.restartPolicy ?? '' };
  const errors = [
    ...volumes.errors,
    ...validateContainers(spec.containers, scope, path.child('containers')),
    ...validateInitContainers(spec.initContainers, spec.containers ?? [], scope, path.child('initContainers')),
    ...validateHostNetwork(spec, path, inTemplate),
    ...requiredOneOf(path.child('restartPolicy'), spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...requiredOneOf(path.child('dnsPolicy'), spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...validateLabels(spec.nodeSelector ?? {}, path.child('nodeSelector')),
    ...validatePodSecurityContext(spec, path),
    ...validateAffinity(spec.affinity, path.child('affinity')),
    ...validateDnsConfig(spec, path.child('dnsConfig')),
    ...each(path.child('readinessGates'), spec.readinessGates, ({ conditionType = '' }, at) =>
      invalidBy(at.child('conditionType'), conditionType, qualifiedName(conditionType)),
    ),
    ...validateGates(spec.schedulingGates, path.child('schedulingGates')),
    ...validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints')),
    ...validateHostUsers(spec, path),
    ...validateNames(spec, path),
    ...validateDeadline(spec.activeDeadlineSeconds, path.child('activeDeadlineSeconds')),
    ...validateTolerations(spec.tolerations, path.child('tolerations')),
    ...validateHostAliases(spec.hostAliases, path.child('hostAliases')),
    ...oneOf(path.child('preemptionPolicy'), spec.preemptionPolicy, ['Never', 'PreemptLowerPriority']),
    ...validateContainerResources(spec.overhead && { limits: spec.overhead }, path.child('overhead')),
    ...validatePodOs(spec, path),
  ];
  if (errors.length === 0) sound.add(spec);
  return errors;
}

/** upstream: ValidatePodTemplateSpec */
export function validatePodTemplate(template: PodTemplateSpec, path: FieldPath): readonly FieldError[] {
  const errors = [
    ...validateLabels(template.metadata?.labels ?? {}, path.child('labels')),
    ...validateAnnotations(template.metadata?.annotations, path.child('annotations')),
    ...validatePodAnnotations(template.metadata?.annotations, template.spec ?? { containers: [] }, path.child('annotations')),
    ...validatePodSpec(template.spec ?? { containers: [] }, path.child('spec'), true),
  ];
  if ((template.spec?.ephemeralContainers ?? []).length > 0)
    errors.push(fieldForbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template'));
  return errors;
}

/** The template of a workload that keeps pods running. upstream: ValidatePodTemplateSpecForReplicaSet, ValidatePodTemplateSpecForRC */
export function validateRunningTemplate(
  template: PodTemplateSpec | undefined,
  selects: LabelMatcher | undefined,
  owner: 'ReplicaSet' | 'ReplicationController',
  path: FieldPath,
): readonly FieldError[] {
  if (template === undefined) return [fieldRequired(path, '')];
  const errors: FieldError[] = [];
  const labels = template.metadata?.labels;
  if (selects !== undefined && !selects(labels))
    errors.push(fieldInvalid(path.child('metadata', 'labels'), goStringMap(labels), '`selector` does not match template `labels`'));
  errors.push(...validatePodTemplate(template, path));
  errors.push(...oneOf(path.child('spec', 'restartPolicy'), template.spec?.restartPolicy, ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(fieldForbidden(path.child('spec', 'activeDeadlineSeconds'), `activeDeadlineSeconds in ${owner} is not Supported`));
  return errors;
}

const sound = new WeakSet<PodSpec>();

// Host ports of a host-network pod are filled in when the pod is made, so that a template may lack them.
function validateHostNetwork(spec: PodSpec, path: FieldPath, inTemplate: boolean): readonly FieldError[] {
  if (spec.hostNetwork !== true) return [];
  const check = (containers: readonly Container[] | undefined, at: FieldPath) =>
    each(at, containers, ({ ports }, containerPath) =>
      each(containerPath.child('ports'), ports, ({ hostPort = 0, containerPort }, portPath) =>
        hostPort === containerPort || (inTemplate && hostPort === 0)
          ? []
          : [fieldInvalid(portPath.child('containerPort'), containerPort, 'must match `hostPort` when `hostNetwork` is true')],
      ),
    );
  return [...check(spec.containers, path.child('containers')), ...check(spec.initContainers, path.child('initContainers'))];
}

function validateGates(gates: PodSpec['schedulingGates'], path: FieldPath): readonly FieldError[] {
  const names = (gates ?? []).map(({ name = '' }) => name);
  return names.flatMap((name, index) => [
    ...invalidBy(path.index(index), name, qualifiedName(name)),
    ...(names.indexOf(name) === index ? [] : [fieldDuplicate(path.index(index), name)]),
  ]);
}

/** Upstream names two of the fields as Go does. */
function validateHostUsers({ hostUsers, hostNetwork, hostPID, hostIPC }: PodSpec, path: FieldPath): readonly FieldError[] {
  if (hostUsers !== false) return [];
  const shared = [hostNetwork === true && 'hostNetwork', hostPID === true && 'HostPID', hostIPC === true && 'HostIPC'];
  return shared.flatMap((field) => (field === false ? [] : [fieldForbidden(path.child(field), 'when `pod.Spec.HostUsers` is false')]));
}

function validateNames(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const rules: readonly (readonly [keyof PodSpec, (name: string) => readonly string[]])[] = [
    ['serviceAccountName', dns1123Subdomain],
    ['nodeName', dns1123Subdomain],
    ['hostname', dns1123Label],
    ['subdomain', dns1123Label],
    ['priorityClassName', dns1123Subdomain],
    ['runtimeClassName', dns1123Subdomain],
  ];
  return rules.flatMap(([field, rule]) => {
    const value = spec[field];
    return typeof value === 'string' && value !== '' ? invalidBy(path.child(field), value, rule(value)) : [];
  });
}

function validateHostAliases(aliases: PodSpec['hostAliases'], path: FieldPath): readonly FieldError[] {
  return each(path, aliases, ({ ip = '', hostnames }, at) => [
    ...invalidBy(at.child('ip'), ip, ipFaults(ip)),
    ...each(at.child('hostnames'), hostnames, (hostname, place) => invalidBy(place, hostname, dns1123Subdomain(hostname))),
  ]);
}

function validateDeadline(seconds: number | undefined, path: FieldPath): readonly FieldError[] {
  return seconds === undefined ? [] : invalidBy(path, seconds, inRange(seconds, 1, INT32_MAX));
}

// Holds pods to the level that the labels of their namespace ask for: refuses, or only warns; workloads are warned about, not refused.
// upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go
import { equal } from '../../base/equal.ts';
import { type Namespace, namespaceKind } from '../../kinds/core/namespace.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import {
  type LevelVersion,
  NEWEST_MINOR,
  type SecuredPod,
  type SecurityLevel,
  securityFaults,
  securityReasons,
} from '../../kinds/core/pod-security.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import { kindKey } from '../../kinds/kind.ts';
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { ApiObject } from '../../meta/object.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { forbidden, invalid } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionServer, isAbout } from './admission-plugin.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const levels: readonly SecurityLevel[] = ['privileged', 'baseline', 'restricted'];
/** Kinds with a pod template, and where it is. */
const templates: Readonly<Record<string, string>> = {
  ReplicationController: 'spec.template',
  PodTemplate: 'template',
  'ReplicaSet.apps': 'spec.template',
  'Deployment.apps': 'spec.template',
  'StatefulSet.apps': 'spec.template',
  'DaemonSet.apps': 'spec.template',
  'Job.batch': 'spec.template',
  'CronJob.batch': 'spec.jobTemplate.spec.template',
};
const VERSION = /^v1\.(0|[1-9][0-9]*)$/;
const modes = ['enforce', 'audit', 'warn'] as const;
/** upstream: defaultNamespaceMaxPodsToCheck */
const PODS_CHECKED_MAX = 3_000;

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  kinds: ['Namespace', 'Pod', ...Object.keys(templates)],
  subresources: ['ephemeralcontainers'],
  validate,
};

function validate(request: AdmissionRequest, server: AdmissionServer): void {
  if (request.operation === 'DELETE') return;
  if (isAbout(request, namespaceKind)) {
    validateNamespace(request.object, request.previous as Namespace | null, server);
    return;
  }
  const isPod = isAbout(request, podKind);
  if (!isPod && templates[kindKey(request.kind)] === undefined) return;
  const labels = server.find(namespaceKind, request.namespace)?.metadata.labels;
  const [enforced, warned] = [policyOf(labels, 'enforce'), policyOf(labels, 'warn')];
  if (warned.level === 'privileged' && (!isPod || enforced.level === 'privileged')) return;
  const pod = podOf(request);
  if (pod === undefined) return;
  const { kind, object } = request;
  const faults = isPod ? securityFaults(pod, enforced) : '';
  if (faults !== '')
    throw forbidden(
      { group: kind.group, resource: kind.plural },
      object.metadata.name,
      `violates PodSecurity "${enforced.name}": ${faults}`,
    );
  const warning = securityFaults(pod, warned);
  if (warning !== '') server.warn(`would violate PodSecurity "${warned.name}": ${warning}`);
}

/** A pod that is new or has another image, or the template of a workload. upstream: ValidatePod, ValidatePodController */
function podOf(request: AdmissionRequest): SecuredPod | undefined {
  const { kind, object, previous } = request;
  if (isAbout(request, podKind))
    return previous === null || isSignificant(request.object.spec, (previous as Pod).spec) ? request.object : undefined;
  const template = at(object, templates[kindKey(kind)] ?? '');
  return template === undefined || (previous !== null && isOnlyScaled(object, previous)) ? undefined : template;
}

/** upstream: isSignificantPodUpdate */
function isSignificant(next: PodSpec, previous: PodSpec): boolean {
  if (next === previous) return false;
  const imagesOf = ({ containers, initContainers = [] }: PodSpec): readonly string[] =>
    [...initContainers, ...containers].map(({ image = '' }) => image);
  const debugImagesOf = ({ ephemeralContainers = [] }: PodSpec): readonly string[] =>
    ephemeralContainers.map(({ name, image = '' }) => `${name} ${image}`);
  const known = new Set(debugImagesOf(previous));
  return !equal(imagesOf(next), imagesOf(previous)) || debugImagesOf(next).some((one) => !known.has(one));
}

/** Its scale is a subresource of a workload, which nobody is warned about. */
function isOnlyScaled(object: ApiObject, previous: ApiObject): boolean {
  const rest = ({ metadata: { labels, annotations }, ...parts }: ApiObject): object => ({
    labels,
    annotations,
    spec: { ...(parts as { spec?: object }).spec, replicas: 0 },
  });
  return equal(rest(object), rest(previous));
}

function at(object: ApiObject, path: string): SecuredPod | undefined {
  return path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], object) as
    | SecuredPod
    | undefined;
}

interface SecurityPolicy extends LevelVersion {
  /** `restricted:latest` */
  readonly name: string;
}

/** Who is to be warned of nothing in particular is warned of what is refused. upstream: api/helpers.go PolicyToEvaluate */
function policyOf(labels: Labels, mode: 'enforce' | 'warn'): SecurityPolicy {
  const enforced = policyFrom(labels?.[`${PREFIX}enforce`], labels?.[`${PREFIX}enforce-version`]);
  if (mode === 'enforce') return enforced;
  const [level, version] = [labels?.[`${PREFIX}warn`], labels?.[`${PREFIX}warn-version`]];
  if (level !== undefined || enforced.level === 'privileged') return policyFrom(level, version);
  return policyFrom(enforced.level, version ?? labels?.[`${PREFIX}enforce-version`]);
}

function policyFrom(level = 'privileged', version = 'latest'): SecurityPolicy {
  const known = levels.find((one) => one === level) ?? 'restricted';
  const minor = VERSION.exec(version)?.[1] ?? NEWEST_MINOR;
  return { level: known, minor: Number(minor), name: `${known}:${version}` };
}

/** Labels that name no level are refused; a stricter level is told of the pods that it would not let in. */
function validateNamespace(namespace: Namespace, previous: Namespace | null, server: AdmissionServer): void {
  const { name, labels } = namespace.metadata;
  const errors = modes.flatMap((mode) => labelErrors(labels, previous?.metadata.labels, mode));
  if (errors.length > 0) throw invalid({ group: '', kind: 'Namespace' }, name, errors);
  if (previous === null) return;
  const [next, before] = [policyOf(labels, 'enforce'), policyOf(previous.metadata.labels, 'enforce')];
  if (next.name === before.name || next.level === 'privileged') return;
  const isRelaxed = levels.indexOf(next.level) <= levels.indexOf(before.level);
  if (isRelaxed && versionIn(next.name) === versionIn(before.name)) return;
  for (const text of namespaceWarnings(server.list<Pod>(podKind, name), name, next)) server.warn(text);
}

const versionIn = (name: string): string => name.slice(name.indexOf(':'));

/** upstream: EvaluatePodsInNamespace */
function namespaceWarnings(pods: readonly Pod[], namespace: string, policy: SecurityPolicy): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const pod of prioritized(pods).slice(0, PODS_CHECKED_MAX)) {
    const reasons = securityReasons(pod, policy);
    if (reasons !== '') groups.set(reasons, [...(groups.get(reasons) ?? []), pod.metadata.name]);
  }
  const warnings: string[] = [];
  if (pods.length > PODS_CHECKED_MAX)
    warnings.push(`new PodSecurity enforce level only checked against the first ${PODS_CHECKED_MAX} of ${pods.length} existing pods`);
  if (groups.size > 0)
    warnings.push(`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${policy.name}"`);
  return [...warnings, ...[...groups].map(groupText).sort()];
}

/** One pod of each controller comes first. upstream: prioritizePods */
function prioritized(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const [first, later]: [Pod[], Pod[]] = [[], []];
  for (const pod of pods) {
    const owner = controllerOf(pod)?.uid;
    if (owner !== undefined && seen.has(owner)) later.push(pod);
    else first.push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...later];
}

function groupText([reasons, pods]: readonly [string, readonly string[]]): string {
  const [first = '', ...others] = [...pods].sort();
  if (others.length === 0) return `${first}: ${reasons}`;
  return `${first} (and ${others.length} other ${others.length === 1 ? 'pod' : 'pods'}): ${reasons}`;
}

type Labels = Readonly<Record<string, string>> | undefined;

function labelErrors(labels: Labels, previous: Labels, mode: string): readonly FieldError[] {
  const path = new FieldPath('metadata', 'labels');
  const level = `${PREFIX}${mode}`;
  const version = `${level}-version`;
  const [given, release] = [labels?.[level], labels?.[version]];
  const errors: FieldError[] = [];
  if (given !== undefined && given !== previous?.[level] && !levels.some((one) => one === given))
    errors.push(fieldInvalid(path.key(level), given, `must be one of ${levels.join(', ')}`));
  if (release !== undefined && release !== previous?.[version] && release !== 'latest' && !VERSION.test(release))
    errors.push(fieldInvalid(path.key(version), release, 'must be "latest" or "v1.x"'));
  return errors;
}

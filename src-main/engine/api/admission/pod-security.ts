// Holds pods to the level that the labels of their namespace ask for: refuses, or only warns; workloads are warned about, not refused.
// upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go
import { type Namespace, namespaceKind } from '../../kinds/core/namespace.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { type SecurityLevel, securityFaults, securityReasons } from '../../kinds/core/pod-security.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { ApiObject } from '../../meta/object.ts';
import { forbidden, invalid } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionServer, isAbout } from './admission-plugin.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const levels: readonly SecurityLevel[] = ['privileged', 'baseline', 'restricted'];
/** Kinds with a pod template, and where it is. */
const templates: Readonly<Record<string, string>> = {
  'ReplicationController.': 'spec.template.spec',
  'PodTemplate.': 'template.spec',
  'ReplicaSet.apps': 'spec.template.spec',
  'Deployment.apps': 'spec.template.spec',
  'StatefulSet.apps': 'spec.template.spec',
  'DaemonSet.apps': 'spec.template.spec',
  'Job.batch': 'spec.template.spec',
  'CronJob.batch': 'spec.jobTemplate.spec.template.spec',
};
const PODS_CHECKED_MAX = 3_000;

export const podSecurity: AdmissionPlugin = { name: 'PodSecurity', validate };

function validate(request: AdmissionRequest, server: AdmissionServer): void {
  if (request.operation === 'DELETE') return;
  if (isAbout(request, namespaceKind)) {
    validateNamespace(request.object, request.previous as Namespace | null, server);
    return;
  }
  const spec = podSpecOf(request);
  if (spec === undefined) return;
  const labels = server.find(namespaceKind, request.namespace)?.metadata.labels;
  if (labels === undefined) return;
  const { kind, object } = request;
  const enforced = policyOf(labels, 'enforce');
  const isPod = isAbout(request, podKind);
  const faults = isPod ? securityFaults(spec, enforced.level) : '';
  if (faults !== '')
    throw forbidden(
      { group: kind.group, resource: kind.plural },
      object.metadata.name,
      `violates PodSecurity "${enforced.name}": ${faults}`,
    );
  const warned = policyOf(labels, 'warn');
  const warning = securityFaults(spec, warned.level);
  if (warning !== '') server.warn(`would violate PodSecurity "${warned.name}": ${warning}`);
}

/** Of a pod that is made, or of a workload whose template may be new; an update of a pod cannot change what counts. */
function podSpecOf(request: AdmissionRequest): PodSpec | undefined {
  const { kind, object, previous } = request;
  if (isAbout(request, podKind)) return request.operation === 'CREATE' ? request.object.spec : undefined;
  const path = templates[`${kind.kind}.${kind.group}`];
  if (path === undefined) return undefined;
  const spec = at(object, path);
  return spec === undefined || (previous !== null && at(previous, path) === spec) ? undefined : spec;
}

function at(object: ApiObject, path: string): PodSpec | undefined {
  return path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], object) as
    | PodSpec
    | undefined;
}

interface SecurityPolicy {
  readonly level: SecurityLevel;
  /** `restricted:latest` */
  readonly name: string;
}

function policyOf(labels: Readonly<Record<string, string>> | undefined, mode: string): SecurityPolicy {
  const given = labels?.[`${PREFIX}${mode}`];
  const level = levels.find((one) => one === given) ?? (given === undefined ? 'privileged' : 'restricted');
  return { level, name: `${level}:${labels?.[`${PREFIX}${mode}-version`] ?? 'latest'}` };
}

/** Labels that name no level are refused; a stricter level is told of the pods that it would not let in. */
function validateNamespace(namespace: Namespace, previous: Namespace | null, server: AdmissionServer): void {
  const { name, labels } = namespace.metadata;
  const errors = ['enforce', 'audit', 'warn'].flatMap((mode) => labelErrors(labels, previous?.metadata.labels, mode));
  if (errors.length > 0) throw invalid({ group: '', kind: 'Namespace' }, name, errors);
  if (previous === null) return;
  const [next, before] = [policyOf(labels, 'enforce'), policyOf(previous.metadata.labels, 'enforce')];
  if (levels.indexOf(next.level) <= levels.indexOf(before.level)) return;
  const groups = new Map<string, string[]>();
  for (const pod of server.list<Pod>(podKind, name).slice(0, PODS_CHECKED_MAX)) {
    const reasons = securityReasons(pod.spec, next.level).join(', ');
    if (reasons !== '') groups.set(reasons, [...(groups.get(reasons) ?? []), pod.metadata.name]);
  }
  if (groups.size === 0) return;
  server.warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${next.name}"`);
  for (const text of [...groups].map(groupText).sort()) server.warn(text);
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
  if (release !== undefined && release !== previous?.[version] && !/^(latest|v1\.(0|[1-9][0-9]*))$/.test(release))
    errors.push(fieldInvalid(path.key(version), release, 'must be "latest" or "v1.x"'));
  return errors;
}

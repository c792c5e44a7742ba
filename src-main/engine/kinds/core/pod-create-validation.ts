// What is held against a pod as a whole, its name and annotations included, which its template cannot know. upstream: pkg/apis/core/validation ValidatePodCreate, validatePodMetadataAndSpec
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import type { Pod } from './pod.ts';
import type { Container, PodSpec, Volume } from './pod-spec.ts';

const specPath = new FieldPath('spec');

/** Once, when the pod is made. */
export function validatePodCreate({ metadata, spec }: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(fieldForbidden(specPath.child('ephemeralContainers'), 'cannot be set on create'));
  if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0)
    errors.push(fieldForbidden(specPath.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  if (metadata.annotations === undefined) return errors;
  return [...errors, ...disagreements(metadata.annotations, spec)];
}

/** The claims that a pod makes are named after it, and tokens are those of its account. */
export function validatePodVolumes({ metadata, spec }: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  const made = new Set<string>();
  for (const { name, ephemeral } of spec.volumes ?? []) if (ephemeral !== undefined) made.add(`${metadata.name}-${name}`);
  const hasAccount = (spec.serviceAccountName ?? '') !== '';
  if (hasAccount && made.size === 0) return errors;
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const at = specPath.child('volumes').index(index);
    if (!hasAccount) errors.push(...tokensOfNobody(volume, at));
    if (metadata.name !== '') errors.push(...claimFaults(volume, metadata.name, made, at));
  }
  return errors;
}

function tokensOfNobody({ projected }: Volume, path: FieldPath): readonly FieldError[] {
  return (projected?.sources ?? []).flatMap(({ serviceAccountToken }, index) => {
    const at = path.child('projected', 'sources').index(index).child('serviceAccountToken');
    return serviceAccountToken === undefined ? [] : [fieldForbidden(at, 'must not be specified when serviceAccountName is not set')];
  });
}

function claimFaults({ name = '', ephemeral, persistentVolumeClaim }: Volume, pod: string, made: ReadonlySet<string>, path: FieldPath) {
  const errors: FieldError[] = [];
  const claim = `${pod}-${name}`;
  if (ephemeral !== undefined && name !== '')
    for (const fault of dns1123Subdomain(claim))
      errors.push(fieldInvalid(path.child('name'), name, `PVC name ${goQuote(claim)}: ${fault}`));
  const used = persistentVolumeClaim?.claimName;
  if (used !== undefined && made.has(used)) {
    const at = path.child('persistentVolumeClaim', 'claimName');
    errors.push(fieldInvalid(at, used, 'must not reference a PVC that gets created for an ephemeral volume'));
  }
  return errors;
}

type Annotations = Readonly<Record<string, string>>;

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Profiles that an old annotation names otherwise than the field. upstream: validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate */
function disagreements(annotations: Annotations, spec: PodSpec): readonly FieldError[] {
  const placed: readonly (readonly [Container, FieldPath])[] = (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap(
    (list) => (spec[list] ?? []).map((container, index) => [container as Container, specPath.child(list).index(index)] as const),
  );
  const ofPod = spec.securityContext?.appArmorProfile;
  const isWindows = spec.os?.name === 'windows';
  return [
    ...unlike(
      'seccomp',
      annotations[SECCOMP_POD],
      spec.securityContext?.seccompProfile,
      specPath.child('securityContext', 'seccompProfile'),
    ),
    ...placed.flatMap(([{ name, securityContext }, path]) =>
      unlike(
        'seccomp',
        annotations[SECCOMP_CONTAINER + name],
        securityContext?.seccompProfile,
        path.child('securityContext', 'seccompProfile'),
      ),
    ),
    ...(isWindows ? [] : placed).flatMap(([{ name, securityContext }, path]) =>
      unlike(
        'apparmor',
        annotations[APP_ARMOR + name],
        securityContext?.appArmorProfile ?? ofPod,
        path.child('securityContext', 'appArmorProfile'),
      ),
    ),
  ];
}

const LOCAL = 'localhost/';
const sameAs: Readonly<Record<string, readonly string[]>> = {
  Unconfined: ['unconfined'],
  RuntimeDefault: ['runtime/default', 'docker/default'],
};

function unlike(
  what: 'seccomp' | 'apparmor',
  annotation: string | undefined,
  profile: Value<core.SeccompProfile> | undefined,
  path: FieldPath,
): readonly FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const type = fieldForbidden(path.child('type'), `${what} type in annotation and field must match`);
  if (profile.type !== 'Localhost') {
    const names = what === 'seccomp' ? sameAs[profile.type] : sameAs[profile.type]?.slice(0, 1);
    return names === undefined || names.includes(annotation) ? [] : [type];
  }
  if (!annotation.startsWith(LOCAL)) return [type];
  const isSame = annotation.slice(LOCAL.length) === profile.localhostProfile;
  return isSame ? [] : [fieldForbidden(path.child('localhostProfile'), `${what} profile in annotation and field must match`)];
}

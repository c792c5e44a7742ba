// Gives each pod a service account and the volume its containers read the account's token from. upstream: plugin/pkg/admission/serviceaccount/admission.go
import { podKind } from '../../kinds/core/pod.ts';
import { type Container, mapShared, type PodSpec, type Volume } from '../../kinds/core/pod-spec.ts';
import { type ServiceAccount, serviceAccountKind } from '../../kinds/core/service-account.ts';
import { WARN_ONLY_SECONDS } from '../../kinds/core/service-account-token.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout, nameBeforeCreation, sharedChange, withSpec } from './admission-plugin.ts';

const DEFAULT_ACCOUNT = 'default';
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export const serviceAccount: AdmissionPlugin = { name: 'ServiceAccount', kinds: ['Pod'], admit: admitPod };

function admitPod(request: AdmissionRequest, reader: AdmissionReader): AdmissionRequest['object'] {
  if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return request.object;
  const pod = request.object;
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
    if ((pod.spec.serviceAccountName ?? '') !== '')
      throw forbidden({ group: '', resource: 'pods' }, nameBeforeCreation(pod), 'a mirror pod may not reference service accounts');
    return pod;
  }
  const given = pod.spec.serviceAccountName ?? '';
  const name = given === '' ? DEFAULT_ACCOUNT : given;
  const account = reader.find(serviceAccountKind, `${request.namespace}/${name}`);
  if (account === undefined) {
    const why = `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`;
    throw forbidden({ group: '', resource: 'pods' }, nameBeforeCreation(pod), why);
  }
  const owner = controllerOf(pod);
  const mounts = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  const tokenVolume = mounts ? `kube-api-access-${suffix(owner?.uid ?? `${request.namespace}/${pod.metadata.name}`)}` : '';
  const pullSecrets = (pod.spec.imagePullSecrets ?? []).length === 0 ? (account.imagePullSecrets ?? []) : [];
  const spec = withAccount(pod.spec, { name, tokenVolume, pullSecrets });
  return withSpec(pod, spec);
}

interface AccountInput {
  readonly name: string;
  /** '' for none. */
  readonly tokenVolume: string;
  readonly pullSecrets: NonNullable<ServiceAccount['imagePullSecrets']>;
}

const withAccount = sharedChange<PodSpec, AccountInput>(
  (spec, { name, tokenVolume, pullSecrets }) => {
    const named = {
      ...spec,
      serviceAccountName: name,
      serviceAccount: name,
      ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets } : {}),
    };
    return tokenVolume === '' ? named : withToken(named, tokenVolume);
  },
  ({ name, tokenVolume, pullSecrets }) => `${name} ${tokenVolume} ${pullSecrets.map((secret) => secret.name).join(',')}`,
);

/** upstream: mountServiceAccountToken */
function withToken(spec: PodSpec, wantedName: string): PodSpec {
  const existing = spec.volumes?.find((volume) => volume.name.startsWith('kube-api-access-'))?.name;
  const name = existing ?? wantedName;
  let mounted = false;
  const mount = (container: Container): Container => {
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === TOKEN_PATH) === true) return container;
    mounted = true;
    return { ...container, volumeMounts: [...(container.volumeMounts ?? []), { name, mountPath: TOKEN_PATH, readOnly: true }] };
  };
  const init = spec.initContainers === undefined ? undefined : mapShared(spec.initContainers, mount);
  const containers = mapShared(spec.containers, mount);
  const volumes = mounted && existing === undefined ? [...(spec.volumes ?? []), tokenVolumeOf(name)] : spec.volumes;
  return { ...spec, containers, ...(init && { initContainers: init }), ...(volumes && { volumes }) };
}

/** upstream: TokenVolumeSource */
function tokenVolumeOf(name: string): Volume {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: WARN_ONLY_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [namespace] } },
      ],
    },
  };
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * Five letters made from the text. Upstream draws them for each pod; here the pods of one owner get the same, so that they go on sharing
 * one spec, and a restored world draws the same again.
 */
function suffix(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  let letters = '';
  for (let place = 0; place < 5; place += 1) {
    letters += SUFFIX_LETTERS.charAt(hash % SUFFIX_LETTERS.length);
    hash = Math.floor(hash / SUFFIX_LETTERS.length);
  }
  return letters;
}

// Kinds that no component acts on: accepted, stored and shown, so that whole applications can be loaded before everything in them is modelled.
import type { ApiObject } from '../meta/object.ts';
import { defineKind } from './define-kind.ts';
import { type Kind, kindKey, splitApiVersion } from './kind.ts';
import { storedColumns } from './stored-columns.ts';

/** A kind that is stored, not simulated. The plural is known for built-in kinds and guessed for others. */
export function storedKind(apiVersion: string, kind: string, plural?: string, namespaced?: boolean): Kind {
  const { group, version } = splitApiVersion(apiVersion);
  const known = wellKnown.get(`${kind}.${group}`);
  const [knownPlural, shortNames, scope] = known ?? [guessedPlural(kind), '', namespaced === false ? 'cluster' : 'namespaced'];
  return defineKind<ApiObject>({
    group,
    version,
    kind,
    plural: plural ?? knownPlural,
    shortNames: shortNames === '' ? [] : shortNames.split(','),
    categories: inAll.has(kind) && known !== undefined ? ['all'] : [],
    namespaced: scope === 'namespaced',
    simulated: false,
    columns: storedColumns(kindKey({ group, kind })),
  });
}

/** The versions in which Kubernetes 1.33 serves a kind of its own that is only stored here; empty for every other kind. */
export function servedVersions(group: string, kind: string): readonly string[] {
  const known = wellKnown.get(`${kind}.${group}`);
  return known === undefined ? [] : (known[3] ?? 'v1').split(',');
}

/** All kinds of Kubernetes itself that are served in a stable version and only stored here. */
export function wellKnownKinds(): readonly { readonly group: string; readonly version: string; readonly kind: string }[] {
  return [...wellKnown.keys()].flatMap((key) => {
    const dot = key.indexOf('.');
    const [kind, group] = [key.slice(0, dot), key.slice(dot + 1)];
    const version = servedVersions(group, kind).findLast((one) => !one.includes('beta'));
    return version === undefined || kind === 'ComponentStatus' ? [] : [{ group, version, kind }];
  });
}

/** upstream: apimachinery pkg/api/meta UnsafeGuessKindToResource */
export function guessedPlural(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === 'endpoints') return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

const inAll: ReadonlySet<string> = new Set(['HorizontalPodAutoscaler']);

type Names = readonly [plural: string, shortNames: string, scope: 'namespaced' | 'cluster', versions?: string];

const wellKnown: ReadonlyMap<string, Names> = new Map<string, Names>([
  ['ComponentStatus.', ['componentstatuses', 'cs', 'cluster']],
  ['PodTemplate.', ['podtemplates', '', 'namespaced']],
  ['HorizontalPodAutoscaler.autoscaling', ['horizontalpodautoscalers', 'hpa', 'namespaced', 'v1,v2']],
  ['VolumeAttributesClass.storage.k8s.io', ['volumeattributesclasses', 'vac', 'cluster', 'v1beta1']],
  ['MutatingWebhookConfiguration.admissionregistration.k8s.io', ['mutatingwebhookconfigurations', '', 'cluster']],
  ['ValidatingWebhookConfiguration.admissionregistration.k8s.io', ['validatingwebhookconfigurations', '', 'cluster']],
  ['CustomResourceDefinition.apiextensions.k8s.io', ['customresourcedefinitions', 'crd,crds', 'cluster']],
  ['APIService.apiregistration.k8s.io', ['apiservices', '', 'cluster']],
  ['CertificateSigningRequest.certificates.k8s.io', ['certificatesigningrequests', 'csr', 'cluster']],
  ['ClusterTrustBundle.certificates.k8s.io', ['clustertrustbundles', '', 'cluster', 'v1beta1']],
  ['FlowSchema.flowcontrol.apiserver.k8s.io', ['flowschemas', '', 'cluster']],
  ['PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io', ['prioritylevelconfigurations', '', 'cluster']],
  ['DeviceClass.resource.k8s.io', ['deviceclasses', '', 'cluster', 'v1beta1,v1beta2']],
  ['ResourceClaim.resource.k8s.io', ['resourceclaims', '', 'namespaced', 'v1beta1,v1beta2']],
  ['ResourceClaimTemplate.resource.k8s.io', ['resourceclaimtemplates', '', 'namespaced', 'v1beta1,v1beta2']],
  ['ResourceSlice.resource.k8s.io', ['resourceslices', '', 'cluster', 'v1beta1,v1beta2']],
]);

/** `extensions` is gone since Kubernetes 1.22, and nothing else may be called so. */
export const builtInGroups: readonly string[] = [
  'extensions',
  ...new Set([...wellKnown.keys()].map((key) => key.slice(key.indexOf('.') + 1))),
];

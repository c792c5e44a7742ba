// What no stored object may ever do: break a policy that was bound to deny, or a rule of its definition, when it was written. Judged by plain code, without the lab's CEL.
import type { Delta } from '../../src-main/engine/api/store.ts';
import { equal } from '../../src-main/engine/base/equal.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Deployment } from '../../src-main/engine/kinds/apps/deployment.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { CUSTOM_GROUP, type CustomSpec, definedRules } from './themes/custom.ts';

const BINDINGS = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
const POLICIES = 'ValidatingAdmissionPolicy.admissionregistration.k8s.io';
const DEFINITIONS = 'CustomResourceDefinition.apiextensions.k8s.io';
const HOME = 'kubernetes.io/metadata.name';
/** A definition counts when the API server has heard of it. */
const NEWS_MS = 10_000;
/** It writes to the subresource `scale`, which these policies are not about. */
const SCALER = 'horizontal-pod-autoscaler';

interface Judged {
  readonly kind: string;
  /** What of an object the policy looks at: a write that leaves it alone was allowed before. */
  readonly part: (object: ApiObject) => unknown;
  readonly allows: (object: ApiObject) => boolean;
}

const dataOf = (object: ApiObject): Readonly<Record<string, string>> | undefined =>
  (object as { readonly data?: Record<string, string> }).data;
const replicasOf = (object: ApiObject): number => (object as unknown as Deployment).spec.replicas ?? 1;
const imagesOf = (object: ApiObject): readonly string[] => (object as unknown as Pod).spec.containers.map(({ image = '' }) => image);

/** Each policy of these worlds by its name, in other words than its own. */
const judged: Readonly<Record<string, Judged>> = {
  'no-secrets-in-maps': {
    kind: 'ConfigMap',
    part: dataOf,
    allows: (object) => (object.metadata.namespace ?? '').startsWith('kube-') || dataOf(object)?.['password'] === undefined,
  },
  'narrow-deployments': { kind: 'Deployment.apps', part: replicasOf, allows: (object) => replicasOf(object) <= 3 },
  'narrow-pods': { kind: 'Pod', part: imagesOf, allows: (object) => imagesOf(object).every((image) => !image.startsWith('redis')) },
  'narrow-configmaps': { kind: 'ConfigMap', part: dataOf, allows: (object) => dataOf(object)?.['key'] !== undefined },
};

interface Binding extends ApiObject {
  readonly spec: {
    readonly policyName: string;
    readonly validationActions: readonly string[];
    readonly matchResources?: { readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
  };
}

export class PolicyRules {
  readonly #cluster: Cluster;
  /** Since when each definition is as it is, by name. */
  readonly #definedMs = new Map<string, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear(delta: Delta): readonly string[] {
    const { kind, type, object, previous, atMs } = delta;
    if (kind === DEFINITIONS && !equal(specOf(object), specOf(previous))) this.#definedMs.set(object.metadata.name, atMs);
    if (type === 'DELETED') return [];
    return [...this.#bound(delta), ...this.#defined(delta)];
  }

  #bound({ kind, type, object, previous, cause }: Delta): readonly string[] {
    const { store } = this.#cluster;
    const faults: string[] = [];
    for (const { spec } of store.table(BINDINGS).values() as Iterable<Binding>) {
      const rule = judged[spec.policyName];
      if (rule?.kind !== kind || !spec.validationActions.includes('Deny') || store.get(POLICIES, spec.policyName) === undefined) continue;
      if (type === 'MODIFIED' && (previous === null || equal(rule.part(object), rule.part(previous)) || cause.actor.includes(SCALER)))
        continue;
      const home = spec.matchResources?.namespaceSelector?.matchLabels?.[HOME];
      if ((home === undefined || home === object.metadata.namespace) && !rule.allows(object))
        faults.push(`was let in past the policy ${spec.policyName}`);
    }
    return faults;
  }

  /** What an object has kept from before the rules came is not judged again. upstream: CRDValidationRatcheting */
  #defined({ kind, object, previous, atMs }: Delta): readonly string[] {
    if (!kind.endsWith(`.${CUSTOM_GROUP}`)) return [];
    const name = `${object.kind.toLowerCase()}s.${CUSTOM_GROUP}`;
    const sinceMs = this.#definedMs.get(name);
    const definition = this.#cluster.store.get(DEFINITIONS, name);
    if (definition === undefined || sinceMs === undefined || atMs - sinceMs < NEWS_MS) return [];
    const [now, before] = [specOf(object), specOf(previous)];
    if (now === undefined || equal(now, before)) return [];
    return definedRules(definition)
      .filter(({ allows }) => !allows(now, before))
      .map(({ rule }) => `breaks the rule ${rule} of its definition`);
  }
}

const specOf = (object: ApiObject | null): CustomSpec | undefined => (object as { readonly spec?: CustomSpec } | null)?.spec;

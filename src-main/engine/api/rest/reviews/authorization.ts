// May I, may they, and what may I at all (`kubectl auth can-i`). upstream: pkg/registry/authorization
import type { JsonObject, JsonValue } from '../../../meta/object.ts';
import { badRequest } from '../../../meta/status-error.ts';
import { isAllowed, rulesFor } from '../../authorization/authorizer.ts';
import type { Attributes } from '../../authorization/policy-rule.ts';
import { isObject } from '../../patch/merge-patch.ts';
import type { Identity } from '../rest-request.ts';
import type { Review, ReviewWorld } from './review.ts';

const at = { group: 'authorization.k8s.io', version: 'v1', namespaced: false } as const;

export const selfSubjectAccessReview: Review = {
  ...at,
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  status: (spec, world) => decision(world, world.user, attributesOf(spec)),
};

export const subjectAccessReview: Review = {
  ...at,
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  status: (spec, world) => decision(world, subjectOf(spec), attributesOf(spec)),
};

export const localSubjectAccessReview: Review = {
  ...at,
  namespaced: true,
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  status: (spec, world) => {
    const wanted = attributesOf(spec);
    if (wanted.namespace !== world.namespace)
      throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${world.namespace}`);
    return decision(world, subjectOf(spec), wanted);
  },
};

export const selfSubjectRulesReview: Review = {
  ...at,
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  status: (spec, { policy, user }) => {
    const namespace = text(spec['namespace']);
    if (namespace === '') throw badRequest('no namespace on request');
    const rules = rulesFor(policy, user, namespace);
    const resourceRules = rules.filter(({ resources = [] }) => resources.length > 0);
    return { resourceRules, nonResourceRules: rules.filter((rule) => !resourceRules.includes(rule)), incomplete: false };
  },
};

function decision({ policy }: ReviewWorld, user: Identity, wanted: Attributes): object {
  return { allowed: isAllowed(policy, user, wanted) };
}

/** upstream: ResourceAttributesFrom, NonResourceAttributesFrom */
function attributesOf(spec: JsonObject): Attributes {
  const resource = objectOf(spec['resourceAttributes']);
  const path = objectOf(spec['nonResourceAttributes']);
  if ((resource === undefined) === (path === undefined))
    throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
  const given = resource ?? path ?? {};
  return {
    verb: text(given['verb']),
    group: text(given['group']),
    resource: text(given['resource']),
    subresource: text(given['subresource']),
    name: text(given['name']),
    namespace: text(given['namespace']),
    path: path === undefined ? '' : text(given['path']) || '/',
  };
}

function subjectOf(spec: JsonObject): Identity {
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(text) : [];
  if (text(spec['user']) === '' && groups.length === 0) throw badRequest('at least one of user or group must be specified');
  return { name: text(spec['user']), groups };
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return value !== undefined && isObject(value) ? value : undefined;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

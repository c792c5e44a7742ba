// Acting as somebody else (`kubectl --as`): who may, and who they then are. upstream: apiserver pkg/endpoints/filters/impersonation.go
import { badRequest } from '../../meta/status-error.ts';
import type { Identity } from '../rest/rest-request.ts';
import { isAllowed, type Policy } from './authorizer.ts';
import type { Attributes } from './policy-rule.ts';
import { refusal } from './request-attributes.ts';

/** What the Impersonate headers say. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Throws StatusError: 400 for groups without a user, 403 when the one who asks may not. */
export function impersonate(policy: Policy, asker: Identity, wanted: Impersonation): Identity {
  if (wanted.user === '') throw badRequest(`requested ${JSON.stringify(wanted.groups)} without impersonating a user`);
  const account = SERVICE_ACCOUNT.exec(wanted.user);
  const [, namespace = '', name = ''] = account ?? [];
  require(policy, asker, account === null
    ? { resource: 'users', namespace: '', name: wanted.user }
    : { resource: 'serviceaccounts', namespace, name });
  if (wanted.uid !== undefined)
    require(policy, asker, { group: 'authentication.k8s.io', resource: 'uids', namespace: '', name: wanted.uid });
  for (const group of wanted.groups) require(policy, asker, { resource: 'groups', namespace: '', name: group });
  const implied =
    account === null || wanted.groups.length > 0 ? wanted.groups : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  const isKnown = wanted.user !== 'system:anonymous' && !implied.includes('system:authenticated');
  const groups = isKnown ? [...implied, 'system:authenticated'] : implied;
  return { name: wanted.user, groups, ...(wanted.uid === undefined ? {} : { uid: wanted.uid }) };
}

function require(
  policy: Policy,
  asker: Identity,
  what: Pick<Attributes, 'resource' | 'namespace' | 'name'> & { readonly group?: string },
): void {
  const attributes = { verb: 'impersonate', group: '', subresource: '', path: '', ...what };
  if (!isAllowed(policy, asker, attributes)) throw refusal(asker, attributes);
}

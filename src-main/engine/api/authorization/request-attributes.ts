// What a request wants, in the words of authorization, and the refusal when it may not. upstream: apiserver pkg/endpoints/request/requestinfo.go, handlers/responsewriters/errors.go
import { forbidden, type StatusError } from '../../meta/status-error.ts';
import { type Identity, isSet, type RestRequest } from '../rest/rest-request.ts';
import type { ResourceRoute } from '../rest/route.ts';
import type { Attributes } from './policy-rule.ts';

export function resourceAttributes(route: ResourceRoute, request: RestRequest): Attributes {
  const { group, plural, subresource, name } = route;
  // A namespace is in itself.
  const namespace = plural === 'namespaces' && route.namespace === '' ? name : route.namespace;
  return { verb: verbOf(route, request), group, resource: plural, subresource, name, namespace, path: '' };
}

export function pathAttributes(request: RestRequest): Attributes {
  const path = request.path === '' ? '/' : request.path;
  return { verb: request.method.toLowerCase(), group: '', resource: '', subresource: '', name: '', namespace: '', path };
}

export function refusal(user: Identity, { verb, group, resource, subresource, name, namespace, path }: Attributes): StatusError {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (path !== '') return forbidden({ group: '', resource: '' }, '', `${who} path ${JSON.stringify(path)}`);
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return forbidden({ group, resource }, name, `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`);
}

/** Streams, too, go by the method that opens them: WebSockets by `get`, SPDY by `create`. upstream: AuthorizePodWebsocketUpgradeCreatePermission came after 1.33 */
function verbOf({ name }: ResourceRoute, request: RestRequest): string {
  switch (request.method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      return isSet(request, 'watch') ? 'watch' : name === '' ? 'list' : 'get';
  }
}

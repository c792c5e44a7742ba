// POST bindings: how pods were bound before they had a binding of their own. The body says which pod it is for.
// upstream: pkg/registry/core/pod/storage/storage.go LegacyBindingREST
import { badRequest } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';
import { bodyObject } from './request-body.ts';
import type { VirtualKind } from './resource-catalogue.ts';
import { methodNotAllowed, type RestRequest } from './rest-request.ts';
import type { ResourceRoute } from './route.ts';

/** For discovery. */
export const bindingKind: VirtualKind = { group: '', version: 'v1', kind: 'Binding', plural: 'bindings', namespaced: true };

/** The binding of the pod that the body names; any other route as it is. Throws StatusError. */
export function toPodsBinding(route: ResourceRoute, request: RestRequest): ResourceRoute {
  const { group, version, plural } = bindingKind;
  if (route.group !== group || route.version !== version || route.plural !== plural) return route;
  if (request.method !== 'POST' || route.name !== '') throw methodNotAllowed();
  const { metadata = {} } = bodyObject(request, bindingKind.kind);
  const name = isObject(metadata) ? metadata['name'] : undefined;
  if (typeof name !== 'string' || name === '') throw badRequest('Name parameter required.');
  return { ...route, plural: 'pods', name, subresource: 'binding' };
}

// Which resource a path means. upstream: apiserver pkg/endpoints/request/requestinfo.go

export interface ResourceRoute {
  readonly group: string;
  readonly version: string;
  /** '' when the path names none: a cluster-scoped object, or a list over all namespaces. */
  readonly namespace: string;
  readonly plural: string;
  /** '' for the collection. */
  readonly name: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

export type Route =
  | { readonly to: 'resource'; readonly resource: ResourceRoute }
  /** `/api`, `/apis`, `/apis/apps`, `/apis/apps/v1`. */
  | { readonly to: 'discovery'; readonly group: string | null; readonly version: string | null; readonly core: boolean }
  | { readonly to: 'openapi'; readonly document: string }
  | { readonly to: 'other'; readonly path: string };

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, first, second] = parts;
  if (root === 'openapi' && first === 'v3') return { to: 'openapi', document: parts.slice(2).join('/') };
  if (root !== 'api' && root !== 'apis') return { to: 'other', path: `/${parts.join('/')}` };
  const core = root === 'api';
  const group = core ? '' : first;
  const version = core ? first : second;
  const rest = parts.slice(core ? 2 : 3);
  if (group === undefined || version === undefined || rest.length === 0)
    return { to: 'discovery', group: group ?? null, version: version ?? null, core };
  const resource = resourceRoute(group, version, rest);
  return resource === undefined ? { to: 'other', path: `/${parts.join('/')}` } : { to: 'resource', resource };
}

function resourceRoute(group: string, version: string, parts: readonly string[]): ResourceRoute | undefined {
  const [head, namespace = '', next] = parts;
  const isWithin = head === 'namespaces' && next !== undefined && !NAMESPACE_SUBRESOURCES.has(next);
  const [plural = '', name = '', subresource = '', ...more] = isWithin ? parts.slice(2) : parts;
  // Deeper paths exist only below the proxy subresources.
  if (more.length > 0 && subresource !== 'proxy') return undefined;
  return { group, version, namespace: isWithin ? namespace : '', plural, name, subresource };
}

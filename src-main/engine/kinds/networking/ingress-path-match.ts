// Which path of an Ingress rule a request goes to. upstream: website docs/concepts/services-networking/ingress "Path types", "Multiple matches", "Hostname wildcards"
import type { Ingress } from './ingress.ts';

type Rule = NonNullable<Ingress['spec']['rules']>[number];
type HttpPath = Pick<NonNullable<Rule['http']>['paths'][number], 'path' | 'pathType'>;

/** The index of the path that serves the request, or null: then the default backend does. The longest path wins, and of equals the exact one. */
export function matchingPath(
  { host = '', paths }: { readonly host?: string | undefined; readonly paths: readonly HttpPath[] },
  requestHost: string,
  requestPath: string,
): number | null {
  if (!hostMatches(host, requestHost)) return null;
  let best: number | null = null;
  for (const [index, path] of paths.entries()) {
    if (!pathMatches(path, requestPath)) continue;
    if (best === null || isBetter(path, paths[best] as HttpPath)) best = index;
  }
  return best;
}

/** An empty host is any; a wildcard stands for exactly one label. */
export function hostMatches(host: string, requestHost: string): boolean {
  if (host === '' || host === requestHost) return true;
  if (!host.startsWith('*.')) return false;
  const dot = requestHost.indexOf('.');
  return dot > 0 && requestHost.slice(dot) === host.slice(1);
}

function pathMatches({ path = '', pathType }: HttpPath, requestPath: string): boolean {
  if (pathType === 'Exact') return path === requestPath;
  const wanted = elements(path);
  const given = elements(requestPath);
  return wanted.length <= given.length && wanted.every((element, index) => element === given[index]);
}

function isBetter(a: HttpPath, b: HttpPath): boolean {
  const [lengthA, lengthB] = [lengthOf(a), lengthOf(b)];
  return lengthA > lengthB || (lengthA === lengthB && a.pathType === 'Exact' && b.pathType !== 'Exact');
}

function lengthOf({ path = '', pathType }: HttpPath): number {
  return pathType === 'Exact' ? path.length : path.replace(/\/+$/, '').length;
}

/** The parts between slashes; a slash at the end makes no part. */
function elements(path: string): readonly string[] {
  return path.split('/').filter((element) => element !== '');
}

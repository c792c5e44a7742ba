// The API server as containers meet it, in HTTP: who asks is told by the token of a service account that lies in a pod.
// That token is good for nothing outside of the simulated network, since it follows from the seed: the lab's own door does not come by here.
import type { Identity, RestAnswer, RestRequest } from './api/rest/rest-request.ts';
import { JSON_TYPE, statusAnswer } from './api/rest/rest-request.ts';
import type { Store } from './api/store.ts';
import type { ApiServerPort } from './client/container-network.ts';
import { rootCaCertificate } from './controllers/root-ca.ts';
import { decodeBase64 } from './kinds/core/base64.ts';
import type { Pod } from './kinds/core/pod.ts';
import { mountedToken, type Named, TOKEN_ISSUER, type TokenClaims } from './kinds/core/service-account-token.ts';
import { badRequest, StatusError } from './meta/status-error.ts';

interface InClusterWorld {
  readonly store: Store;
  readonly unixMs: () => number;
  /** Of the control plane. */
  readonly nodes: readonly string[];
  readonly addresses: readonly string[];
  readonly answer: (request: RestRequest) => RestAnswer;
}

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** upstream: cmd/kubeadm/app/util/pkiutil/pki_helpers.go GetAPIServerAltNames */
const NAMES = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', '10.96.0.1'];
const ANONYMOUS: Identity = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE']);
const STREAMS = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/(?:exec|attach|portforward)$/;
const REASONS: Readonly<Record<number, string>> = {
  ...{ 200: 'OK', 201: 'Created', 202: 'Accepted', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' },
  ...{ 405: 'Method Not Allowed', 406: 'Not Acceptable', 409: 'Conflict', 410: 'Gone', 422: 'Unprocessable Entity' },
  ...{ 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented' },
};
const TOKEN_LENGTH_MAX = 10_000;

export class InClusterApi implements ApiServerPort {
  readonly authority = rootCaCertificate;
  readonly #world: InClusterWorld;

  constructor(world: InClusterWorld) {
    this.#world = world;
  }

  names(): readonly string[] {
    return [...NAMES, ...this.#world.nodes, ...this.#world.addresses];
  }

  exchange(text: string): string {
    const asked = askedIn(text);
    if (asked === null)
      return 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request';
    try {
      return responseOf(asked, this.#world.answer(this.#requestOf(asked)));
    } catch (error) {
      if (error instanceof StatusError) return responseOf(asked, statusAnswer(error));
      throw error;
    }
  }

  #requestOf({ method, target, headers }: Asked): RestRequest {
    const user = this.#userOf(headers.get('authorization'));
    const [path = '', query = ''] = target.split(/\?(.*)/s);
    const request = {
      ...{ method: method === 'HEAD' ? 'GET' : method, path: decoded(path), query: parametersIn(query), user },
      accept: headers.get('accept') ?? '',
      contentType: '',
      agent: headers.get('user-agent') ?? '',
    };
    if (STREAMS.test(request.path)) throw badRequest('Upgrade request required');
    const isEndless = request.query.some(([name, value]) => ['watch', 'follow'].includes(name) && !['', '0', 'false'].includes(value));
    const asAnother = [...headers.keys()].some((name) => name.startsWith('impersonate-'));
    if (!METHODS.has(method) || isEndless || asAnother || request.path.split('/').includes('watch'))
      throw new StatusError(
        undefined,
        501,
        `orrery: to containers the lab's API server answers GET, HEAD and DELETE, no watches and nobody in the name of others`,
      );
    return request;
  }

  /** Throws StatusError (401) for a token that is nobody's. upstream: apiserver pkg/authentication/request/{bearertoken,anonymous} */
  #userOf(header: string | undefined): Identity {
    const token = /^bearer +(.+)$/i.exec(header ?? '')?.[1]?.trim();
    if (token === undefined) return ANONYMOUS;
    const claims = claimsOf(token);
    const of = claims?.['kubernetes.io'];
    if (claims === undefined || of === undefined || claims.exp * 1000 <= this.#world.unixMs() || !this.#stands(claims))
      throw new StatusError('Unauthorized', 401, 'Unauthorized');
    const { namespace, serviceaccount } = of;
    return {
      name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    };
  }

  /** A token ends with the pod that it was made for, and with its account. upstream: pkg/serviceaccount/claims.go Validate */
  #stands({ aud, 'kubernetes.io': { namespace, serviceaccount, pod } }: TokenClaims): boolean {
    const found = (kind: string, { name, uid }: Named): boolean =>
      this.#world.store.get(kind, `${namespace}/${name}`)?.metadata.uid === uid;
    if (!aud.includes(TOKEN_ISSUER) || pod === undefined || !found('Pod', pod) || !found('ServiceAccount', serviceaccount)) return false;
    const { serviceAccountName = 'default' } = (this.#world.store.get('Pod', `${namespace}/${pod.name}`) as Pod).spec;
    return serviceAccountName === serviceaccount.name;
  }
}

/** What a token says that a kubelet made; undefined: it is none. */
function claimsOf(token: string): TokenClaims | undefined {
  const [, body = ''] = token.split('.');
  if (token.length > TOKEN_LENGTH_MAX || !/^[\w-]+$/.test(body)) return undefined;
  try {
    const claims = JSON.parse(decodeBase64(body.replaceAll('-', '+').replaceAll('_', '/'))) as TokenClaims | null;
    return claims !== null && isWhole(claims) && mountedToken(claims) === token ? claims : undefined;
  } catch (error) {
    // Somebody's text, which says nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Anybody can seal a token, whatever it says. */
function isWhole({ aud, exp, 'kubernetes.io': of }: Partial<TokenClaims>): boolean {
  return (
    Array.isArray(aud) && typeof exp === 'number' && typeof of?.namespace === 'string' && isNamed(of.serviceaccount) && isNamed(of.pod)
  );
}

function isNamed(value: Partial<Named> | null | undefined): boolean {
  return typeof value?.name === 'string' && typeof value.uid === 'string';
}

function askedIn(text: string): Asked | null {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const [, method, target] = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, target, headers: new Map(headers) };
}

function parametersIn(query: string): RestRequest['query'] {
  const parts = query.split('&').filter((part) => part !== '');
  return parts.map((part) => {
    const [name = '', value = ''] = part.replaceAll('+', ' ').split(/=(.*)/s);
    return [decoded(name), decoded(value)] as const;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`invalid URL escape in ${JSON.stringify(text)}`);
    throw error;
  }
}

function responseOf({ method, headers, target }: Asked, { code, contentType, body, warnings }: RestAnswer): string {
  const isPretty = /^(curl|Wget|Mozilla\/5\.0)/.test(headers.get('user-agent') ?? '') || /[?&]pretty=(true|1)/.test(target);
  // For eyes it is indented, without an end of its last line. upstream: apiserver pkg/endpoints/handlers/negotiation/negotiate.go isPrettyPrint
  const text = typeof body === 'string' ? body : isPretty ? JSON.stringify(body, null, 2) : `${JSON.stringify(body)}\n`;
  const lines = [
    `HTTP/1.1 ${code} ${REASONS[code] ?? ''}`,
    'Cache-Control: no-cache, private',
    `Content-Type: ${contentType || JSON_TYPE}`,
    ...warnings.map((warning) => `Warning: 299 - ${JSON.stringify(warning)}`),
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : text}`;
}

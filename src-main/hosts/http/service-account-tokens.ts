// Tokens of service accounts: signed by the lab's own key, good until they expire or what they are bound to is gone. Expiry is real time, as for every client.
// upstream: pkg/serviceaccount/{claims,jwt}.go
import { randomUUID } from 'node:crypto';
import type { Identity, RestAnswer, RestRequest } from '../../engine/api/rest/rest-request.ts';
import { type Bound, type Named, TOKEN_ISSUER, type TokenClaims, tokenClaims } from '../../engine/kinds/core/service-account-token.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { DOOR } from './identity.ts';
import { CONFIGURATION_PATH, KEYS_PATH, openIdConfiguration, TokenKey } from './token-key.ts';

interface TokenRequest {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: {
    readonly audiences: readonly string[];
    readonly expirationSeconds: number;
    readonly boundObjectRef: { readonly kind: string; readonly name: string } | null;
  };
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

export class ServiceAccountTokens {
  readonly #api: ApiAccess;
  readonly #nowMs: () => number;
  readonly #key = new TokenKey();

  constructor(api: ApiAccess, nowMs: () => number) {
    this.#api = api;
    this.#nowMs = nowMs;
  }

  /** The answer with what only the one who signs can say: a token that was asked for, or how to check tokens; every other answer as it is. */
  signed(request: RestRequest, answer: RestAnswer, server: string): RestAnswer {
    // Whoever may not ask, has been told so.
    if (answer.code === 404 && request.method === 'GET') return this.#document(request.path, server) ?? answer;
    if (answer.code !== 201 || request.method !== 'POST' || !/\/serviceaccounts\/[^/]+\/token$/.test(request.path)) return answer;
    const body = answer.body as TokenRequest;
    const { name, namespace, uid } = body.metadata;
    const iat = Math.floor(this.#nowMs() / 1000);
    const { audiences, expirationSeconds, boundObjectRef } = body.spec;
    const of = { namespace, ...this.#boundTo(namespace, boundObjectRef), serviceaccount: { name, uid } };
    const claims = tokenClaims(of, audiences, iat, expirationSeconds, randomUUID());
    return { ...answer, body: { ...body, status: { ...body.status, token: this.#key.token(claims) } } };
  }

  /** Whose the token is; undefined when it is none of ours or not for us, has expired, or what it is bound to is gone. */
  identityOf(token: string): Identity | undefined {
    // What we have signed is what we have written: it needs no checks of its own. A token that lies in a pod is not among it: it follows
    // from the seed, so that anybody could make it.
    const claims = this.#key.claimsOf(token) as TokenClaims | undefined;
    if (claims === undefined || !claims.aud.includes(TOKEN_ISSUER)) return undefined;
    const { exp, 'kubernetes.io': of } = claims;
    if (exp * 1000 <= this.#nowMs() || !this.#stands(of)) return undefined;
    const { namespace, serviceaccount } = of;
    return {
      name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    };
  }

  #document(path: string, server: string): RestAnswer | undefined {
    const answer = (body: object, contentType: string): RestAnswer => ({ code: 200, contentType, body, warnings: [] });
    if (path === KEYS_PATH) return answer(this.#key.keys(), 'application/jwk-set+json');
    return path === CONFIGURATION_PATH ? answer(openIdConfiguration(server), 'application/json') : undefined;
  }

  /** upstream: pkg/serviceaccount/claims.go Claims: a pod's token names its node, too. */
  #boundTo(namespace: string, reference: TokenRequest['spec']['boundObjectRef']): Omit<Bound, 'namespace' | 'serviceaccount'> {
    if (reference === null) return {};
    const { name } = reference;
    if (reference.kind === 'Node') return { node: { name, uid: this.#uidOf(`nodes/${name}`) ?? '' } };
    if (reference.kind === 'Secret') return { secret: { name, uid: this.#uidOf(`namespaces/${namespace}/secrets/${name}`) ?? '' } };
    const pod = this.#get(`namespaces/${namespace}/pods/${name}`);
    const node = pod?.spec?.nodeName;
    return {
      ...(node === undefined ? {} : { node: { name: node, uid: this.#uidOf(`nodes/${node}`) ?? '' } }),
      pod: { name, uid: pod?.metadata.uid ?? '' },
    };
  }

  #stands({ namespace, serviceaccount, pod, secret }: Bound): boolean {
    const is = (plural: string, { name, uid }: Named): boolean => this.#uidOf(`namespaces/${namespace}/${plural}/${name}`) === uid;
    return (
      is('serviceaccounts', serviceaccount) && (pod === undefined || is('pods', pod)) && (secret === undefined || is('secrets', secret))
    );
  }

  #uidOf(path: string): string | undefined {
    return this.#get(path)?.metadata.uid;
  }

  #get(path: string): { readonly metadata: { readonly uid: string }; readonly spec?: { readonly nodeName?: string } } | undefined {
    const request = { method: 'GET', path: `/api/v1/${path}`, query: [], accept: '', contentType: '', user: DOOR, agent: 'door' };
    const { code, body } = this.#api.answer(request);
    return code === 200 ? (body as never) : undefined;
  }
}

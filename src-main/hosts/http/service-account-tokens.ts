// Tokens of service accounts: signed by a secret that only this door knows, good until they expire or their account is gone. Expiry is real time, as for every client.
// upstream: pkg/serviceaccount/{claims,jwt}.go
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Identity, RestAnswer, RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { DOOR } from './identity.ts';

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly sub: string;
  readonly 'kubernetes.io': { readonly namespace: string; readonly serviceaccount: { readonly name: string; readonly uid: string } };
}

interface TokenRequest {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: { readonly audiences: readonly string[]; readonly expirationSeconds: number };
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

export class ServiceAccountTokens {
  readonly #api: ApiAccess;
  readonly #nowMs: () => number;
  readonly #secret = randomBytes(32);

  constructor(api: ApiAccess, nowMs: () => number) {
    this.#api = api;
    this.#nowMs = nowMs;
  }

  /** The answer to a token request with the token in it; every other answer as it is. */
  signed(request: RestRequest, answer: RestAnswer): RestAnswer {
    if (answer.code !== 201 || request.method !== 'POST' || !/\/serviceaccounts\/[^/]+\/token$/.test(request.path)) return answer;
    const body = answer.body as TokenRequest;
    const { name, namespace, uid } = body.metadata;
    const iat = Math.floor(this.#nowMs() / 1000);
    const claims: Claims = {
      aud: body.spec.audiences,
      exp: iat + body.spec.expirationSeconds,
      iat,
      iss: ISSUER,
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const head = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return { ...answer, body: { ...body, status: { ...body.status, token: `${head}.${this.#signature(head)}` } } };
  }

  /** Whose the token is; undefined when it is none of ours, has expired, or its account is gone. */
  identityOf(token: string): Identity | undefined {
    const dot = token.lastIndexOf('.');
    const given = Buffer.from(token.slice(dot + 1));
    const wanted = Buffer.from(this.#signature(token.slice(0, Math.max(0, dot))));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    // What we have signed is what we have written: it needs no checks of its own.
    const { exp, 'kubernetes.io': of } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    if (exp * 1000 <= this.#nowMs() || !this.#exists(of)) return undefined;
    const { namespace, serviceaccount } = of;
    return {
      name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    };
  }

  #exists({ namespace, serviceaccount: { name, uid } }: Claims['kubernetes.io']): boolean {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
    const { code, body } = this.#api.answer({ method: 'GET', path, query: [], accept: '', contentType: '', user: DOOR, agent: 'door' });
    return code === 200 && (body as { metadata: { uid: string } }).metadata.uid === uid;
  }

  #signature(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

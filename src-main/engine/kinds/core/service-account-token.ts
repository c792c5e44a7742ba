// What the token of a service account says, whoever makes it: the door that signs one, or a kubelet that mounts one.
// upstream: pkg/serviceaccount/claims.go Claims, pkg/registry/core/serviceaccount/storage/token.go Create
import { sha256 } from '../../base/sha256.ts';
import { encodeBase64, encodeBytes } from './base64.ts';

/** Who issues tokens, and who they are for unless somebody says so. upstream: kubeadm's --service-account-issuer */
export const TOKEN_ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** What pods ask for is meant to be renewed after an hour, and good for a year for those that do not. upstream: pkg/serviceaccount/claims.go WarnOnlyBoundTokenExpirationPeriod, ExpirationExtensionSeconds */
export const WARN_ONLY_SECONDS = 3607;
const EXTENSION_SECONDS = 365 * 24 * 3600;

export interface Named {
  readonly name: string;
  readonly uid: string;
}

export interface Bound {
  readonly namespace: string;
  readonly serviceaccount: Named;
  readonly pod?: Named;
  readonly secret?: Named;
  readonly node?: Named;
  /** From when on its use is warned of. */
  readonly warnafter?: number;
}

export interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly 'kubernetes.io': Bound;
  readonly nbf: number;
  readonly sub: string;
}

/** In the order in which Go writes them. */
export function tokenClaims(of: Bound, audiences: readonly string[], iat: number, seconds: number, jti: string): TokenClaims {
  const isExtended = of.pod !== undefined && seconds === WARN_ONLY_SECONDS && audiences.every((audience) => audience === TOKEN_ISSUER);
  const { namespace, serviceaccount, ...bound } = of;
  return {
    aud: audiences,
    exp: iat + (isExtended ? EXTENSION_SECONDS : seconds),
    iat,
    iss: TOKEN_ISSUER,
    jti,
    'kubernetes.io': { namespace, ...bound, serviceaccount, ...(isExtended ? { warnafter: iat + seconds } : {}) },
    nbf: iat,
    sub: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
  };
}

/**
 * The token as it lies in a pod. The world has no secret to sign with, and two worlds of one seed have to have the same files: where the
 * signature stands is a digest of what the token says. So it proves nothing, and opens no door of the lab.
 */
export function mountedToken(claims: TokenClaims): string {
  const said = [{ alg: 'RS256', kid: urlSafe(encodeBytes(bytesOf(sha256(TOKEN_ISSUER)))) }, claims].map((part) =>
    urlSafe(encodeBase64(JSON.stringify(part))),
  );
  return withSeal(said.join('.'));
}

/** As long as a signature of RSA with 2048 bits. */
const SEAL_DIGESTS = 8;

function withSeal(said: string): string {
  const whole = sha256(said);
  const digests = Array.from({ length: SEAL_DIGESTS }, (_, part) => sha256(`${whole}${part}`));
  return `${said}.${urlSafe(encodeBytes(bytesOf(digests.join(''))))}`;
}

function bytesOf(hexadecimal: string): readonly number[] {
  return (hexadecimal.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

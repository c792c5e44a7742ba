// The key that tokens of service accounts are signed with, and the two documents that tell others how to check them.
// upstream: pkg/serviceaccount/jwt.go keyIDFromPublicKey, pkg/serviceaccount/openidmetadata.go
import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { TOKEN_ISSUER } from '../../engine/kinds/core/service-account-token.ts';

export const KEYS_PATH = '/openid/v1/jwks';
export const CONFIGURATION_PATH = '/.well-known/openid-configuration';

const BITS = 2_048;

/** Made when it is first needed: most labs never sign a token. */
export class TokenKey {
  #pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

  /** The token with these claims. */
  token(claims: object): string {
    const { privateKey } = this.#keys();
    const head = [{ alg: 'RS256', kid: this.#id() }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${head}.${sign('sha256', Buffer.from(head), privateKey).toString('base64url')}`;
  }

  /** Its claims; undefined when it was signed by somebody else. */
  claimsOf(token: string): unknown {
    const parts = token.split('.');
    if (this.#pair === undefined || parts.length !== 3) return undefined;
    const [head = '', body = '', signature = ''] = parts;
    const isOurs = verify('sha256', Buffer.from(`${head}.${body}`), this.#pair.publicKey, Buffer.from(signature, 'base64url'));
    return isOurs ? JSON.parse(Buffer.from(body, 'base64url').toString()) : undefined;
  }

  keys(): object {
    const { kty, n, e } = this.#keys().publicKey.export({ format: 'jwk' });
    return { keys: [{ use: 'sig', kty, kid: this.#id(), alg: 'RS256', n, e }] };
  }

  #id(): string {
    const bytes = this.#keys().publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(bytes).digest('base64url');
  }

  #keys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
    this.#pair ??= generateKeyPairSync('rsa', { modulusLength: BITS });
    return this.#pair;
  }
}

/** `server`: where this API server is reached. */
export function openIdConfiguration(server: string): object {
  return {
    issuer: TOKEN_ISSUER,
    jwks_uri: `${server}${KEYS_PATH}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

// Who a request comes from: a bearer token, or a client certificate of the lab's own authority. upstream: apiserver pkg/authentication/request
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Identity } from '../../engine/api/rest/rest-request.ts';
import { StatusError } from '../../engine/meta/status-error.ts';

/** Tokens and whose they are. */
export type Tokens = ReadonlyMap<string, Identity>;

/** The door itself, where it does for somebody what they were found allowed to. */
export const DOOR: Identity = { name: 'system:apiserver', groups: ['system:masters'] };

const AUTHENTICATED = 'system:authenticated';

/** Throws StatusError (401) when nobody known asks. */
export function identityOf(request: IncomingMessage, tokens: Tokens, issued: (token: string) => Identity | undefined): Identity {
  const token = bearerToken(request);
  const found = authenticated(byCertificate(request.socket as TLSSocket)) ?? whose(token, tokens, issued);
  if (found === undefined) throw new StatusError('Unauthorized', 401, 'Unauthorized');
  return found;
}

/** undefined: nobody's. */
export function whose(token: string, tokens: Tokens, issued: (token: string) => Identity | undefined): Identity | undefined {
  return authenticated(byToken(token, tokens) ?? (token === '' ? undefined : issued(token)));
}

function authenticated(found: Identity | undefined): Identity | undefined {
  return found && { ...found, groups: [...new Set([...found.groups, AUTHENTICATED])] };
}

function byCertificate(socket: TLSSocket): Identity | undefined {
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const user = subject?.CN as string | readonly string[] | undefined;
  if (typeof user !== 'string' || user === '') return undefined;
  const groups = (subject.O ?? []) as string | readonly string[];
  return { name: user, groups: typeof groups === 'string' ? [groups] : groups };
}

function bearerToken({ headers }: IncomingMessage): string {
  const header = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (header !== undefined) return header.trim();
  // Browsers cannot set headers on a WebSocket: the token comes as a protocol. upstream: apiserver pkg/authentication/request/websocket
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const encoded = protocols.find((text) => text.startsWith(WEBSOCKET_PREFIX))?.slice(WEBSOCKET_PREFIX.length) ?? '';
  return Buffer.from(encoded, 'base64url').toString();
}

export const WEBSOCKET_PREFIX = 'base64url.bearer.authorization.k8s.io.';

/** Compares digests, so that neither length nor content leaks by the time it takes. */
function byToken(given: string, tokens: Tokens): Identity | undefined {
  const wanted = digest(given);
  let found: Identity | undefined;
  for (const [known, identity] of digestsOf(tokens)) if (timingSafeEqual(known, wanted)) found = identity;
  return given === '' ? undefined : found;
}

/** Of tokens that stay the same; every request asks. */
const digests = new WeakMap<Tokens, readonly (readonly [Buffer, Identity])[]>();

function digestsOf(tokens: Tokens): readonly (readonly [Buffer, Identity])[] {
  const known = digests.get(tokens);
  if (known !== undefined && known.length === tokens.size) return known;
  const made = [...tokens].map(([token, identity]) => [digest(token), identity] as const);
  digests.set(tokens, made);
  return made;
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

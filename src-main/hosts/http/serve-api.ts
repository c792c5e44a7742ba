/**
 * The kubectl door: the lab's API server over HTTPS on loopback.
 * Other programs and web pages on the machine can reach a loopback port too, hence credentials for every request and the checks of Host and Origin.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { stringify } from 'yaml';
import { type Identity, isSet, type RestAnswer, type RestRequest, statusAnswer } from '../../engine/api/rest/rest-request.ts';
import { routeOf } from '../../engine/api/rest/route.ts';
import type { JsonObject } from '../../engine/meta/object.ts';
import { badRequest, internal, StatusError, unknownResource } from '../../engine/meta/status-error.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { createAuthority } from './certificates.ts';
import { ClientClock, linesToClient, type Shift, timeToLab, toClient, toLab } from './client-clock.ts';
import { DeletingSessions } from './deleting-sessions.ts';
import { identityOf, type Tokens, whose } from './identity.ts';
import type { Access } from './kubeconfig.ts';
import { streamLog } from './log-stream.ts';
import { OPENAPI_V2_TYPE, openApiV2, wantsProtobuf } from './openapi-v2.ts';
import { bodyOf, readBytes } from './request-body.ts';
import { overloaded, RequestBudget } from './request-budget.ts';
import type { SeenRequest } from './request-journal.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { signRequests } from './sign-requests.ts';
import { answerPlainly, isStreamPath, Upgrades } from './upgrade.ts';
import { warningHeaders } from './warning-headers.ts';
import { type OpenStream, streamWatch } from './watch-stream.ts';

export interface ApiDoor {
  /** What a kubeconfig holds. */
  readonly access: Access;
  readonly close: () => Promise<void>;
}

/** As kubeadm's admin.conf. */
const ADMIN: Identity = { name: 'kubernetes-admin', groups: ['system:masters'] };
const WATCHES_MAX = 1_000;
const HEADER_BYTES_MAX = 32_768;
const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
/** Loopback; and the pages of Lens and Freelens, whose names lead to loopback. */
const LOCAL_ORIGIN = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|([a-z0-9-]+\.)?renderer\.(freelens|lens)\.app)$/;
const KEEP_ALIVE_MS = 75_000;
const YEAR_SECONDS = 31_536_000;

interface Door {
  readonly api: ApiAccess;
  readonly clock: ClientClock;
  readonly tokens: Tokens;
  readonly authorities: ReadonlySet<string>;
  readonly accounts: ServiceAccountTokens;
  /** Where it is reached. */
  readonly server: string;
  readonly budget: RequestBudget;
  readonly streams: Set<OpenStream>;
  readonly deleting: DeletingSessions;
  readonly seen: (request: SeenRequest) => void;
}

export interface DoorOptions {
  readonly port?: number;
  /** How many requests it takes; a sensible number, unless stated. */
  readonly requestsPerSecond?: number;
  /** Told of each request of somebody who was let in. */
  readonly seen?: (request: SeenRequest) => void;
}

export async function serveApi(api: ApiAccess, options: DoorOptions = {}): Promise<ApiDoor> {
  const authority = await createAuthority('orrery-ca');
  const own = await authority.issue({ server: 'kube-apiserver', addresses: ['127.0.0.1', '::1'], names: ['localhost', 'kubernetes'] });
  const token = randomBytes(32).toString('base64url');
  const server = createServer({
    cert: own.certificate,
    key: own.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.requestTimeout = 0;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const door: Door = {
    api,
    clock: new ClientClock(api.unixMs, () => Date.now()),
    tokens: new Map([[token, ADMIN]]),
    authorities: new Set(['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`)),
    accounts: new ServiceAccountTokens(api, () => Date.now()),
    server: `https://127.0.0.1:${port}`,
    budget: new RequestBudget(() => Date.now(), options.requestsPerSecond),
    streams: new Set(),
    deleting: new DeletingSessions(api),
    seen: options.seen ?? (() => undefined),
  };
  const upgrades = new Upgrades(api);
  server.on('request', (request, response) => void onRequest(door, request, response));
  server.on('upgrade', (request, socket, head) => void onUpgrade(door, upgrades, request, socket, head));
  api.onReplace(() => closeStreams(door));
  const endSigning = signRequests(api, authority);
  return {
    access: { server: `https://127.0.0.1:${port}`, authority: authority.certificate, user: ADMIN.name, token },
    close: async () => {
      endSigning();
      closeStreams(door);
      upgrades.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function closeStreams(door: Door): void {
  for (const stream of door.streams) stream.close();
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function onRequest(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const session = String(request.headers['kubectl-session'] ?? '');
  const shift = (): Shift => door.clock.shiftFor(session);
  let tell = (_code: number): void => undefined;
  try {
    requireOwnHost(door, request);
    const user = identityOf(request, door.tokens, (token) => door.accounts.identityOf(token));
    door.budget.take();
    door.deleting.asks(session, request.method ?? 'GET');
    const rest = await restRequest(request, user, shift());
    tell = (code) => door.seen(seenRequest(door.api, request, rest, code));
    if (rest.method === 'GET' && isSet(rest, 'watch')) {
      openStream(door, (closed) => streamWatch(door.api, rest, response, shift, closed));
      door.deleting.watches(session);
      tell(200);
    } else if (rest.method === 'GET' && isSet(rest, 'follow')) {
      openStream(door, (closed) => streamLog(door.api, rest, response, shift, closed));
      tell(200);
    } else {
      const answer = answered(door, rest);
      if (answer.code === 200 && isStreamPath(rest.path)) throw badRequest('Upgrade request required');
      tell(answer.code);
      write(request, response, stamped(rest, answer, shift()), shift(), rest);
    }
  } catch (error) {
    // It broke off in the middle of its body: there is nobody to be answered.
    if (request.destroyed && !request.complete) return;
    if (!(error instanceof StatusError)) console.error(error);
    const refused = error instanceof StatusError ? error : internal(error instanceof Error ? error.message : String(error));
    tell(refused.status.code);
    if (response.headersSent) response.destroy();
    else write(request, response, statusAnswer(refused), shift());
    request.resume();
  }
}

async function onUpgrade(door: Door, upgrades: Upgrades, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    requireOwnHost(door, request);
    const user = identityOf(request, door.tokens, (token) => door.accounts.identityOf(token));
    door.budget.take();
    const session = String(request.headers['kubectl-session'] ?? '');
    const rest = await restRequest(request, user, door.clock.shiftFor(session));
    door.seen(seenRequest(door.api, request, rest, 101));
    upgrades.open(request, rest, socket, head, () => door.clock.shiftFor(session));
  } catch (error) {
    if (!(error instanceof StatusError)) console.error(error);
    answerPlainly(socket, statusAnswer(error instanceof StatusError ? error : internal(String(error))));
  }
}

function openStream(door: Door, open: (closed: () => void) => OpenStream): void {
  if (door.streams.size >= WATCHES_MAX) throw overloaded();
  const stream = open(() => door.streams.delete(stream));
  door.streams.add(stream);
}

function seenRequest(api: ApiAccess, request: IncomingMessage, rest: RestRequest, code: number): SeenRequest {
  const route = routeOf(rest.path);
  const { group = '', namespace = '', plural = '', name = '' } = route.to === 'resource' ? route.resource : {};
  const kind = name === '' ? undefined : api.kindOf(group, plural);
  return {
    session: String(request.headers['kubectl-session'] ?? ''),
    command: String(request.headers['kubectl-command'] ?? ''),
    agent: rest.agent,
    user: rest.user.name,
    method: rest.method,
    path: request.url ?? '/',
    code,
    atMs: api.nowMs(),
    ...(kind === undefined ? {} : { about: { kind, key: namespace === '' ? name : `${namespace}/${name}` } }),
  };
}

/** Whose a token is can only be told here, where tokens are made; the world and its log hear no token. upstream: pkg/registry/authentication/tokenreview/storage.go */
function answered(door: Door, rest: RestRequest): RestAnswer {
  const spec =
    rest.method === 'POST' && rest.path === TOKEN_REVIEWS ? (rest.body as { spec?: { token?: unknown } } | null)?.spec : undefined;
  if (typeof spec?.token !== 'string' || spec.token === '') return door.accounts.signed(rest, door.api.answer(rest), door.server);
  const answer = door.api.answer({ ...rest, body: { ...(rest.body as JsonObject), spec: { token: '-' } } });
  if (answer.code !== 201) return answer;
  const user = whose(spec.token, door.tokens, (token) => door.accounts.identityOf(token));
  const body = { ...(answer.body as object), spec };
  if (user === undefined) return { ...answer, body: { ...body, status: { user: {}, error: 'invalid bearer token' } } };
  const { name: username, groups, uid } = user;
  return {
    ...answer,
    body: { ...body, status: { authenticated: true, user: { username, ...(uid === undefined ? {} : { uid }), groups } } },
  };
}

/** As Go writes it: for readers of YAML 1.1, to whom a bare `yes` is no text and a bare time none either. upstream: sigs.k8s.io/yaml */
const YAML_FORM = { version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false, indentSeq: false, lineWidth: 0 } as const;

/** The body as it goes out; the one document that is no JSON is for those who ask for it. */
function bytesOf(
  rest: RestRequest | undefined,
  answer: RestAnswer,
  shift: Shift,
): { readonly bytes: Buffer; readonly contentType: string } {
  const { body, contentType } = answer;
  if (rest?.path === '/openapi/v2' && answer.code === 200 && wantsProtobuf(rest.accept))
    return { bytes: openApiV2(body as object), contentType: OPENAPI_V2_TYPE };
  // Parts that objects share here are none of the client's business: each is written out.
  if (contentType === 'application/yaml') return { bytes: Buffer.from(stringify(toClient(body, shift), YAML_FORM)), contentType };
  const text = typeof body === 'string' ? body : `${JSON.stringify(toClient(body, shift))}\n`;
  return { bytes: Buffer.from(text), contentType };
}

/** A log whose lines begin with times, on the client's clock. */
function stamped(rest: RestRequest, answer: RestAnswer, shift: Shift): RestAnswer {
  const isStamped = typeof answer.body === 'string' && rest.path.endsWith('/log') && isSet(rest, 'timestamps');
  return isStamped ? { ...answer, body: linesToClient(answer.body as string, shift) } : answer;
}

/** DNS rebinding: a page on evil.example that resolves to 127.0.0.1 sends its own name as Host, and its own origin. */
function requireOwnHost({ authorities }: Door, { headers, headersDistinct, url = '' }: IncomingMessage): void {
  const { host = '', origin } = headers;
  if ((headersDistinct['host']?.length ?? 0) > 1) throw badRequest('too many Host headers');
  // As proxies are asked: the address says whom it is for, whatever the header says.
  const named = /^[a-z]+:\/\/([^/?]*)/i.exec(url)?.[1];
  if (!authorities.has(named ?? host))
    throw new StatusError('BadRequest', 421, 'misdirected request: this server answers on loopback only');
  if (origin !== undefined && !isLocalOrigin(origin)) throw new StatusError('Forbidden', 403, 'cross-origin requests are not allowed');
}

/** Dashboards pass on where their own pages come from: this machine, or a name that their makers point at it. No page of somebody else's can. */
function isLocalOrigin(origin: string): boolean {
  if (origin === 'file://') return true;
  const host = /^https?:\/\/([^/:]+|\[[^\]]+\])(?::\d+)?$/.exec(origin)?.[1]?.toLowerCase() ?? '';
  return LOCAL_ORIGIN.test(host);
}

async function restRequest(request: IncomingMessage, user: Identity, shift: Shift): Promise<RestRequest> {
  const target = request.url ?? '/';
  // It names no host, though it looks so.
  if (target.startsWith('//')) throw unknownResource();
  const url = new URL(target, 'https://127.0.0.1');
  const method = request.method ?? 'GET';
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const path = decoded(url.pathname);
  // What opens a stream says all in its query; bodies are for the door's own words with the engine.
  const hasBody = method !== 'GET' && method !== 'HEAD' && !isStreamPath(path);
  const { body, ...faults } = hasBody ? bodyOf(method, contentType, await readBytes(request)) : {};
  return {
    method,
    path,
    query: [...url.searchParams].map(([name, value]) => [name, name === 'sinceTime' ? timeToLab(value, shift) : value] as const),
    accept: request.headers.accept ?? '',
    contentType,
    ...(body === undefined ? {} : { body: toLab(body, shift) }),
    ...faults,
    user,
    ...impersonation(request),
    agent: request.headers['user-agent'] ?? '',
  };
}

/** upstream: apiserver pkg/endpoints/filters/impersonation.go buildImpersonationRequests */
function impersonation({ headers, headersDistinct }: IncomingMessage): Pick<RestRequest, 'impersonate'> {
  const user = String(headers['impersonate-user'] ?? '');
  const groups = headersDistinct['impersonate-group'] ?? [];
  const uid = String(headers['impersonate-uid'] ?? '');
  if (user === '' && groups.length === 0 && uid === '') return {};
  return { impersonate: { user, groups, ...(uid === '' ? {} : { uid }) } };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new StatusError('BadRequest', 400, `invalid URL escape in ${JSON.stringify(path.slice(0, 200))}`);
  }
}

function write(request: IncomingMessage, response: ServerResponse, answer: RestAnswer, shift: Shift, rest?: RestRequest): void {
  const { bytes, contentType } = bytesOf(rest, answer, shift);
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', bytes.length);
  if (answer.immutable === true) {
    response.setHeader('cache-control', `public, immutable, max-age=${YEAR_SECONDS}`);
    response.setHeader('expires', new Date(Date.now() + YEAR_SECONDS * 1000).toUTCString());
    response.setHeader('vary', 'Accept');
  } else response.setHeader('cache-control', 'no-cache, private');
  if (answer.retryAfterSeconds !== undefined) response.setHeader('retry-after', answer.retryAfterSeconds);
  const warnings = warningHeaders(answer.warnings);
  if (warnings.length > 0) response.setHeader('warning', warnings);
  response.writeHead(answer.code).end(request.method === 'HEAD' ? undefined : bytes);
}

// The token of its service account that a pod finds in a volume: bound to the pod, and another one when four fifths of its time are over.
// Nobody waits for that: which one lies there now follows from when the pod came. upstream: pkg/kubelet/token/token_manager.go
import { sha256 } from '../base/sha256.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { mountedToken, TOKEN_ISSUER, tokenClaims } from '../kinds/core/service-account-token.ts';
import type { Files } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';

interface Wanted {
  readonly path: string;
  readonly audience?: string;
  readonly expirationSeconds?: number;
}

/** upstream: pkg/apis/core/v1/defaults.go SetDefaults_ServiceAccountTokenProjection */
const SECONDS_DEFAULT = 3600;
/** upstream: maxTTL, requiresRefresh */
const SECONDS_MAX = 24 * 3600;
const LAST_PERCENT = 20;

export function accountToken(
  world: KubeletWorld,
  pod: Pod,
  { path, audience = '', expirationSeconds: seconds = SECONDS_DEFAULT }: Wanted,
): Files {
  const { namespace, name, uid } = pod.metadata;
  const { serviceAccountName: account = 'default', nodeName = '' } = pod.spec;
  const of = {
    namespace,
    node: { name: nodeName, uid: world.nodes.get(nodeName)?.metadata.uid ?? '' },
    pod: { name, uid },
    serviceaccount: { name: account, uid: world.accounts.get(`${namespace}/${account}`)?.metadata.uid ?? '' },
  };
  const iat = issuedAt(world, uid, seconds);
  const audiences = [audience === '' ? TOKEN_ISSUER : audience];
  const claims = tokenClaims(of, audiences, iat, seconds, identifier(`${uid} ${path} ${iat}`));
  return { [path]: tokenOf(JSON.stringify(claims), () => mountedToken(claims)) };
}

/** Unix seconds. */
function issuedAt({ context, state }: KubeletWorld, uid: string, seconds: number): number {
  const { nowMs, unixMs } = context.time;
  const periodMs = Math.min(seconds - Math.floor((seconds * LAST_PERCENT) / 100), SECONDS_MAX) * 1000;
  const ageMs = nowMs - (state.pods[uid]?.seenMs ?? nowMs);
  return Math.floor((unixMs - (ageMs % periodMs)) / 1000);
}

/** A text in the form of a UUID of chance. */
function identifier(text: string): string {
  const digits = sha256(text);
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)];
  return parts.join('-');
}

/** Whoever lists a directory asks for every file in it, many times. */
const tokens = new Map<string, string>();
const TOKENS_MAX = 1_000;

function tokenOf(said: string, make: () => string): string {
  const known = tokens.get(said);
  if (known !== undefined) return known;
  const made = make();
  if (tokens.size >= TOKENS_MAX) tokens.clear();
  tokens.set(said, made);
  return made;
}

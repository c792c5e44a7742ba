// Which kubectl the tests speak with: the one that KUBECTL names, else the one on the PATH, if it is new enough for WebSockets.
import { spawnSync } from 'node:child_process';

/** Older ones speak to their servers in ways that went with SPDY. */
const MINOR_MIN = 32;

export const KUBECTL = process.env['KUBECTL'] || 'kubectl';

/** A kubectl lives for a moment, a third of which it spends on collecting garbage. */
export const SPARING_KUBECTL = { GOGC: 'off', GOMEMLIMIT: '512MiB' };

/** Why the tests that need a kubectl cannot run here; undefined where they can. */
export function whyNoKubectl(): string | undefined {
  const { status, stdout } = spawnSync(KUBECTL, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  if (status !== 0) return `no kubectl is installed: ${KUBECTL} does not start`;
  const [, major, minor] = /"gitVersion": *"v(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === '1' && Number(minor) >= MINOR_MIN) return undefined;
  return `kubectl ${major}.${minor} is too old: 1.${MINOR_MIN} or later is needed`;
}

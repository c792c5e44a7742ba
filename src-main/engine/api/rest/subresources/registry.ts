// The ordered list of subresources that have an answer of their own; status and finalize are parts of their object and need none.
import { approval } from './approval.ts';
import { attach } from './attach.ts';
import { binding } from './binding.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { eviction } from './eviction.ts';
import { exec } from './exec.ts';
import { log } from './log.ts';
import { portForward } from './port-forward.ts';
import { proxy } from './proxy.ts';
import { resize } from './resize.ts';
import { scale } from './scale.ts';
import type { SubresourceHandler } from './subresource.ts';
import { token } from './token.ts';

export const subresources: readonly SubresourceHandler[] = [
  scale,
  binding,
  eviction,
  log,
  exec,
  attach,
  ephemeralContainers,
  resize,
  portForward,
  proxy,
  approval,
  token,
];

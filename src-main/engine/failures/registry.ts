// The ordered list of failures: what a person can break, and what the random simulation picks from.
import { componentStop } from './component-stop.ts';
import { containerCrash } from './container-crash.ts';
import type { Failure, FailureTarget } from './define-failure.ts';
import { diskLoss } from './disk-loss.ts';
import { kubeletStop } from './kubelet-stop.ts';
import { nodeNetworkCut } from './node-network-cut.ts';
import { nodePowerOff } from './node-power-off.ts';
import { nodeShutdown } from './node-shutdown.ts';
import { probeFailure } from './probe-failure.ts';
import { registryDown } from './registry-down.ts';
import { zoneOutage } from './zone-outage.ts';

export const failures: readonly Failure[] = [
  nodePowerOff,
  nodeShutdown,
  kubeletStop,
  nodeNetworkCut,
  zoneOutage,
  diskLoss,
  containerCrash,
  probeFailure,
  registryDown,
  componentStop,
];

/** The list as plain data, for a window. */
export const failureKinds: readonly { readonly name: string; readonly target: FailureTarget }[] = failures.map(({ name, target }) => ({
  name,
  target,
}));

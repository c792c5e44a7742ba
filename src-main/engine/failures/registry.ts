// The ordered list of failures; one that is not here cannot be chosen.
import { containerCrash } from './container-crash.ts';
import type { Failure, FailureTarget } from './define-failure.ts';
import { diskLoss } from './disk-loss.ts';
import { kubeletStop } from './kubelet-stop.ts';
import { nodeNetworkCut } from './node-network-cut.ts';
import { nodePowerOff } from './node-power-off.ts';
import { probeFailure } from './probe-failure.ts';
import { registryDown } from './registry-down.ts';
import { zoneOutage } from './zone-outage.ts';

export const failures: readonly Failure[] = [
  nodePowerOff,
  kubeletStop,
  nodeNetworkCut,
  zoneOutage,
  diskLoss,
  containerCrash,
  probeFailure,
  registryDown,
];

/** As a palette lists them. */
export const failureKinds: readonly { readonly name: string; readonly target: FailureTarget }[] = failures.map(({ name, target }) => ({
  name,
  target,
}));

// What of the network the processes of one container see: its own pod, and through the cluster's network the ports of others.
import { hasProgram } from '../runtime/image-catalogue.ts';
import type { ShellNetwork } from '../runtime/network-commands.ts';
import type { Instance } from './container-runtime.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { NAME_SERVER } from './managed-files.ts';

/** Sends something to a port of a pod; null: nothing listens there. */
export type Converse = (uid: string, port: number, input: string) => string | null;

export function connectionsOf({ context, nowMs }: KubeletWorld, { object, spec }: Instance, converse: Converse): ShellNetwork {
  const { network } = context;
  const { namespace } = object.metadata;
  let turn = Math.floor(nowMs / 10);
  return {
    nameServer: NAME_SERVER,
    has: (program) => hasProgram(spec.image ?? '', program),
    resolve: (host) => network.resolve(host, namespace),
    send: (host, port, text) => {
      const reached = network.connect(object, host, port, turn);
      turn += 1;
      if (reached.kind !== 'open') return reached;
      const { address, uid } = reached;
      const answer = converse(uid, reached.port, text);
      return answer === null ? { kind: 'refused', address } : { kind: 'answered', address, text: answer };
    },
  };
}

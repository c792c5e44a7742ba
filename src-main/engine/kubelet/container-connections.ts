// What of the network the processes of one container see: its own pod, and through the cluster's network the ports of others.
import type { ApiServerPort } from '../client/container-network.ts';
import type { Sent, ShellNetwork } from '../runtime/network-commands.ts';
import type { Instance } from './container-runtime.ts';
import { isInstalled } from './installed-programs.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { NAME_SERVER } from './managed-files.ts';

/** Sends something to a port of a pod; null: nothing listens there. */
export type Converse = (uid: string, port: number, input: string) => string | null;

/** To shake hands, to ask and to hear: whoever asks again and again leaves time between. */
const TLS_MS = 20;

export function connectionsOf({ context, nowMs }: KubeletWorld, instance: Instance, converse: Converse): ShellNetwork {
  const { network } = context;
  const { object } = instance;
  const { namespace } = object.metadata;
  let turn = Math.floor(nowMs / 10);
  return {
    nameServer: NAME_SERVER,
    has: (program) => isInstalled(instance, program),
    resolve: (host) => network.resolve(host, namespace),
    send: (host, port, text, trusts) => {
      const reached = network.connect(object, host, port, turn);
      turn += 1;
      if (reached.kind === 'api-server') return toApiServer(network.apiServer, reached.address, text, trusts);
      if (reached.kind !== 'open') return reached;
      const { address, uid } = reached;
      const answer = converse(uid, reached.port, text);
      return answer === null ? { kind: 'refused', address } : { kind: 'answered', address, text: answer };
    },
  };
}

function toApiServer(server: ApiServerPort, address: string, text: string, trusts: Parameters<ShellNetwork['send']>[3]): Sent {
  // As Go's server tells those who speak no TLS. upstream: net/http server.go tlsRecordHeaderLooksLikeHTTP
  const plain = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
  if (trusts === undefined) return { kind: 'answered', address, text: plain };
  const certificate = { authority: server.authority, names: server.names() };
  if (!trusts(certificate)) return { kind: 'untrusted', address, certificate };
  return { kind: 'answered', address, text: server.exchange(text), tookMs: TLS_MS };
}

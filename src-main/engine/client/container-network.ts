// Where a connection leads that a process in a container opens: the network answers, containers ask, and neither knows the other.
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';

export type Reached =
  /** No name server knows the host. */
  | { readonly kind: 'unknown' }
  /** `silent`: nothing comes back, not even a refusal. */
  | { readonly kind: 'refused' | 'silent'; readonly address: string }
  /** The port of the pod that the connection came to; whether something listens there, its kubelet knows. */
  | { readonly kind: 'open'; readonly address: string; readonly uid: string; readonly port: number }
  | { readonly kind: 'api-server'; readonly address: string };

export interface ContainerNetwork {
  /** The addresses that the cluster's name server has for a host, as seen from a namespace. */
  resolve(host: string, namespace: string): readonly string[];
  /** `turn` counts the connections of one process: they are spread over the endpoints. */
  connect(from: Pod, host: string, port: number, turn: number): Reached;
  /** Services of which a container of the namespace hears through its environment; the API server's own is always among them. */
  servicesFor(namespace: string): readonly Service[];
}

/** The API server as a process in a container meets it: over TLS, in HTTP. */
export interface ApiServerPort {
  /** The certificate of who signed its own. */
  readonly authority: string;
  /** Whom its certificate names. */
  names(): readonly string[];
  /** The whole response to a whole request. */
  exchange(request: string): string;
}

/** All that a process in a container can reach. */
export interface ClusterNetwork extends ContainerNetwork {
  readonly apiServer: ApiServerPort;
}

/** Before anything is wired, and where nothing may depend on others. */
export const NO_NETWORK: ClusterNetwork = {
  resolve: () => [],
  connect: () => ({ kind: 'unknown' }),
  servicesFor: () => [],
  apiServer: { authority: '', names: () => [], exchange: () => '' },
};

// Hints that tell proxies to keep traffic within a zone: what a Service's trafficDistribution asks for.
// upstream: staging/src/k8s.io/endpointslice/trafficdist/trafficdist.go preferCloseHeuristic, reconciler.go (release 1.33, PreferSameTrafficDistribution off)
import type { Service } from '../../kinds/core/service.ts';
import type { Endpoint } from './endpoints.ts';

const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const OLD_TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

/** A ready endpoint is for its own zone. The very same endpoint when it gets no hint. */
export function withCloseHint(endpoint: Endpoint, service: Service): Endpoint {
  const { zone, conditions } = endpoint;
  if (service.spec.trafficDistribution !== 'PreferClose') return endpoint;
  if (zone === undefined || conditions?.ready !== true || wantsTopologyHints(service)) return endpoint;
  return { ...endpoint, hints: { forZones: [{ name: zone }] } };
}

/** The annotation wins over the field. upstream: hintsEnabled */
export function wantsTopologyHints({ metadata }: Service): boolean {
  const { [OLD_TOPOLOGY_HINTS]: old, [TOPOLOGY_MODE]: mode } = metadata.annotations ?? {};
  const asked = old ?? mode;
  return asked === 'Auto' || asked === 'auto';
}

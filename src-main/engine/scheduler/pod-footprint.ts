// What a pod takes of a node, computed once per template: its pods share their lists of containers, so a thousand replicas cost one computation.
// upstream: pkg/scheduler/framework/types.go PodInfo, calculateResource
import type { Pod } from '../kinds/core/pod.ts';
import { computePodRequests, type PodRequests, podRequests, type ResourceList } from '../kinds/core/pod-requests.ts';
import { asHeld } from '../kinds/core/pod-resize.ts';

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export interface PodFootprint {
  readonly requests: PodRequests;
  /** Requests where a container that does not mention the resource counts 100m or 200Mi. upstream: NonMissingContainerRequests */
  readonly scoredCpuMillis: number;
  readonly scoredMemoryBytes: number;
  readonly hostPorts: readonly HostPort[];
  readonly hasAffinity: boolean;
  /** Names of persistent volume claims the pod mounts; those of generic ephemeral volumes depend on the pod's name and are not here. */
  readonly claimNames: readonly string[];
  /** Does it mount any claim, one of a generic ephemeral volume included? */
  readonly hasClaims: boolean;
}

type Spec = Pod['spec'];

interface Remembered {
  readonly spec: Spec;
  readonly footprint: PodFootprint;
}

const remembered = new WeakMap<Spec['containers'], Remembered>();

export function podFootprint(given: Pod): PodFootprint {
  const pod = asHeld(given);
  const { spec } = pod;
  const known = remembered.get(spec.containers);
  if (known !== undefined && sameFootprint(known.spec, spec)) return known.footprint;
  const footprint = computeFootprint(pod);
  remembered.set(spec.containers, { spec, footprint });
  return footprint;
}

function sameFootprint(a: Spec, b: Spec): boolean {
  return (
    a === b || (a.initContainers === b.initContainers && a.overhead === b.overhead && a.volumes === b.volumes && a.affinity === b.affinity)
  );
}

export function hostPortKey({ ip, protocol, port }: HostPort): string {
  return `${protocol}/${port}/${ip}`;
}

function computeFootprint(pod: Pod): PodFootprint {
  const { affinity, volumes = [] } = pod.spec;
  const scored = computePodRequests(pod.spec, DEFAULT_REQUESTS);
  return {
    requests: podRequests(pod),
    scoredCpuMillis: scored.cpuMillis,
    scoredMemoryBytes: scored.memoryBytes,
    hostPorts: hostPortsOf(pod.spec),
    hasAffinity: affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined,
    hasClaims: volumes.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim !== undefined || ephemeral !== undefined),
    claimNames: volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [claim.claimName])),
  };
}

// upstream: pkg/scheduler/util/pod_resources.go DefaultMilliCPURequest, DefaultMemoryRequest
const DEFAULT_REQUESTS: ResourceList = { cpu: '100m', memory: '200Mi' };

// upstream: pkg/scheduler/util/utils.go GetHostPorts: containers and restartable init containers
function hostPortsOf(spec: Spec): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return [...spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort === undefined || hostPort <= 0 ? [] : [{ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort }],
    ),
  );
}

// What the containers of a pod ask for and may use, in exact quantities: limit ranges and quotas compare them with what is allowed.
// upstream: k8s.io/component-helpers/resource/helpers.go PodRequests, PodLimits; plugin/pkg/admission/limitranger podRequests, podLimits
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '../../meta/quantity.ts';
import { isSidecar, type PodSpec, type ResourceList } from './pod-spec.ts';

/** By name of the resource. */
export type Amounts = ReadonlyMap<string, Quantity>;

export type Side = 'requests' | 'limits';

/** All containers together, or the biggest moment of the start: no overhead, no pod-level resources. */
export function containerTotals({ containers, initContainers = [] }: Pick<PodSpec, 'containers' | 'initContainers'>, side: Side): Amounts {
  const sum = new Map<string, Quantity>();
  const sidecars = new Map<string, Quantity>();
  const start = new Map<string, Quantity>();
  for (const { resources } of containers) add(sum, amountsOf(resources?.[side]));
  for (const container of initContainers) {
    const amounts = amountsOf(container.resources?.[side]);
    if (isSidecar(container)) {
      add(sum, amounts);
      add(sidecars, amounts);
      raise(start, sidecars);
    } else {
      const moment = new Map(sidecars);
      add(moment, amounts);
      raise(start, moment);
    }
  }
  raise(sum, start);
  return sum;
}

/** What the pod counts as a whole: pod-level resources win over the containers', and its overhead comes on top. */
export function podTotals(spec: PodSpec, side: Side): Amounts {
  const total = new Map(containerTotals(spec, side));
  for (const [name, quantity] of amountsOf(spec.resources?.[side])) if (isPodLevel(name)) total.set(name, quantity);
  const overhead = [...amountsOf(spec.overhead)].filter(([name]) => side === 'requests' || total.has(name));
  add(total, new Map(overhead));
  return total;
}

export function amountsOf(list: ResourceList | undefined): Amounts {
  const amounts = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list ?? {})) {
    const { value } = parseQuantity(text);
    if (value !== undefined) amounts.set(name, value);
  }
  return amounts;
}

/** upstream: SupportedPodLevelResources */
function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

function add(sum: Map<string, Quantity>, more: Amounts): void {
  for (const [name, quantity] of more) {
    const known = sum.get(name);
    sum.set(name, known === undefined ? quantity : addQuantities(known, quantity));
  }
}

function raise(amounts: Map<string, Quantity>, floor: Amounts): void {
  for (const [name, quantity] of floor) {
    const known = amounts.get(name);
    if (known === undefined || compareQuantities(quantity, known) > 0) amounts.set(name, quantity);
  }
}

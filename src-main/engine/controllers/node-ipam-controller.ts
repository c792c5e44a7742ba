// Gives each node the address range of its pods.
// upstream: pkg/controller/nodeipam/ipam/range_allocator.go, cidrset/cidr_set.go; --node-cidr-mask-size 24
import { type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';

/** A cluster network, cut into ranges of 256 addresses. */
interface ClusterNetwork {
  /** The second number of its first address, which begins with 10. */
  readonly second: number;
  readonly ranges: number;
}

/** --cluster-cidr 10.244.0.0/16, kubeadm's custom. */
const CUSTOMARY: ClusterNetwork = { second: 244, ranges: 256 };
/** --cluster-cidr 10.128.0.0/9: whoever plans more nodes than the customary network has ranges plans a larger one. */
const LARGE: ClusterNetwork = { second: 128, ranges: 32_768 };

interface Memory {
  /** Where the search goes on, so that a range is used again as late as possible. */
  next: number;
  /** Ranges that are taken, also those whose write has not come back yet: node by range. */
  taken: Record<string, string>;
}

export const nodeIpamController = defineController<Memory>({
  name: 'node-ipam-controller',
  workers: 30,
  initialState: () => ({ next: 0, taken: {} }),
  start,
});

function start(context: ControllerContext<Memory>): RunningController {
  const { state, client, queue, events } = context;
  const nodes = context.cache(nodeKind);
  const network = context.physics.all('machine').size > CUSTOMARY.ranges ? LARGE : CUSTOMARY;
  const occupy = (node: Node): void => {
    const range = rangeOf(node.spec.podCIDR, network);
    if (range !== null) state.taken[range] = node.metadata.name;
  };
  nodes.onChange((next, previous) => {
    if (next !== undefined) {
      occupy(next);
      if (next.spec.podCIDR === undefined) queue.add(keyOf(next));
    } else if (previous !== undefined)
      for (const [range, name] of Object.entries(state.taken)) if (name === previous.metadata.name) delete state.taken[range];
  });
  if (!context.restored)
    for (const node of nodes.values()) {
      occupy(node);
      queue.add(keyOf(node));
    }
  return { reconcile };

  function reconcile(name: string): void {
    const node = nodes.get(name);
    if (node === undefined || node.spec.podCIDR !== undefined || Object.values(state.taken).includes(name)) return;
    const range = freeRange();
    if (range === null) {
      events.record(node, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
      queue.addRateLimited(name);
      return;
    }
    state.taken[range] = name;
    const podCIDR = `10.${network.second + Math.floor(range / 256)}.${range % 256}.0/24`;
    try {
      client.patch(nodeKind, name, (current) => ({ ...current, spec: { ...current.spec, podCIDR, podCIDRs: [podCIDR] } }));
    } catch (error) {
      delete state.taken[range];
      if (!isNotFound(error)) throw error;
    }
  }

  function freeRange(): number | null {
    for (let offset = 0; offset < network.ranges; offset += 1) {
      const range = (state.next + offset) % network.ranges;
      if (state.taken[range] !== undefined) continue;
      state.next = (range + 1) % network.ranges;
      return range;
    }
    return null;
  }
}

function rangeOf(podCidr: string | undefined, { second, ranges }: ClusterNetwork): number | null {
  const [, high, low] = /^10\.(\d+)\.(\d+)\.0\/24$/.exec(podCidr ?? '') ?? [];
  const range = (Number(high) - second) * 256 + Number(low);
  return range >= 0 && range < ranges ? range : null;
}

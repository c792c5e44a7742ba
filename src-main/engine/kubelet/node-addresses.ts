// Pod addresses of a node: the next free one of its range, in a circle, so that an address is not used again at once.
import type { NodeState } from './kubelet-state.ts';

/** '' when none is free. `podCidr`: `10.244.3.0/24`. upstream: containernetworking host-local allocator */
export function takeAddress(node: NodeState, podCidr: string, uid: string): string {
  const [network = '', bits = '24'] = podCidr.split('/');
  const parts = network.split('.').map(Number);
  const base = ((parts[0] ?? 0) * 256 + (parts[1] ?? 0)) * 65_536 + (parts[2] ?? 0) * 256 + (parts[3] ?? 0);
  const size = 2 ** (32 - Number(bits));
  for (let tries = 0; tries < size; tries += 1) {
    node.lastAddress = node.lastAddress + 1 >= size - 1 ? 2 : node.lastAddress + 1;
    if (node.addresses[node.lastAddress] !== undefined) continue;
    node.addresses[node.lastAddress] = uid;
    const address = base + node.lastAddress;
    return [address / 16_777_216, address / 65_536, address / 256, address].map((part) => Math.floor(part) % 256).join('.');
  }
  return '';
}

export function releaseAddresses(node: NodeState, uid: string): void {
  for (const host of Object.keys(node.addresses)) if (node.addresses[host] === uid) delete node.addresses[host];
}

/** The machine's own address: 10.0.x.y by the order of the letters and digits of its name, unlike for all names of a scenario's pattern. */
export function machineAddress(names: readonly string[], name: string): string {
  const position = names.indexOf(name) + 1;
  return `172.18.${Math.floor(position / 250)}.${(position % 250) + 1}`;
}

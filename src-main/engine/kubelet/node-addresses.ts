// Pod addresses of a node: the next free one of its range, in a circle, so that an address is not used again at once.
import { flat } from '../base/flat.ts';
import type { NodeState } from './kubelet-state.ts';

/** '' when none is free. `podCidr`: `10.244.3.0/24`. upstream: containernetworking host-local allocator */
export function takeAddress(node: NodeState, podCidr: string, uid: string): string {
  const [first = 0, second = 0, third = 0, fourth = 0, bits = 24] = podCidr.split(/[./]/, 5).map(Number);
  const base = (first << 24) | (second << 16) | (third << 8) | fourth;
  const size = 2 ** (32 - bits);
  for (let tries = 0; tries < size; tries += 1) {
    node.lastAddress = node.lastAddress + 1 >= size - 1 ? 2 : node.lastAddress + 1;
    if (node.addresses[node.lastAddress] !== undefined) continue;
    node.addresses[node.lastAddress] = uid;
    const address = base + node.lastAddress;
    return flat(`${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`);
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

// Blocks of IP addresses: whether a text names one, and whether an address is in it. Network policies and address ranges are made of them.
// upstream: net.ParseCIDR, IPNet.Contains
import { isIpv4, isIpv6 } from './ip-address.ts';

export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

/** The number of fixed bits. */
export function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

/** Does the text name the first address of the block? */
export function isNetwork(cidr: string): boolean {
  const first = bitsOf(cidr.slice(0, cidr.indexOf('/'))) ?? 0n;
  return first % cidrSize(cidr) === 0n;
}

/** The first address of an IPv4 block as a number. */
export function networkNumber(cidr: string): number {
  return Number(bitsOf(cidr.slice(0, cidr.indexOf('/'))) ?? 0n);
}

/** How many addresses the block has. */
export function cidrSize(cidr: string): bigint {
  return 2n ** BigInt((cidr.includes(':') ? 128 : 32) - prefixLength(cidr));
}

/** False for addresses of the other family, and for what is no address. */
export function cidrContains(cidr: string, address: string): boolean {
  const block = cidr.slice(0, cidr.indexOf('/'));
  const [network, wanted] = [bitsOf(block), bitsOf(address)];
  if (network === undefined || wanted === undefined || block.includes(':') !== address.includes(':')) return false;
  const free = BigInt((block.includes(':') ? 128 : 32) - prefixLength(cidr));
  return network >> free === wanted >> free;
}

function bitsOf(address: string): bigint | undefined {
  if (isIpv4(address)) return joined(address.split('.').map(Number), 8n);
  if (!isIpv6(address)) return undefined;
  const [left = '', right] = address.split('::');
  const before = groupsOf(left);
  const after = right === undefined ? [] : groupsOf(right);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return joined([...before, ...zeros, ...after], 16n);
}

/** The 16-bit groups of a part of an IPv6 address; one that ends as IPv4 ends with two. */
function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((all, part) => (all << bits) | BigInt(part), 0n);
}

// The lower part of a range, which is left to those who name an address or port themselves until the upper part is used up.
// upstream: pkg/registry/core/service/{ipallocator,portallocator} calculateRangeOffset
import { cidrSize } from './cidr.ts';

const MIN = 16;
const ADDRESSES_MAX = 256;
const ADDRESSES_STEP = 16;
const PORTS_MAX = 128;
const PORTS_STEP = 32;

/** Of a range of node ports. */
export function staticPorts(size: number): number {
  return bandOf(size, PORTS_STEP, PORTS_MAX);
}

/** Of a block of Service addresses. */
export function staticAddresses(cidr: string): number {
  return bandOf(Number(cidrSize(cidr)), ADDRESSES_STEP, ADDRESSES_MAX);
}

function bandOf(size: number, step: number, max: number): number {
  return size <= MIN ? 0 : Math.min(Math.max(Math.floor(size / step), MIN), max);
}

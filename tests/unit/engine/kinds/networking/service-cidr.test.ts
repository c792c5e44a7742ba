import { expect, test } from 'vitest';
import { ipAddressKind } from '../../../../../src-main/engine/kinds/networking/ip-address.ts';
import { type ServiceCIDR, serviceCidrKind } from '../../../../../src-main/engine/kinds/networking/service-cidr.ts';
import { ApiWorld, refusal, USER } from '../../api/api-world.ts';

const made = (cidrs: readonly string[]): string =>
  refusal(() => new ApiWorld().server.create(serviceCidrKind, { metadata: { name: 'a' }, spec: { cidrs } }, USER).metadata.name);
const FAULT = '422 Invalid: ServiceCIDR.networking.k8s.io "a" is invalid: spec.cidrs';

test.each([
  [['10.0.0.0/24', '2001:db8::/64'], 'accepted: "a"'],
  [[], `${FAULT}: Required value: at least one CIDR required`],
  [
    ['10.0.0.0/24', '10.0.1.0/24', '2001:db8::/64'],
    `${FAULT}: Invalid value: networking.ServiceCIDRSpec{CIDRs:[]string{"10.0.0.0/24", "10.0.1.0/24", "2001:db8::/64"}}: may only hold up to 2 values`,
  ],
  [
    ['10.0.0.0/24', '10.0.1.0/24'],
    `${FAULT}: Invalid value: networking.ServiceCIDRSpec{CIDRs:[]string{"10.0.0.0/24", "10.0.1.0/24"}}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64`,
  ],
  [['10.0.0.0'], `${FAULT}[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`],
  [['10.0.0.1/24'], `${FAULT}[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length`],
  [['2001:DB8::/64'], `${FAULT}[0]: Invalid value: "2001:DB8::/64": must be in canonical form ("2001:db8::/64")`],
])('a block of %j', (cidrs, expected) => expect(made(cidrs)).toBe(expected));

test.each([
  [['10.0.0.0/24', '2001:db8::/64'], 'accepted: "a"'],
  [['10.0.1.0/24'], `${FAULT}[0]: Invalid value: "10.0.1.0/24": field is immutable`],
])('a change to %j', (cidrs, expected) => {
  const { server } = new ApiWorld();
  const block = server.create(serviceCidrKind, { metadata: { name: 'a' }, spec: { cidrs: ['10.0.0.0/24'] } }, USER);
  expect(refusal(() => server.update(serviceCidrKind, { ...block, spec: { cidrs } } as ServiceCIDR, USER).metadata.name)).toBe(expected);
});

const parentRef = { resource: 'services', namespace: 'shop', name: 'web' };

test.each([
  ['10.0.0.1', { parentRef }, 'accepted: "10.0.0.1"'],
  [
    'one',
    {},
    'metadata.name: Invalid value: "one": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), spec.parentRef: Required value',
  ],
  ['2001:DB8::1', { parentRef }, 'metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")'],
  ['10.0.0.1', { parentRef: {} }, 'spec.parentRef.resource: Required value, spec.parentRef.name: Required value'],
])('an address %s of %j', (name, spec, expected) =>
  expect(refusal(() => new ApiWorld().server.create(ipAddressKind, { metadata: { name }, spec }, USER).metadata.name)).toContain(expected),
);

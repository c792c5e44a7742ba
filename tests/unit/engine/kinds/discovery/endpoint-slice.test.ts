// What an EndpointSlice may say of its ports and of where an endpoint is.
import { expect, test } from 'vitest';
import { type EndpointSlice, endpointSliceKind } from '../../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';

function check(parts: object, expected: readonly string[]): void {
  const slice = {
    metadata: { name: 'web-1', namespace: 'shop' },
    addressType: 'IPv4',
    endpoints: [],
    ...parts,
  } as unknown as EndpointSlice;
  expect(endpointSliceKind.validate(slice).map(String)).toEqual(expected);
}

const at = (parts: object): object => ({ endpoints: [{ addresses: ['10.1.2.3'], ...parts }] });

test('ports have names of their own', () =>
  check(
    {
      ports: [
        { name: '', protocol: 'TCP' },
        { name: 'api', protocol: 'TCP' },
        { name: 'api', protocol: 'UDP' },
      ],
    },
    ['ports[2].name: Duplicate value: "api"'],
  ));
test('a port without a protocol', () => check({ ports: [{ name: 'api' }] }, ['ports[0].protocol: Required value']));
test('an application protocol is a qualified name', () =>
  check({ ports: [{ name: '', protocol: 'TCP', appProtocol: 'example.com/h2c' }] }, []));
test('a name of two parts', () => check({ addressType: 'FQDN', endpoints: [{ addresses: ['db.example.org.'] }] }, []));
test('a name of one part', () =>
  check({ addressType: 'FQDN', endpoints: [{ addresses: ['db'] }] }, [
    'endpoints[0].addresses[0]: Invalid value: "db": should be a domain with at least two segments separated by dots',
  ]));
test('a host name without dots', () => check(at({ hostname: 'db-0' }), []));
test('a host name with dots', () =>
  check(at({ hostname: 'db.0' }), ['endpoints[0].hostname: Invalid value: "db.0": must not contain dots']));
test('the same zone twice', () =>
  check(at({ hints: { forZones: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] } }), [
    'endpoints[0].hints.forZones[2].name: Duplicate value: "a"',
  ]));
test('more zones than can be', () =>
  check(at({ hints: { forZones: [...'abcdefghi'].map((name) => ({ name })) } }), [
    'endpoints[0].hints.forZones: Too many: 9: must have at most 8 items',
  ]));
test('a zone among the old labels', () =>
  check(at({ deprecatedTopology: { 'topology.kubernetes.io/zone': 'a' } }), [
    'endpoints[0].deprecatedTopology[topology.kubernetes.io/zone]: Internal error: reserved key was not removed in conversion',
  ]));

// A range of ports ends where it begins or later.
import { expect, test } from 'vitest';
import { type NetworkPolicy, networkPolicyKind } from '../../../../../src-main/engine/kinds/networking/network-policy.ts';

function check(port: object, expected: readonly string[]): void {
  const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', ...port }] }] };
  const policy = { metadata: { name: 'only-web', namespace: 'shop' }, spec } as unknown as NetworkPolicy;
  expect(networkPolicyKind.validate(policy).map(String)).toEqual(expected);
}

const path = 'spec.ingress[0].ports[0].endPort';

test('one port long', () => check({ port: 8000, endPort: 8000 }, []));
test('backwards', () => check({ port: 8080, endPort: 8000 }, [`${path}: Invalid value: 8080: must be greater than or equal to \`port\``]));
test('from a named port', () =>
  check({ port: 'web', endPort: 8000 }, [`${path}: Invalid value: 8000: may not be specified when \`port\` is non-numeric`]));

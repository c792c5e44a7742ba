// A class's parameters stand in one namespace or in none.
import { expect, test } from 'vitest';
import { type IngressClass, ingressClassKind } from '../../../../../src-main/engine/kinds/networking/ingress-class.ts';

function check(place: object, expected: readonly string[]): void {
  const spec = { controller: 'example.org/doors', parameters: { kind: 'Door', name: 'front', ...place } };
  expect(ingressClassKind.validate({ metadata: { name: 'doors' }, spec } as unknown as IngressClass).map(String)).toEqual(expected);
}

const path = 'spec.parameters.namespace';

test('in the cluster', () => check({ scope: 'Cluster' }, []));
test('in the cluster, with a namespace that could be none', () =>
  check({ scope: 'Cluster', namespace: 'No Good' }, [`${path}: Forbidden: \`parameters.scope\` is set to 'Cluster'`]));
test('in a namespace', () => check({ scope: 'Namespace', namespace: 'shop' }, []));
test('in a namespace that is not said', () =>
  check({ scope: 'Namespace' }, [`${path}: Required value: \`parameters.scope\` is set to 'Namespace'`]));

// Nodes that refuse a pod for the same reasons are told together, the odd ones first.
import { expect, test } from 'vitest';
import { whyNot } from '../../../src-renderer/panels/inspector/why-not.ts';

function check(refusals: Readonly<Record<string, readonly string[]>>, expected: readonly string[]): void {
  const told = whyNot(Object.entries(refusals).map(([node, reasons]) => ({ node, reasons })));
  expect(told.map(({ reasons, nodes }) => `${reasons} | ${nodes}`)).toEqual(expected);
}

test('the odd one first, the rest in the order of counting', () =>
  check(
    {
      'worker-10': ['Insufficient cpu'],
      'worker-9': ['Insufficient cpu'],
      'worker-1': ['Insufficient cpu'],
      'worker-2': ['Insufficient cpu'],
      'control-plane': ['node(s) had untolerated taint {a: }'],
    },
    ['node(s) had untolerated taint {a: } | control-plane', 'Insufficient cpu | 4: worker-1, worker-2, worker-9, worker-10'],
  ));
test('several reasons of one node', () =>
  check({ a: ['Insufficient cpu', 'Insufficient memory'] }, ['Insufficient cpu; Insufficient memory | a']));
test('nothing', () => check({}, []));

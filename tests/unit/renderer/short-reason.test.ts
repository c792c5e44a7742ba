// What is left of a scheduler's message on a card: neither its beginning nor the keys of taints.
import { expect, test } from 'vitest';
import { shortReason } from '../../../src-renderer/scene/short-reason.ts';

function check(waiting: string, expected: string): void {
  expect(shortReason(waiting)).toBe(expected);
}

test('the reasons alone', () =>
  check(
    '0/10 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 9 Insufficient cpu.',
    '1 node(s) had untolerated taint, 9 Insufficient cpu.',
  ));
test('any other message as it is', () => check('Multi-Attach error for volume "pvc-1"', 'Multi-Attach error for volume "pvc-1"'));

// What is left of a scheduler's message on a card: what holds for most nodes first, without the keys of taints.
import { expect, test } from 'vitest';
import { shortReason } from '../../../src-renderer/scene/short-reason.ts';

function check(waiting: string, expected: string): void {
  expect(shortReason(waiting)).toBe(expected);
}

test('the reasons alone, what holds for most nodes first', () =>
  check(
    '0/10 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 9 Insufficient cpu.',
    '9 Insufficient cpu, 1 node(s) had untolerated taint',
  ));
test('taints of different keys are one reason; preemption found nothing', () =>
  check(
    '0/10 nodes are available: 1 node(s) had untolerated taint {a: }, 2 node(s) had untolerated taint {b: }, 7 Insufficient memory. preemption: 0/10 nodes are available: 3 Preemption is not helpful for scheduling, 7 No preemption victims found for incoming pod.',
    '7 Insufficient memory, 3 node(s) had untolerated taint',
  ));
test('a reason with a comma of its own stays as it is written', () =>
  check('0/2 nodes are available: persistentvolumeclaim "a" not found, sorry.', 'persistentvolumeclaim "a" not found, sorry'));
test('a volume that is elsewhere: the fault alone', () =>
  check('Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-1', 'Multi-Attach error'));
test('any other message as it is', () => check('MountVolume.SetUp failed for volume "a"', 'MountVolume.SetUp failed for volume "a"'));

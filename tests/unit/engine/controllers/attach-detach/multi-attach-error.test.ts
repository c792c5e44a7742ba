import { expect, test } from 'vitest';
import { multiAttachError } from '../../../../../src-main/engine/controllers/attach-detach/multi-attach-error.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';

const pod = (key: string): Pod => {
  const [namespace, name] = key.split('/');
  return { metadata: { namespace, name } } as unknown as Pod;
};

function check(users: readonly string[], expected: string): void {
  expect(multiAttachError('pv', pod('shop/new'), users.map(pod))).toBe(`Multi-Attach error for volume "pv" ${expected}`);
}

test('names users of the same namespace and only counts the others', () => {
  check([], "Volume is already exclusively attached to one node and can't be attached to another");
  check(['shop/a'], 'Volume is already used by pod(s) a');
  check(['shop/a', 'shop/b', 'bank/c'], 'Volume is already used by pod(s) a, b and 1 pod(s) in different namespaces');
  check(['bank/c', 'bank/d'], 'Volume is already used by 2 pod(s) in different namespaces');
});

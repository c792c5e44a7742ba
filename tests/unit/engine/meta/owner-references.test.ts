import { expect, test } from 'vitest';
import { controllerOf, isControlledBy, newControllerReference } from '../../../../src-main/engine/meta/owner-references.ts';

const owner = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', uid: 'u1', resourceVersion: '1', creationTimestamp: '2025-06-01T00:00:00Z' },
};
const reference = newControllerReference(owner);
const stranger = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u2' };

function check(ownerReferences: readonly (typeof reference)[] | undefined, controller: unknown, controlled: boolean): void {
  const object = { metadata: ownerReferences === undefined ? {} : { ownerReferences } };
  expect([controllerOf(object), isControlledBy(object, owner)]).toEqual([controller, controlled]);
}

test('a controller blocks its own deletion', () => {
  expect(reference).toEqual({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'u1',
    controller: true,
    blockOwnerDeletion: true,
  });
});
test('found among other owners', () => check([stranger, reference], reference, true));
test('an owner that does not control', () => check([stranger, { ...reference, controller: false }], undefined, false));
test('a namesake with another identity', () => check([{ ...reference, uid: 'u9' }], { ...reference, uid: 'u9' }, false));
test('no owners', () => check(undefined, undefined, false));

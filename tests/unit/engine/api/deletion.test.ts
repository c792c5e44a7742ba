// What a delete call makes of an object's finalizers, whether it says what becomes of dependents or not.
import { describe, expect, test } from 'vitest';
import { beginDeletion, type DeletionRequest } from '../../../../src-main/engine/api/deletion.ts';
import { replicaSetKind } from '../../../../src-main/engine/kinds/apps/replica-set.ts';
import { cronJobKind } from '../../../../src-main/engine/kinds/batch/cron-job.ts';
import { jobKind } from '../../../../src-main/engine/kinds/batch/job.ts';
import { namespaceKind } from '../../../../src-main/engine/kinds/core/namespace.ts';
import { replicationControllerKind } from '../../../../src-main/engine/kinds/core/replication-controller.ts';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';

/** The finalizers that keep it; null: it is gone. */
function check(kind: unknown, request: DeletionRequest, expected: readonly string[] | null, finalizers?: readonly string[]) {
  const metadata = { name: 'a', namespace: 'default', uid: 'a', ...(finalizers && { finalizers }) };
  const left = beginDeletion(kind as Kind, { metadata, status: {} } as unknown as ApiObject, request, 0);
  expect(left === null ? null : left.metadata.finalizers).toEqual(expected);
}

describe('a call that does not say', () => {
  test('leaves the pods of a Job', () => check(jobKind, {}, ['orphan']));
  test('and of a ReplicationController', () => check(replicationControllerKind, {}, ['orphan']));
  test('not those of a ReplicaSet', () => check(replicaSetKind, {}, null));
  test('nor the Jobs of a CronJob', () => check(cronJobKind, {}, null));
  test('goes by a finalizer that says it', () => check(jobKind, {}, ['foregroundDeletion'], ['foregroundDeletion']));
  test('keeps other finalizers', () => check(jobKind, {}, ['example.com/hold', 'orphan'], ['example.com/hold']));
});

describe('a call that says it', () => {
  test('Background', () => check(jobKind, { propagationPolicy: 'Background' }, null));
  test('Foreground', () => check(jobKind, { propagationPolicy: 'Foreground' }, ['foregroundDeletion']));
});

test('a namespace that is to go is told when, and no period', () => {
  const object = { kind: 'Namespace', metadata: { name: 'a', uid: 'a' }, spec: { finalizers: ['kubernetes'] }, status: {} };
  const { metadata } = beginDeletion(namespaceKind as unknown as Kind, object as unknown as ApiObject, {}, 0) as ApiObject;
  expect([metadata.deletionTimestamp, 'deletionGracePeriodSeconds' in metadata]).toEqual(['1970-01-01T00:00:00Z', false]);
});

// What is told of a pod that could not be deleted: an event, and a text for the condition ReplicaFailure; of one that is gone, nothing.
import { expect, test } from 'vitest';
import { deletePod, type PodControl } from '../../../../../src-main/engine/controllers/replica-set/pod-control.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { forbidden, notFound, type StatusError } from '../../../../../src-main/engine/meta/status-error.ts';

const pods = { group: '', resource: 'pods' };
const pod = { metadata: { name: 'web-1', namespace: 'default' } } as Pod;

function check(refusal: StatusError | null, expected: string | null, events: readonly string[]): void {
  const told: string[] = [];
  const client = {
    delete: () => {
      if (refusal !== null) throw refusal;
    },
  };
  const record = (_owner: unknown, type: string, reason: string, message: string) => told.push(`${type} ${reason}: ${message}`);
  const error = deletePod({ client, events: { record } } as unknown as PodControl, pod, pod);
  expect(error?.message ?? null).toBe(expected);
  expect(told).toEqual(events);
}

test('a pod that was deleted', () => check(null, null, ['Normal SuccessfulDelete: Deleted pod: web-1']));

test('a pod that is gone already', () => check(notFound(pods, 'web-1'), 'pods "web-1" not found', []));

test('a pod that may not be deleted', () => {
  const why = 'pods "web-1" is forbidden: not you';
  check(forbidden(pods, 'web-1', 'not you'), `unable to delete pods: ${why}`, [`Warning FailedDelete: Error deleting: ${why}`]);
});

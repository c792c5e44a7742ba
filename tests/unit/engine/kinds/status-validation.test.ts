// What the status of a workload may say, whoever writes it.
import { describe, expect, test } from 'vitest';
import { daemonSetKind } from '../../../../src-main/engine/kinds/apps/daemon-set.ts';
import { deploymentKind } from '../../../../src-main/engine/kinds/apps/deployment.ts';
import { replicaSetKind } from '../../../../src-main/engine/kinds/apps/replica-set.ts';
import { statefulSetKind } from '../../../../src-main/engine/kinds/apps/stateful-set.ts';
import { jobKind } from '../../../../src-main/engine/kinds/batch/job.ts';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import { ingressKind } from '../../../../src-main/engine/kinds/networking/ingress.ts';
import { podDisruptionBudgetKind } from '../../../../src-main/engine/kinds/policy/pod-disruption-budget.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';

function faults<T extends ApiObject>(kind: Kind<T>, next: object, previous: object = {}, spec: object = {}): readonly string[] {
  const object = (status: object) => ({ metadata: { name: 'a' }, spec, status }) as unknown as T;
  return (kind.validateStatus?.(object(next), object(previous)) ?? []).map(String);
}

const negative = (field: string, value = -1) => `status.${field}: Invalid value: ${value}: must be greater than or equal to 0`;

describe('counts', () => {
  test('a deployment that adds up', () =>
    expect(faults(deploymentKind, { replicas: 3, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 1 })).toEqual([]));
  test('no part is more than the whole, and a pod that is available is ready', () =>
    expect(faults(deploymentKind, { replicas: 1, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 3 })).toEqual([
      'status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
    ]));
  test('collisions are not forgotten', () =>
    expect(faults(deploymentKind, {}, { collisionCount: 2 })).toEqual(['status.collisionCount: Invalid value: 0: cannot be decremented']));
  test('a set of replicas', () =>
    expect(faults(replicaSetKind, { replicas: 1, fullyLabeledReplicas: 2, observedGeneration: -1 })).toEqual([
      negative('observedGeneration'),
      'status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]));
  test('a stateful set', () =>
    expect(faults(statefulSetKind, { replicas: 2, readyReplicas: 1, currentReplicas: 3, availableReplicas: 2 })).toEqual([
      'status.currentReplicas: Invalid value: 3: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas',
    ]));
  test('a daemon set', () =>
    expect(faults(daemonSetKind, { numberReady: -1, numberUnavailable: -2 })).toEqual([
      negative('numberReady'),
      negative('numberUnavailable', -2),
    ]));
});

describe('a disruption budget', () => {
  const condition = { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', lastTransitionTime: '2025-06-01T08:00:00Z' };
  test('a sound condition', () => expect(faults(podDisruptionBudgetKind, { conditions: [condition] })).toEqual([]));
  test('a condition twice, of which one says little', () =>
    expect(
      faults(podDisruptionBudgetKind, { expectedPods: -1, conditions: [condition, { type: 'DisruptionAllowed', status: 'Maybe' }] }),
    ).toEqual([
      'status.conditions[1].type: Duplicate value: "DisruptionAllowed"',
      'status.conditions[1].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      'status.conditions[1].lastTransitionTime: Required value: must be set',
      'status.conditions[1].reason: Required value: must be set',
      negative('expectedPods'),
    ]));
  test('a reason in several words', () =>
    expect(faults(podDisruptionBudgetKind, { conditions: [{ ...condition, reason: 'all well' }] })).toEqual([
      "status.conditions[0].reason: Invalid value: \"all well\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
    ]));
});

describe("an ingress' addresses", () => {
  const status = (...ingress: readonly object[]) => ({ loadBalancer: { ingress } });
  test('an address and a name', () => expect(faults(ingressKind, status({ ip: '10.0.0.1' }, { hostname: 'lb.example' }))).toEqual([]));
  test('each in the place of the other', () =>
    expect(faults(ingressKind, status({ ip: 'lb.example' }, { hostname: '10.0.0.1' }))).toEqual([
      'status.loadBalancer.ingress[0].ip: Invalid value: "lb.example": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]));
});

describe('a job', () => {
  const START = '2025-06-01T08:00:00Z';
  const END = '2025-06-01T08:05:00Z';
  const conditions = (...types: readonly string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });
  const complete = conditions('SuccessCriteriaMet', 'Complete');
  const check = (next: object, expected: readonly string[], previous: object = {}, spec: object = {}) =>
    expect(faults(jobKind, next, previous, spec)).toEqual(expected);

  test('one that is complete', () => check({ ...complete, startTime: START, completionTime: END }, []));
  test('one that is complete and has no end', () =>
    check({ ...complete, startTime: START }, ['status.completionTime: Required value: completionTime is required for Complete jobs']));
  test('one that ended before it began', () =>
    check({ ...complete, startTime: END, completionTime: START }, [
      'status.completionTime: Invalid value: time.Date(2025, time.June, 1, 8, 0, 0, 0, time.Local): completionTime cannot be set before startTime',
    ]));
  test('an end without completion', () =>
    check({ startTime: START, completionTime: END }, [
      'status.completionTime: Invalid value: time.Date(2025, time.June, 1, 8, 5, 0, 0, time.Local): cannot set completionTime when there is no Complete=True condition',
    ]));
  test('complete as well as failed, with pods left', () =>
    check(
      {
        ...conditions('Complete', 'Failed'),
        active: 1,
        terminating: 1,
        uncountedTerminatedPods: { failed: ['u', 'u'] },
        completionTime: END,
      },
      [
        'status.uncountedTerminatedPods.failed[1]: Duplicate value: "u"',
        'status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions',
        'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition',
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
        'status.active: Invalid value: 1: active>0 is invalid for finished job',
        'status.startTime: Required value: startTime is required for finished job',
        'status.uncountedTerminatedPods: Invalid value: batch.UncountedTerminatedPods{Succeeded:[]types.UID(nil), Failed:[]types.UID{"u", "u"}}: uncountedTerminatedPods needs to be empty for finished job',
        'status.terminating: Invalid value: 1: terminating>0 is invalid for finished job',
      ],
    ));
  test('what was wrong before and is left alone', () =>
    check({ ...conditions('Failed'), active: 1, failed: 1 }, [], { ...conditions('Failed'), active: 1 }));
  test('indexes that nobody has', () =>
    check(
      { completedIndexes: '0,7', failedIndexes: '0' },
      [
        'status.completedIndexes: Invalid value: "0,7": error parsing completedIndexes: too large index: "7"',
        'status.completedIndexes: Invalid value: "0,7": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
        'status.failedIndexes: Invalid value: "0": failedIndexes and completedIndexes overlap at index: 0',
      ],
      {},
      { completions: 5, completionMode: 'NonIndexed' },
    ));
  test('what was counted stays counted', () =>
    check(
      { failed: 0, succeeded: 1 },
      [
        'status.failed: Invalid value: 0: cannot decrease the failed counter',
        'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter',
      ],
      { failed: 1, succeeded: 2 },
    ));
  test('indexes that are scaled away are not counted', () =>
    check({ succeeded: 1 }, [], { succeeded: 2 }, { completionMode: 'Indexed', completions: 1, parallelism: 1 }));
  test('one that resumes begins anew', () => {
    const suspended = (status: string) => ({ conditions: [{ type: 'Suspended', status }] });
    check({ ...suspended('False'), startTime: END }, [], { ...suspended('True'), startTime: START });
    const fault = 'status.startTime: Required value: startTime cannot be removed for unsuspended job';
    check({ ...suspended('True'), startTime: END }, [fault], { ...suspended('True'), startTime: START });
  });
  test('one that wants nothing ends before it begins', () =>
    check({ ...complete, completionTime: END }, [], {}, { suspend: true, completions: 0 }));
  test('more ready than active', () =>
    check({ ready: 2, active: 1 }, ['status.ready: Invalid value: 2: cannot set more ready pods than active']));
  test('an end is not undone', () =>
    check(
      { startTime: END },
      [
        'status.conditions: Invalid value: cannot disable the terminal Failed=True condition',
        'status.startTime: Required value: startTime cannot be removed for unsuspended job',
      ],
      { ...conditions('Failed'), startTime: START },
    ));
});

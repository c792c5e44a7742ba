import { expect, test } from 'vitest';
import { withoutZeroFields, withZeroFields } from '../../../../src-main/engine/kinds/zero-fields.ts';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';

/** What is shown of a value; sent back, it is no change. */
function check(type: string, value: JsonObject, expected: JsonObject): void {
  const shown = withZeroFields(type, value);
  expect(shown).toEqual(expected);
  expect(withoutZeroFields(type, shown, value)).toEqual(value);
}

test('times that are not known, and parts that are empty', () =>
  check(
    'core.PodStatus',
    {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: 'x' }],
      containerStatuses: [{ name: 'a', state: { running: {} } }],
    },
    {
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: 'x', lastProbeTime: null }],
      containerStatuses: [
        { name: 'a', state: { running: { startedAt: null } }, lastState: {}, ready: false, restartCount: 0, image: '', imageID: '' },
      ],
    },
  ));
test('templates within templates', () =>
  check(
    'batch.CronJobSpec',
    { schedule: '@daily', jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
    {
      schedule: '@daily',
      jobTemplate: {
        metadata: { creationTimestamp: null },
        spec: { template: { metadata: { creationTimestamp: null }, spec: { containers: [] } } },
      },
    },
  ));
test('an object without anything', () =>
  check('core.Service', {}, { metadata: { creationTimestamp: null }, spec: {}, status: { loadBalancer: {} } }));
test('amounts', () => check('core.ResourceFieldSelector', { resource: 'limits.cpu' }, { resource: 'limits.cpu', divisor: '0' }));
test('nothing is missing', () => {
  const value: JsonObject = { name: 'a', image: 'b', resources: {} };
  expect(withZeroFields('core.Container', value)).toBe(value);
});
test('what was set before, and is changed to nothing, is a change', () =>
  expect(withoutZeroFields('apps.StatefulSetSpec', { serviceName: '' }, { serviceName: 'db' })).toEqual({ serviceName: '' }));

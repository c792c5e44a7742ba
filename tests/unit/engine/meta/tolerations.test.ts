import { expect, test } from 'vitest';
import {
  matchingTolerations,
  mergeTolerations,
  type Taint,
  type Toleration,
  untoleratedTaint,
} from '../../../../src-main/engine/meta/tolerations.ts';

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
const forNotReady: Toleration = { key: notReady.key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
const forAll: Toleration = { operator: 'Exists' };

function check(taints: readonly Taint[], tolerations: readonly Toleration[], expected: readonly Toleration[] | undefined): void {
  expect(matchingTolerations(taints, tolerations)).toEqual(expected);
}

test('no taints', () => check([], [], []));
test('the first toleration that fits', () => check([notReady], [forNotReady, forAll], [forNotReady]));
test('one for each taint', () => check([notReady, unreachable], [forNotReady, forAll], [forNotReady, forAll]));
test('one taint is not covered', () => check([notReady, unreachable], [forNotReady], undefined));
test('an unknown operator covers nothing', () => check([notReady], [{ ...forNotReady, operator: 'Near' }], undefined));
test('the taint that stops a pod is the first that counts', () => {
  const soft: Taint = { key: 'soft', effect: 'PreferNoSchedule' };
  expect(untoleratedTaint([soft, unreachable, notReady], [], (taint) => taint.effect === 'NoExecute')).toBe(unreachable);
});

// upstream: pkg/util/tolerations/tolerations_test.go TestMergeTolerations
const gone: Toleration = { key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoExecute' };
test.each<[string, readonly Toleration[], readonly Toleration[], readonly Toleration[]]>([
  ['nothing', [], [], []],
  ['others', [forNotReady], [gone], [forNotReady, gone]],
  ['equal ones', [gone, forNotReady], [{ ...gone }], [gone, forNotReady]],
  ['one that another one covers', [gone], [{ key: 'foo', operator: 'Exists' }], [{ key: 'foo', operator: 'Exists' }]],
  ['those that one for all covers', [forAll, gone], [forNotReady], [forAll]],
  ['one for a while, and one for ever', [{ ...gone, tolerationSeconds: 10 }], [gone], [gone]],
  ['two values', [gone], [{ ...gone, value: 'qux' }], [gone, { ...gone, value: 'qux' }]],
])('merged: %s', (_name, first, second, expected) => expect(mergeTolerations(first, second)).toEqual(expected));

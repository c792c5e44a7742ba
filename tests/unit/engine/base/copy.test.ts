import { expect, test } from 'vitest';
import { copy } from '../../../../src-main/engine/base/copy.ts';
import { freeze } from '../../../../src-main/engine/base/freeze.ts';

test('a copy is equal and independent', () => {
  const memory = { list: [1, { a: null as number | null }], text: 'x' };
  const copied = copy(memory);
  expect(copied).toEqual(memory);
  (memory.list[1] as { a: number | null }).a = 5;
  expect(copied.list[1]).toEqual({ a: null });
});

test('frozen parts are shared, what holds them is not', () => {
  const pod = freeze({ metadata: { name: 'web' } });
  const memory = { pods: [pod] };
  const copied = copy(memory);
  expect(copied.pods).not.toBe(memory.pods);
  expect(copied.pods[0]).toBe(pod);
});

test('freezing reaches every part', () => {
  const pod = freeze({ spec: { containers: [{ name: 'app' }] } });
  expect(() => {
    (pod.spec.containers[0] as { name: string }).name = 'other';
  }).toThrow(TypeError);
});

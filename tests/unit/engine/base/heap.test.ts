import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap, type HeapItem } from '../../../../src-main/engine/base/heap.ts';

type Step = { readonly push: number; readonly rank?: string } | { readonly pop: true } | { readonly remove: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ push: fc.nat(20), rank: fc.constantFrom('', '', 'a', 'b') }) },
  { weight: 3, arbitrary: fc.constant({ pop: true } as const) },
  { weight: 3, arbitrary: fc.record({ remove: fc.nat(1000) }) },
);

/** The heap against a list that is sorted anew each time. */
function check(steps: readonly Step[]): void {
  const heap = new Heap<HeapItem>();
  let sorted: HeapItem[] = [];
  steps.forEach((one, sequence) => {
    if ('push' in one) {
      const item = { dueMs: one.push, rank: one.rank ?? '', sequence, position: -1 };
      heap.push(item);
      sorted = [...sorted, item].sort(
        (a, b) => a.dueMs - b.dueMs || (a.rank === b.rank ? a.sequence - b.sequence : a.rank < b.rank ? -1 : 1),
      );
    } else if ('pop' in one) expect(heap.pop()).toBe(sorted.shift());
    else if (sorted.length > 0) {
      const [item] = sorted.splice(one.remove % sorted.length, 1);
      heap.remove(item as HeapItem);
      heap.remove(item as HeapItem);
    }
    expect(heap.peek()).toBe(sorted[0]);
    expect(heap.size).toBe(sorted.length);
  });
  expect(new Set(heap.values())).toEqual(new Set(sorted));
  const rest = sorted.map(() => heap.pop());
  expect(rest).toEqual(sorted);
  expect(heap.pop()).toBeUndefined();
}

test('any pushes, pops and removals agree with a sorted list', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 120 }), check), { numRuns: 300 });
});

test('what is due together comes in order of sequence', () => check([{ push: 5 }, { push: 5 }, { push: 5 }, { pop: true }, { pop: true }]));

import { expect, test } from 'vitest';
import { PodSlots } from '../../../src-renderer/scene/layouts/pod-slots.ts';

const DENSITIES = [
  { columns: 2, rows: 2, pitchX: 50, pitchY: 10, size: 8, named: true },
  { columns: 4, rows: 2, pitchX: 10, pitchY: 10, size: 8, named: false },
];

/** `+a` adds a pod, `-a` removes it, `settle` lets a waiting room close up; expected: who is at each place, places of ghosts, pods without a place. */
function check(
  steps: string,
  expected: { at: string; ghosts?: readonly number[]; hidden?: number; named?: boolean },
  leavesGhosts = true,
): void {
  const slots = new PodSlots(DENSITIES, leavesGhosts);
  for (const step of steps.split(' ')) {
    if (step === 'settle') slots.settle();
    else if (step.startsWith('+')) slots.add(step.slice(1));
    else slots.remove(step.slice(1));
  }
  const at = Array.from({ length: 12 }, (_, slot) => slots.keyAt(slot) ?? '.')
    .join('')
    .replace(/\.+$/, '');
  expect({ at, ghosts: slots.ghosts().map(({ slot }) => slot), hidden: slots.hidden, named: slots.density.named }).toEqual({
    ghosts: [],
    hidden: 0,
    named: true,
    ...expected,
  });
}

test('a pod takes the next place and keeps it', () => check('+a +b +c', { at: 'abc' }));
test('a dead pod leaves a ghost and nobody moves', () => check('+a +b +c -b', { at: 'a.c', ghosts: [1] }));
test('a new pod prefers a place that nobody had', () => check('+a +b -a +c', { at: '.bc', ghosts: [0] }));
test('the oldest ghost makes room when all places were used', () => check('+a +b +c +d -b -a +e', { at: '.ecd', ghosts: [0] }));
test('the picture gets denser rather than losing a pod', () => check('+a +b +c +d +e', { at: 'abcde', named: false }));
test('what has no place at the highest density is counted', () =>
  check('+a +b +c +d +e +f +g +h +i +j', { at: 'abcdefghij', hidden: 2, named: false }));
test('in a waiting room the first free place is taken', () => check('+a +b +c -a +d', { at: 'dbc' }, false));
test('in a waiting room those who are left close up once half of the places are free, and have their names back', () => {
  check('+a +b +c +d +e -a settle', { at: '.bcde', named: false }, false);
  check('+a +b +c +d +e -a -b -d settle', { at: 'ce', named: true }, false);
  check('+a +b -a -b settle +c', { at: 'c' }, false);
});
test('on a node nobody closes up', () => check('+a +b +c -a -b settle', { at: '..c', ghosts: [0, 1] }));
test('the same pod twice is one', () => check('+a +a', { at: 'a' }));

test('names run on while no column to their right was used, and the first column never moves', () => {
  const slots = new PodSlots(DENSITIES);
  for (const key of ['a', 'b']) slots.add(key);
  const before = [slots.box(0), slots.box(1)];
  expect(slots.nameWidth).toBe(100);
  slots.add('c');
  expect([slots.box(0), slots.box(1)]).toEqual(before);
  expect(slots.nameWidth).toBe(50);
  expect(slots.at(55, 3)).toBe(2);
});

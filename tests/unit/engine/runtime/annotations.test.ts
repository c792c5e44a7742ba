import { expect, test } from 'vitest';
import { tellSame } from '../../../../src-main/engine/runtime/annotations.ts';

type Annotations = Parameters<typeof tellSame>[0];

test.each<[string, Annotations, Annotations, boolean]>([
  ['none at all', undefined, undefined, true],
  ['only what others write', undefined, { 'agent.example/seen': '1' }, true],
  [
    'what others write changes',
    { 'agent.example/seen': '1', 'orrery.dev/processes': '2' },
    { 'agent.example/seen': '2', 'orrery.dev/processes': '2' },
    true,
  ],
  ['one comes', {}, { 'orrery.dev/processes': '2' }, false],
  ['one goes', { 'orrery.dev/processes.web': '2' }, undefined, false],
  ['one changes', { 'orrery.dev/processes': '2' }, { 'orrery.dev/processes': '3' }, false],
])('%s', (_what, one, other, expected) => {
  expect(tellSame(one, other)).toBe(expected);
  expect(tellSame(other, one)).toBe(expected);
});

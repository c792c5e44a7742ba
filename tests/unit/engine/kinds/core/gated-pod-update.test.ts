// What may change of a pod's place while gates keep it from the scheduler, and that nothing may once they are gone.
import { expect, test } from 'vitest';
import type { PodSpec } from '../../../../../src-main/engine/kinds/core/pod-spec.ts';
import { validatePodSpecUpdate } from '../../../../../src-main/engine/kinds/core/pod-update.ts';

const zone = { key: 'zone', operator: 'In', values: ['a', 'b'] };
const disk = { key: 'disk', operator: 'Exists' };
const required = (...terms: readonly object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
});
const preferred = {
  affinity: {
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [disk] } }] },
  },
};
const spread = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] } };

function check(before: object, after: object, expected: readonly string[], gates = [{ name: 'example.com/wait' }]): void {
  const specOf = (more: object) =>
    ({ containers: [{ name: 'app', image: 'nginx' }], schedulingGates: gates, ...more }) as unknown as PodSpec;
  const errors = validatePodSpecUpdate(specOf(after), specOf(before));
  expect(errors.map((error) => `${error.field}: ${error.detail.split('\n')[0]}`)).toEqual(expected);
}

const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const ADDITIONS = 'only additions are allowed (no mutations or deletions)';
const FROZEN = expect.stringMatching(/^spec: pod updates may not change fields other than/) as unknown as string;

test.each<[string, object, object, readonly string[]]>([
  ['a label more', { nodeSelector: { a: '1' } }, { nodeSelector: { a: '1', b: '2' } }, []],
  ['a first label', {}, { nodeSelector: { b: '2' } }, []],
  [
    'another label',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { a: '2' } },
    ['spec.nodeSelector: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
  ],
  ['a first affinity', {}, required({ matchExpressions: [zone] }), []],
  ['a requirement more', required({ matchExpressions: [zone] }), required({ matchExpressions: [zone, disk] }), []],
  ['another requirement', required({ matchExpressions: [zone] }), required({ matchExpressions: [disk] }), [`${TERMS}[0]: ${ADDITIONS}`]],
  [
    'another order',
    required({ matchExpressions: [zone, disk] }),
    required({ matchExpressions: [disk, zone] }),
    [`${TERMS}[0]: ${ADDITIONS}`],
  ],
  [
    'a term more',
    required({ matchExpressions: [zone] }),
    required({ matchExpressions: [zone] }, { matchExpressions: [disk] }),
    [`${TERMS}: no additions/deletions to non-empty NodeSelectorTerms list are allowed`],
  ],
  [
    'no affinity any more',
    required({ matchExpressions: [zone] }),
    {},
    [`${TERMS}: no additions/deletions to non-empty NodeSelectorTerms list are allowed`],
  ],
  ['a term that fits no node', required({}), required({ matchExpressions: [zone] }), [`${TERMS}[0]: ${ADDITIONS}`]],
  ['preferences', preferred, {}, []],
  ['beside an affinity to pods', { affinity: spread }, { affinity: { ...spread, ...required({ matchExpressions: [zone] }).affinity } }, []],
  ['an affinity to pods', {}, { affinity: spread }, [FROZEN]],
])('%s', (_name, before, after, expected) => check(before, after, expected));

test('without gates nothing may', () => check({ nodeSelector: { a: '1' } }, { nodeSelector: { a: '1', b: '2' } }, [FROZEN], []));

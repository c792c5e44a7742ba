// Nothing that the lab knows is left out: the campaign's commands touch each kind, and strike with each failure.
import { expect, test } from 'vitest';
import { failureKinds } from '../../src-main/engine/failures/registry.ts';
import { kindKey, splitApiVersion } from '../../src-main/engine/kinds/kind.ts';
import { kinds } from '../../src-main/engine/kinds/registry.ts';
import { type Action, makePlan } from './plan.ts';

const SEEDS = 400;
const actions = Array.from({ length: SEEDS }, (_none, seed) => makePlan(seed).actions).flat();

function touched(action: Action): string {
  if (action.what === 'apply') {
    const { apiVersion, kind } = action.object as { readonly apiVersion: string; readonly kind: string };
    return kindKey({ group: splitApiVersion(apiVersion).group, kind });
  }
  return 'kind' in action ? action.kind : '';
}

test('each kind is touched by commands of random worlds', () => {
  const known = new Set(actions.map(touched));
  expect(kinds.map(kindKey).filter((key) => !known.has(key))).toEqual([]);
});

test('each failure strikes random worlds', () => {
  const known = new Set(actions.map((action) => (action.what === 'fail' ? action.failure : '')));
  expect(failureKinds.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

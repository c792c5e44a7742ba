// Plans that once failed, made small: each found a fault that is mended.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Plan } from './plan.ts';
import { faultOf } from './run.ts';

const folder = new URL('regressions/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const { was, plan } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { readonly was: string; readonly plan: Plan };
  test(`${file}: ${was}`, () => expect(faultOf(plan)).toBeNull());
}

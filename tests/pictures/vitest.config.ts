// Takes the README's pictures anew: `npm run pictures`. The story itself is one of the browser's tests, which compares them in each run.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'pictures',
    include: ['tests/e2e/pictures.test.ts'],
    env: { ORRERY_PICTURES: 'keep' },
    testTimeout: 120_000,
    expect: { poll: { timeout: 20_000, interval: 30 } },
  },
});

// Measures the window: `npm run bench:window`. Nothing else should run beside it.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { name: 'bench', include: ['tests/bench/*.test.ts'], testTimeout: 300_000, hookTimeout: 60_000 },
});

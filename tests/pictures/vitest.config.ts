// Takes the README's pictures: `npm run pictures`. They are made from the running program, so they show what it really does.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { name: 'pictures', include: ['tests/pictures/*.test.ts'], testTimeout: 120_000 },
});

// Stands in the place of the tests that need a browser on a machine that has none, so that the report says what did not run and why.
import { test } from 'vitest';
import { NO_CHROMIUM } from './find-chromium.ts';

console.warn(`SKIPPED: all tests that drive the window in a browser (${NO_CHROMIUM})`);
test.skip(`the window in a browser: ${NO_CHROMIUM}`, () => {});

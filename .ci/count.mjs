// Prints `N passed, N failed` from vitest's JSON reports: node .ci/count.mjs <directory> <report...> -- <failed step...>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory, ...rest] = process.argv.slice(2);
const split = rest.indexOf('--');
const reports = rest.slice(0, split);
const steps = rest.slice(split + 1).filter(Boolean);

let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of reports) {
  let report;
  try {
    report = JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
  } catch {
    console.log(`no report of: npm run ${name.replace('-', ':')}`);
    failed += 1;
    continue;
  }
  const before = failed;
  for (const file of report.testResults) {
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else if (status === 'failed') {
        failed += 1;
        console.log(`failed: ${fullName}`);
      } else skipped += 1;
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
      failed += 1;
      console.log(`failed to run: ${file.name} ${file.message ?? ''}`);
    }
  }
  if (!report.success && failed === before) failed += 1; // an error outside of any test
}
const counted = { tests: 'test', packaging: 'test-package' };
for (const step of steps) {
  console.log(`step failed: ${step}`);
  if (!Object.hasOwn(counted, step) || failed === 0) failed += 1; // the failures of a test step are counted above
}
if (passed === 0 && failed === 0) failed = 1;
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

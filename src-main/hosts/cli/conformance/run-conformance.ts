// Runs conformance cases against the code the lab runs: an outside authority for every rule of Kubernetes it claims.
import type { ConformanceCase, ConformanceFile } from './case-file.ts';
import { type Comparator, compareWhole } from './compare.ts';

/** Shapes one case's `given` for the engine and the engine's answer for the table. It holds no rule of Kubernetes. */
export type Run = (given: never) => unknown;

/** A plain function is compared whole; a suite whose `about` says otherwise brings its comparator. */
export type SuiteRunner = Run | { readonly run: Run; readonly compare: Comparator };

export interface CaseFailure {
  readonly id: string;
  readonly differences: readonly string[];
}

export interface SuiteReport {
  readonly suite: string;
  readonly passed: number;
  readonly total: number;
  readonly failures: readonly CaseFailure[];
}

export interface ConformanceReport {
  readonly passed: number;
  readonly failed: number;
  readonly suites: readonly SuiteReport[];
}

export type Suites = Readonly<Record<string, SuiteRunner>>;

/** Runs every case. A suite without a runner fails as a whole: it is never skipped. */
export function runConformance(files: readonly ConformanceFile[], suites: Suites): ConformanceReport {
  const reports = files.map((file) => runSuite(file, Object.hasOwn(suites, file.suite) ? suites[file.suite] : undefined));
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  const total = reports.reduce((sum, report) => sum + report.total, 0);
  return { passed, failed: total - passed, suites: reports };
}

function runSuite({ suite, cases }: ConformanceFile, runner: SuiteRunner | undefined): SuiteReport {
  const failures = cases
    .map((entry) => ({ id: entry.id, differences: runner === undefined ? ['no runner for this suite yet'] : runCase(entry, runner) }))
    .filter(({ differences }) => differences.length > 0);
  return { suite, passed: cases.length - failures.length, total: cases.length, failures };
}

// A runner that throws has failed its case; the others still run, and the report says what was thrown.
function runCase({ given, expect }: ConformanceCase, runner: SuiteRunner): readonly string[] {
  const { run, compare } = typeof runner === 'function' ? { run: runner, compare: compareWhole } : runner;
  try {
    return compare(run(given as never), expect);
  } catch (error) {
    return [`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}

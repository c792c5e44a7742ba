// `orrery conformance`: finds case files, runs them and prints one line per suite, so that anybody can check the lab against Kubernetes' tables.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNamedFile, requireWritable, writeNamedFile } from '../named-file.ts';
import { UsageError } from '../usage-error.ts';
import { type ConformanceFile, readCaseFile } from './case-file.ts';
import { type ConformanceReport, runConformance, type SuiteReport } from './run-conformance.ts';
import { suites } from './suites.ts';

export interface ConformanceOptions {
  /** A file for the whole report. */
  readonly json?: string;
}

/** The exit code: 0 all passed, 1 some failed. Throws UsageError for what cannot be used. */
export function conformanceCommand(paths: readonly string[], options: ConformanceOptions = {}, print = console.log): 0 | 1 {
  const { json } = options;
  if (json !== undefined) requireWritable(json);
  const report = runConformance(paths.flatMap(findCaseFiles).map(readFile), suites);
  if (json !== undefined) writeNamedFile(json, `${JSON.stringify(report, null, 2)}\n`);
  for (const line of reportLines(report)) print(line);
  return report.failed === 0 ? 0 : 1;
}

/** The case files under a path, in the order of their names. */
function findCaseFiles(path: string): readonly string[] {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isDirectory) return [path];
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const names = entries.filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new UsageError(`there are no case files (*.json) in ${path}`);
  return names.map((name) => join(path, name));
}

function readFile(name: string): ConformanceFile {
  const file = readCaseFile(readNamedFile(name));
  if ('error' in file) throw new UsageError(`cannot use ${name}: ${file.error}`);
  return file;
}

/** The report as text: failed cases below their suite, the sums at the end. */
export function reportLines({ suites, passed, failed }: ConformanceReport): readonly string[] {
  return [...suites.flatMap(suiteLines), `${passed} passed, ${failed} failed`];
}

function suiteLines({ suite, passed, total, failures }: SuiteReport): readonly string[] {
  const head = `${suite} ${passed}/${total}`;
  const [first] = failures;
  const same =
    first !== undefined && failures.length === total && failures.every(({ differences }) => differences[0] === first.differences[0]);
  if (same) return [`${head}: ${first.differences[0] ?? ''}`];
  return [head, ...failures.flatMap(({ id, differences }) => differences.map((difference) => `  ${id}: ${difference}`))];
}

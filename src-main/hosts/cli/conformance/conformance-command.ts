// `orrery conformance`: finds case files, runs them and prints one line per suite, so that anybody can check the lab against Kubernetes' tables.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConformanceFile, readCaseFile } from './case-file.ts';
import { type ConformanceReport, runConformance, type SuiteReport } from './run-conformance.ts';
import { suites } from './suites.ts';

export interface ConformanceOptions {
  /** A file for the whole report. */
  readonly json?: string;
}

export interface Output {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

const terminal: Output = { print: (line) => console.log(line), complain: (line) => console.error(line) };

/** The exit code: 0 all passed, 1 some failed, 2 the input cannot be used. */
export function conformanceCommand(paths: readonly string[], options: ConformanceOptions = {}, output: Output = terminal): 0 | 1 | 2 {
  const loaded = loadFiles(paths);
  if ('error' in loaded) {
    output.complain(loaded.error);
    return 2;
  }
  const report = runConformance(loaded.files, suites);
  if (options.json !== undefined) {
    const error = writeReport(options.json, report);
    if (error !== undefined) {
      output.complain(error);
      return 2;
    }
  }
  for (const line of reportLines(report)) output.print(line);
  return report.failed === 0 ? 0 : 1;
}

/** The case files under the paths, in the order of the paths and of the names in a directory. */
function loadFiles(paths: readonly string[]): { readonly files: readonly ConformanceFile[] } | { readonly error: string } {
  if (paths.length === 0) return { error: 'conformance: name at least one case file or a directory of case files' };
  const files: ConformanceFile[] = [];
  for (const path of paths) {
    const found = findCaseFiles(path);
    if ('error' in found) return found;
    for (const name of found.names) {
      const file = readFile(name);
      if ('error' in file) return file;
      files.push(file);
    }
  }
  return { files };
}

function findCaseFiles(path: string): { readonly names: readonly string[] } | { readonly error: string } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { error: `conformance: no such file or directory: ${path}` };
  if (!stats.isDirectory()) return { names: [path] };
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const names = entries
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
  return names.length > 0 ? { names } : { error: `conformance: no case files (*.json) in ${path}` };
}

function readFile(name: string): ConformanceFile | { readonly error: string } {
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    return { error: `conformance: cannot read ${name}: ${reason(error)}` };
  }
  const file = readCaseFile(text);
  return 'error' in file ? { error: `conformance: cannot use ${name}: ${file.error}` } : file;
}

function writeReport(name: string, report: ConformanceReport): string | undefined {
  try {
    writeFileSync(name, `${JSON.stringify(report, null, 2)}\n`);
    return undefined;
  } catch (error) {
    return `conformance: cannot write ${name}: ${reason(error)}`;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

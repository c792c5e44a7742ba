// Kubernetes' own test tables, run by the code the lab runs: the outside authority for every rule it claims to follow.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ConformanceFile, readCaseFile } from '../../src-main/hosts/cli/conformance/case-file.ts';
import { type ConformanceReport, runConformance } from '../../src-main/hosts/cli/conformance/run-conformance.ts';
import { suites } from '../../src-main/hosts/cli/conformance/suites.ts';

const folder = new URL('cases/', import.meta.url);
const names = readdirSync(folder).sort();
const files = names.map(load);

function load(name: string): ConformanceFile {
  const file = readCaseFile(readFileSync(new URL(name, folder), 'utf8'));
  if ('error' in file) throw new Error(`${name}: ${file.error}`);
  return file;
}

function failures(file: ConformanceFile): readonly string[] {
  const [suite] = (runConformance([file], suites) as ConformanceReport).suites;
  return suite!.failures.flatMap(({ id, differences }) => differences.map((difference) => `${id}: ${difference}`));
}

describe('conformance', () => {
  for (const file of files) {
    test(`${file.suite}: ${file.cases.length} cases`, () => expect(failures(file)).toEqual([]));
  }
});

test('every suite that has a runner has its cases here, in a file of its name', () => {
  expect(files.map(({ suite }) => `${suite}.json`)).toEqual(names);
  expect(files.map(({ suite }) => suite).sort()).toEqual(Object.keys(suites).sort());
  expect(files.filter(({ cases }) => cases.length === 0)).toEqual([]);
});

// A map of the code that misses a folder, or names one that is gone, misleads whoever reads it first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read, sources } from './source.ts';

/** Where a map is, and the depth of folders below it that have a sentence each. */
const MAPS: readonly (readonly [string, readonly string[]])[] = [
  ['src-main', ['', 'engine', 'hosts']],
  ['src-renderer', ['']],
];

const folderRow = /^\|\s*`?([\w./-]+)\/`?\s*\|\s*(\S.{15,}?)\s*\|/;

/** Folders that hold source, as a map names them: `engine/api`. */
function folders(top: string, parents: readonly string[]): readonly string[] {
  return parents.flatMap((parent) =>
    readdirSync(join(ROOT, top, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => (parent === '' ? name : `${parent}/${name}`))
      .filter((folder) => sources(`${top}/${folder}`, ['.ts', '.svelte', '.mjs', '.json']).length > 0),
  );
}

test.for(MAPS)('%s/README.md has a sentence for every folder, and none for others', ([top, parents]) => {
  const rows = readFileSync(join(ROOT, top, 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => folderRow.exec(line)?.[1] ?? []);
  expect(rows.toSorted()).toEqual(folders(top, parents).toSorted());
});

/** The pictures of tests/golden are written by it; the program draws on a canvas. */
const FOR_TESTS: ReadonlySet<string> = new Set(['src-renderer/scene/to-svg.ts']);

const pages = (): string =>
  ['index.html', 'gallery/index.html'].map((page) => readFileSync(join(ROOT, 'src-renderer', page), 'utf8')).join('');

test('every source file is reached from where the program starts', () => {
  const files = [...sources('src-main'), ...sources('src-renderer')];
  const starts = read('electron.config.ts').text + read('package.json').text + pages();
  const imported = new Set(files.flatMap((file) => file.imports.map(({ path }) => path)));
  const isStart = (path: string): boolean => starts.includes(path) || starts.includes(path.split('/').slice(1).join('/'));
  expect(files.map(({ path }) => path).filter((path) => !imported.has(path) && !isStart(path) && !FOR_TESTS.has(path))).toEqual([]);
});

// How code is written, as far as a machine can tell: what the engine must not use, how long files are, what they are called and how they begin.
import { expect, test } from 'vitest';
import { type SourceFile, sources } from './source.ts';

const FILE_LINES_MAX = 500;
const FORBIDDEN_NAMES = /(^|-)(utils?|helpers?|managers?|common|misc|index)(\.|$)/;

/** What would make a world depend on the machine it runs on. */
const ENGINE_BANS: readonly (readonly [RegExp, string])[] = [
  [/\bnew Date\b|\bDate\.(now|parse|UTC)\b/, 'the machine has a clock, the world has its own'],
  [/\bMath\.random\b/, 'chance is seeded'],
  [
    /\bMath\.(exp|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt)\b/,
    'floating transcendental functions differ between engines',
  ],
  [/\blocaleCompare\b|\btoLocale\w+\b|\bIntl\b/, 'locales differ between machines'],
  [/\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bqueueMicrotask\b/, 'the engine is synchronous'],
  [/\bimport\.meta\b|\bprocess\.(env|argv|exit|nextTick|hrtime|platform|std\w+)\b|\bglobalThis\b/, 'the engine knows no surroundings'],
];

/** Code without comments and texts, so that words in them do not count. */
function code(file: SourceFile): readonly string[] {
  return file.text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').replace(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''"));
}

const everything = (): readonly SourceFile[] => [...sources('src-main'), ...sources('src-renderer')];

test('the engine uses nothing that differs from run to run', () => {
  const faults = sources('src-main/engine').flatMap((file) =>
    code(file).flatMap((line, index) =>
      ENGINE_BANS.filter(([ban]) => ban.test(line)).map(([, why]) => `${file.path}:${index + 1} ${line.trim()}: ${why}`),
    ),
  );
  expect(faults).toEqual([]);
});

test('no file is longer than the cap', () => {
  const long = everything().filter((file) => file.lines.length > FILE_LINES_MAX);
  expect(long.map((file) => `${file.path}: ${file.lines.length} lines`)).toEqual([]);
});

test('files are named in kebab case after what they hold', () => {
  const name = (file: SourceFile): string => file.path.slice(file.path.lastIndexOf('/') + 1);
  const wrong = everything().filter(
    (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(chart|svelte|test|d))*\.(ts|svelte)$/.test(name(file)) || FORBIDDEN_NAMES.test(name(file)),
  );
  expect(wrong.map((file) => file.path)).toEqual([]);
});

test('a module begins by saying what it is and why', () => {
  const silent = sources('src-main', ['.ts']).filter((file) => !/^(\/\/ \S|\/\*\*)/.test(file.text.replace(/^#!.*\n/, '')));
  expect(silent.map((file) => file.path)).toEqual([]);
});

test('no error is swallowed', () => {
  const empty = everything().filter((file) => /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(file.text));
  expect(empty.map((file) => file.path)).toEqual([]);
});

test('exports have names', () => {
  const unnamed = sources('src-main', ['.ts']).filter((file) => /^export default/m.test(file.text));
  expect(unnamed.map((file) => file.path)).toEqual([]);
});

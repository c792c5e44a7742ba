// A function that does not fit on a screen cannot be judged at a glance.
import ts from 'typescript';
import { expect, test } from 'vitest';
import { type SourceFile, sources } from './source.ts';

const FUNCTION_LINES_MAX = 70;

/** Length by name of every function with a body; what holds others, such as a test's `describe`, does not occur in sources. */
function longFunctions({ path, text }: SourceFile): readonly string[] {
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  const long: string[] = [];
  const lineOf = (position: number): number => parsed.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const lines = lineOf(node.end) - lineOf(node.getStart(parsed)) + 1;
      if (lines > FUNCTION_LINES_MAX) long.push(`${path}:${lineOf(node.getStart(parsed)) + 1}: ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return long;
}

test('no function is longer than the cap', () => {
  const files = [...sources('src-main', ['.ts']), ...sources('src-renderer', ['.ts'])];
  // Shorter files cannot hold one, and parsing takes its time.
  expect(files.filter(({ lines }) => lines.length > FUNCTION_LINES_MAX).flatMap(longFunctions)).toEqual([]);
}, 60_000);

import { expect, test } from 'vitest';
import { yamlLines } from '../../../src-renderer/panels/inspector/yaml-lines.ts';

test('YAML is cut without losing a character', () => {
  const text =
    'metadata:\n  name: web # the name\n  labels: {}\nspec:\n  ports:\n    - port: 80\n      host: "a: b"\n  note: |-\n    free: text\n';
  const lines = yamlLines(text);
  expect(`${lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')}\n`).toBe(text);
  expect(lines[5]?.map(({ kind, text: part }) => `${kind} ${part.trim()}`)).toEqual(['plain -', 'key port', 'plain :', 'number 80']);
});

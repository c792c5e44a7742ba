// What the lab answers when somebody asks why, as text in the words of the window.
import { expect } from 'vitest';
import { whyOf } from '../../../src-main/session/why/registry.ts';
import { namesInWords, type Speech, sentence } from '../../../src-renderer/panels/why/sentence.ts';
import type { TestCluster } from '../../support/test-cluster.ts';
import { clock, english, hasWords } from './english.ts';

const speech: Speech = { t: english, span: (ms) => `${ms / 1000} s`, stopwatch: clock };

/** Every answer as text: `question: sentence [names] <seconds left>`. `kind` as `kubectl` knows it; the first object whose key begins so. */
export function check(cluster: TestCluster, kind: string, prefix: string, expected: readonly (string | RegExp)[]): void {
  const name = cluster.kind(kind);
  const key = name.group === '' ? name.kind : `${name.kind}.${name.group}`;
  const [, object] = [...cluster.world.store.table(key)].find(([candidate]) => candidate.startsWith(prefix)) ?? [];
  if (object === undefined) throw new Error(`no ${kind} ${prefix}`);
  const told = whyOf(cluster.world, key, object).flatMap(({ question, lines }) =>
    lines.map((line) => {
      const text = sentence(question, line, speech).map((piece) => piece.text);
      const names = line.names.length > 0 ? ` [${namesInWords(line.names, speech)}]` : '';
      const left = line.dueMs === null ? '' : ` <${Math.round((line.dueMs - cluster.nowMs) / 1000)} s>`;
      return `${question}: ${text.join('')}${names}${left}`;
    }),
  );
  const matched = expected.map((wanted, at) => (wanted instanceof RegExp && wanted.test(told[at] ?? '') ? told[at] : wanted));
  expect(told).toEqual(matched);
  expect(whyOf(cluster.world, key, object).filter(({ question }) => !hasWords(`why.${question}`))).toEqual([]);
}

export const pod = (name: string, spec: string, labels = `{ app: ${name} }`): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: default, labels: ${labels} }\nspec: ${spec}\n`;

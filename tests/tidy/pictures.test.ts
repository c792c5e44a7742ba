// The README shows the pictures that the tests take, all of them, and each lies beside the words of the very run that it was taken in.
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keptPicture, PICTURES } from '../support/readme-pictures.ts';
import { read } from './source.ts';

const shown = [...read('README.md').text.matchAll(/!\[[^\]]{20,}\]\(assets\/pictures\/([\w-]+)\.png\)/g)].map(([, name]) => name ?? '');

test('the pictures of the README are those that are taken', () => {
  const files = shown.flatMap((name) => [`${name}.png`, `${name}.txt`]);
  expect(readdirSync(PICTURES).toSorted()).toEqual(files.toSorted());
});

test.for(shown)('%s: picture and words are of one run', (name) => {
  expect(keptPicture(name).isOfWords).toBe(true);
});

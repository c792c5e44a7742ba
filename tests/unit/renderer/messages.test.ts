// Both languages say everything, with the same values in it: in the page, and in the desktop's menu and dialogs.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import desktopEn from '../../../src-main/hosts/electron/messages/en.json' with { type: 'json' };
import desktopKo from '../../../src-main/hosts/electron/messages/ko.json' with { type: 'json' };

type Words = Readonly<Record<string, string>>;
const read = (name: string): Words =>
  JSON.parse(readFileSync(new URL(`../../../src-renderer/messages/${name}.json`, import.meta.url), 'utf8')) as Words;
const en = read('en');
const ko = read('ko');
/** Korean has one form for any number. */
const keys = (words: Words): string[] =>
  Object.keys(words)
    .filter((key) => !key.endsWith('_one'))
    .sort();
const values = (text: string | undefined): string[] => [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

test('the same keys', () => expect(keys(ko)).toEqual(keys(en)));
test.each(keys(en))('the same values in %s', (key) => expect(values(ko[key])).toEqual(values(en[key])));
test('what English says of one it says of several, and the other way round', () => {
  const stems = (end: string): string[] => Object.keys(en).flatMap((key) => (key.endsWith(end) ? [key.slice(0, -end.length)] : []));
  expect(stems('_one')).toEqual(stems('_other'));
  expect(stems('_one').filter((stem) => !values(en[`${stem}_other`]).includes('count'))).toEqual([]);
});

test('the same keys of the desktop’s menu and dialogs', () => {
  expect(Object.keys(desktopKo)).toEqual(Object.keys(desktopEn));
  expect(Object.entries(desktopKo).filter(([, text]) => !/[가-힣]/.test(text))).toEqual([]);
});

/** Said of two or more alone, as what ends in `.many`. */
const OF_SEVERAL = new Set(['group.nodes', 'actions.failNodes', 'deed.objects']);
/** A number, at most one word, and a word that only goes with several: "1 restarts"; "0 of 1 containers" is right. */
const SEVERAL =
  /(?<!of )\{\{(?!name|volume|message|toleration)\w+\}\} (?:[a-z]+ )?(?:are|have|times|replicas|restarts|requests|[Pp]ods|containers|nodes|objects|ones|pulls|steps|rows)\b/;

test.each(keys(en).filter((key) => !/_other$|\.many$/.test(key) && !OF_SEVERAL.has(key)))(
  'what may be one is not told as several in %s',
  (key) => expect(en[key]).not.toMatch(SEVERAL),
);

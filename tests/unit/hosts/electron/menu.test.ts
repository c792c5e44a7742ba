// Every entry has words of ours, on every system: Electron's own are English whatever the language.
import type { MenuItemConstructorOptions as Item } from 'electron';
import { expect, test, vi } from 'vitest';
import en from '../../../../src-main/hosts/electron/messages/en.json' with { type: 'json' };
import ko from '../../../../src-main/hosts/electron/messages/ko.json' with { type: 'json' };
import { wordsIn } from '../../../../src-main/hosts/electron/words.ts';

vi.mock('electron', () => ({ Menu: {}, shell: {} }));
const { menuTemplate } = await import('../../../../src-main/hosts/electron/menu.ts');

const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
const labels = (language: string, mac: boolean): string[] =>
  flat(menuTemplate(wordsIn(language), mac, () => undefined))
    .filter(({ type }) => type !== 'separator')
    .map(({ label = '(none)' }) => label);

test.each([true, false])('each entry of the menu has a message, on macOS: %s', (mac) => {
  const known = (words: Readonly<Record<string, string>>): string[] => [...Object.values(words), 'Orrery'];
  expect(labels('en-US', mac).filter((label) => !known(en).includes(label))).toEqual([]);
  expect(labels('ko-KR', mac).filter((label) => !known(ko).includes(label))).toEqual([]);
  // A menu that has a role and no entries of its own gets Electron's.
  const roles = flat(menuTemplate(wordsIn('en'), mac, () => undefined)).filter(({ role }) => /Menu$|^help$/.test(role ?? ''));
  expect(roles.filter(({ submenu }) => !Array.isArray(submenu) || submenu.length === 0)).toEqual([]);
});

test('each message of the menu is used', () => {
  const used = new Set([...labels('en', true), ...labels('en', false)]);
  expect(Object.entries(en).filter(([key, text]) => !key.startsWith('files.') && !used.has(text))).toEqual([]);
});

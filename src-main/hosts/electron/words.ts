/**
 * The words of the menu and of the native dialogs, in the languages of the window.
 * They are here and not in the page because there is a menu before the page has come up, and on macOS without any window.
 */
import en from './messages/en.json' with { type: 'json' };
import ko from './messages/ko.json' with { type: 'json' };

export type Words = Readonly<Record<keyof typeof en, string>>;

/** `language`: of the window (`ko`), or of the system (`ko-KR`). */
export function wordsIn(language: string): Words {
  return language.toLowerCase().startsWith('ko') ? ko : en;
}

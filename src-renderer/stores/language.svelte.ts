/**
 * The words of the window in the language of the person: the system's, until they choose another.
 * i18next does plurals and values; reading a word inside a derivation makes it follow a change of language.
 */
import { createInstance, type i18n } from 'i18next';
import type { LanguageName } from '../../src-main/contract/host-requests.ts';
import en from '../messages/en.json' with { type: 'json' };
import ko from '../messages/ko.json' with { type: 'json' };
import { keep, stored } from './preferences-store.svelte.ts';

export const LANGUAGES: readonly LanguageName[] = ['en', 'ko'];

class Language {
  #name = $state<LanguageName>(stored('language', LANGUAGES) ?? systemLanguage());
  readonly #words: i18n = createInstance();
  #inEnglish = false;

  constructor() {
    void this.#words.init({
      lng: this.#name,
      fallbackLng: 'en',
      initAsync: false,
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: { en: { translation: en }, ko: { translation: ko } },
    });
  }

  get name(): LanguageName {
    return this.#name;
  }
  set name(name: LanguageName) {
    void this.#words.changeLanguage(name);
    this.#name = name;
    keep('language', name);
  }

  text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
    void this.#name;
    return this.#words.t(key, this.#inEnglish ? { ...values, lng: 'en' } : values);
  }

  /** What `say` says, and the same in English if that is another language: commands are found by either. */
  withEnglish(say: () => string): string {
    const own = say();
    if (this.#name === 'en') return own;
    this.#inEnglish = true;
    try {
      return `${own} ${say()}`;
    } finally {
      this.#inEnglish = false;
    }
  }

  /** The words for something that may be unknown to this version: then it is shown as it is. */
  textOr(key: string, other: string, values: Readonly<Record<string, string | number>> = {}): string {
    void this.#name;
    return this.#words.exists(key) ? this.#words.t(key, values) : other;
  }
}

export const language = new Language();
export const t = (key: string, values?: Readonly<Record<string, string | number>>): string => language.text(key, values);

function systemLanguage(): LanguageName {
  const wanted = typeof navigator === 'undefined' ? 'en' : navigator.language;
  return wanted.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

// The window's English words, for tests of what the lab says.
import { createInstance } from 'i18next';
import en from '../../../src-renderer/messages/en.json' with { type: 'json' };

const words = createInstance();
void words.init({
  lng: 'en',
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: { en: { translation: en } },
});

export const english = (key: string, values: Readonly<Record<string, string | number>>): string => words.t(key, values);
export const hasWords = (key: string): boolean => Object.hasOwn(en, key);
export const clock = (ms: number): string => new Date(ms).toISOString().slice(12, 19);

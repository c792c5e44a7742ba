/**
 * What the person prefers, kept for the next start where the page may keep anything.
 * A wish that was never made follows the system.
 */
import type { ThemeName } from '../ui/tokens.ts';

export type ThemeWish = ThemeName | 'system';
/** Names of one or two views, the main one first. */
export type Layout = readonly string[];

export class PreferencesStore {
  #theme = $state<ThemeWish>(stored('theme', ['dark', 'light', 'system']) ?? 'system');
  #layout = $state.raw<Layout | null>(storedText('layout')?.split(' ') ?? null);
  #systemDark = $state(true);
  reducedMotion = $state(false);

  constructor() {
    follow('(prefers-color-scheme: dark)', (matches) => {
      this.#systemDark = matches;
    });
    follow('(prefers-reduced-motion: reduce)', (matches) => {
      this.reducedMotion = matches;
    });
  }

  get themeWish(): ThemeWish {
    return this.#theme;
  }
  set themeWish(wish: ThemeWish) {
    this.#theme = wish;
    keep('theme', wish);
  }
  get theme(): ThemeName {
    if (this.#theme !== 'system') return this.#theme;
    return this.#systemDark ? 'dark' : 'light';
  }
  /** null: the window decides by its width. */
  get layout(): Layout | null {
    return this.#layout;
  }
  set layout(layout: Layout) {
    this.#layout = layout;
    keep('layout', layout.join(' '));
  }
}

/** Reads one of the allowed values from the page's storage. */
export function stored<Value extends string>(name: string, allowed: readonly Value[]): Value | null {
  const text = storedText(name);
  return allowed.find((value) => value === text) ?? null;
}

function storedText(name: string): string | null {
  try {
    return localStorage.getItem(`orrery.${name}`);
  } catch {
    return null; // a page without storage simply starts afresh each time
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`orrery.${name}`, value);
  } catch {
    return; // a page without storage simply starts afresh each time
  }
}

function follow(query: string, tell: (matches: boolean) => void): void {
  if (typeof matchMedia !== 'function') return;
  const list = matchMedia(query);
  tell(list.matches);
  list.addEventListener('change', (event) => tell(event.matches));
}

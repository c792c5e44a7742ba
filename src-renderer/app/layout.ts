/**
 * Which views are looked at: one alone, or any two beside one another.
 * The wish is kept as text, so that a view that a later version has no more is simply not shown.
 */
import type { Layout } from '../stores/preferences-store.svelte.ts';

/** From this width on two views are shown unless the person wants otherwise. */
const WIDE_PX = 1900;

/** The names of the views to show, the main one first. `known` are all views in their order. */
export function shownViews(layout: Layout | null, widthPx: number, known: readonly string[]): readonly string[] {
  const wish = layout ?? (widthPx >= WIDE_PX ? known.slice(0, 2) : known.slice(0, 1));
  const shown = wish.filter((name, index) => known.includes(name) && wish.indexOf(name) === index).slice(0, 2);
  return shown.length > 0 ? shown : known.slice(0, 1);
}

/** Puts a view beside the main one, in the place of the one that is there; once more takes it away. */
export function besides(shown: readonly string[], name: string): Layout {
  const [main = name, second] = shown;
  return name === main || name === second ? [main] : [main, name];
}

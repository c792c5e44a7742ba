/**
 * The one menu of actions on an object, opened by the right button, a key or a button at a point of the window.
 * Views only say where; what can be done is decided in one place.
 */
import type { ObjectRef } from './selection-store.svelte.ts';

export class MenuStore {
  open = $state.raw<{ readonly ref: ObjectRef; readonly refs: readonly ObjectRef[]; readonly x: number; readonly y: number } | null>(null);
  /** The button of the panel that shows the selected object: whoever asks for its actions finds them there. */
  button: Element | null = null;
  /** Where the keyboard was, to give the focus back. */
  #before: Element | null = null;

  /** `refs`: all that the actions are for, where several are marked; `ref` is the one under the pointer. */
  show(ref: ObjectRef, x: number, y: number, refs: readonly ObjectRef[] = [ref]): void {
    this.#before = document.activeElement;
    this.open = { ref, refs, x, y };
  }

  /** Below the button, or at the edge of the window where it is covered. */
  showSelected(ref: ObjectRef): void {
    const { left, bottom } = this.button?.getBoundingClientRect() ?? { left: window.innerWidth, bottom: 0 };
    this.show(ref, left, bottom);
  }

  close(): void {
    this.open = null;
    if (this.#before instanceof HTMLElement || this.#before instanceof SVGElement) this.#before.focus();
  }
}

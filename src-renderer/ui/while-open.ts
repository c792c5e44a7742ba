/**
 * What happens while a dialog is open, said by whoever puts the dialogs into a window.
 * Dialogs know nothing of a lab; this is how one can stand still while somebody reads.
 */
import { getContext, setContext } from 'svelte';

/** Called when a dialog opens; what it returns is called when that dialog closes. */
export type WhileOpen = () => () => void;

const KEY = Symbol('while a dialog is open');

export function setWhileOpen(whileOpen: WhileOpen): void {
  setContext(KEY, whileOpen);
}

export function getWhileOpen(): WhileOpen | undefined {
  return getContext<WhileOpen | undefined>(KEY);
}

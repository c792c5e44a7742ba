/**
 * Keys that work everywhere in the window: they do what the list of actions says.
 * A key typed into a field, or pressed on something that has its own use for it, is not a shortcut.
 */
import type { Lab } from '../stores/lab.svelte.ts';
import { ACTIONS, type ShellActions } from './actions.ts';

export function handleKey(event: KeyboardEvent, lab: Lab, shell: ShellActions): void {
  if (event.defaultPrevented || event.altKey || hasOwnUse(event)) return;
  const control = event.ctrlKey || event.metaKey;
  const name = control ? event.key.toLowerCase() : event.key;
  if (control && event.shiftKey) return;
  const action = ACTIONS.find((one) => one.keys?.includes(name) && (one.control ?? false) === control && (one.when?.(lab) ?? true));
  if (!action) return;
  event.preventDefault();
  action.run(lab, shell);
}

function hasOwnUse({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [role="dialog"], [role="menu"]')) return true;
  return (key === ' ' || key === 'Enter') && target.closest('button, a, [role="slider"]') !== null;
}

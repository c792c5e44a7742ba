/**
 * One stop of the Tab key for a whole list of buttons: in it the arrow keys, Home and End go from one to the next.
 * A list of sixty Events would otherwise stand between the keyboard and everything behind it.
 */
import type { Attachment } from 'svelte/attachments';

export const rove: Attachment<HTMLElement> = (list) => {
  let current: HTMLElement | undefined;
  const buttons = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('button')];

  /** Until somebody has been in the list, its first button is the stop. */
  function settle(): void {
    const all = buttons();
    if (!current || !list.contains(current)) current = undefined;
    const stop = current ?? all[0];
    for (const button of all) {
      const wanted = button === stop ? 0 : -1;
      if (button.tabIndex !== wanted) button.tabIndex = wanted;
    }
  }

  function enter({ target }: FocusEvent): void {
    const button = (target as Element).closest<HTMLElement>('button');
    if (!button || button === current) return;
    current = button;
    settle();
  }

  function key(event: KeyboardEvent): void {
    const all = buttons();
    const at = all.indexOf(event.target as HTMLElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const goals: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const goal = all[goals[event.key] ?? -1];
    if (!goal) return;
    event.preventDefault();
    event.stopPropagation();
    goal.focus();
  }

  const observer = new MutationObserver(settle);
  observer.observe(list, { childList: true, subtree: true });
  list.addEventListener('focusin', enter);
  list.addEventListener('keydown', key);
  settle();
  return () => {
    observer.disconnect();
    list.removeEventListener('focusin', enter);
    list.removeEventListener('keydown', key);
  };
};

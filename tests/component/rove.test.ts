// A list of buttons is one stop of the Tab key; in it the arrow keys go from one to the next, also while buttons come and go.
import { expect, test } from 'vitest';
import { rove } from '../../src-renderer/ui/rove.ts';

function listOf(...names: string[]): HTMLElement {
  const list = document.createElement('ul');
  for (const name of names) list.append(button(name));
  document.body.replaceChildren(list);
  return list;
}

function button(name: string): HTMLElement {
  return Object.assign(document.createElement('button'), { id: name });
}

function press(...keys: string[]): void {
  for (const key of keys) document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

const stops = (list: HTMLElement): string[] =>
  [...list.querySelectorAll('button')].filter(({ tabIndex }) => tabIndex === 0).map(({ id }) => id);

function check(keys: readonly string[], focused: string): void {
  const list = listOf('a', 'b', 'c');
  const leave = rove(list);
  expect(stops(list)).toEqual(['a']);
  list.querySelector('button')?.focus();
  press(...keys);
  expect(document.activeElement?.id).toBe(focused);
  expect(stops(list)).toEqual([focused]);
  if (leave) leave();
}

test('down', () => check(['ArrowDown'], 'b'));
test('up at the first stays', () => check(['ArrowUp'], 'a'));
test('to the last and back by one', () => check(['End', 'ArrowUp'], 'b'));
test('down at the last stays', () => check(['End', 'ArrowDown'], 'c'));
test('home', () => check(['End', 'Home'], 'a'));

test('what comes is no stop of its own; when the stop goes, the first is', async () => {
  const list = listOf('a', 'b');
  rove(list);
  list.querySelector<HTMLElement>('#b')?.focus();
  list.prepend(button('new'));
  await Promise.resolve();
  expect(stops(list)).toEqual(['b']);
  list.querySelector('#b')?.remove();
  await Promise.resolve();
  expect(stops(list)).toEqual(['new']);
});

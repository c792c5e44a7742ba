// Edges that fade where what is scrolled goes on beyond them. jsdom lays nothing out, so its sizes are said.
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test } from 'vitest';
import MoreBeyond from '../../src-renderer/ui/more-beyond.svelte';

const told = (): string[] => screen.queryAllByTestId(/^more-/).map((edge) => edge.dataset['testid'] ?? '');

test('each edge beyond which there is more says so, and none else', async () => {
  const room = document.createElement('div');
  const size = { clientWidth: 100, scrollWidth: 260, clientHeight: 80, scrollHeight: 80, scrollLeft: 0, scrollTop: 0 };
  for (const [name, value] of Object.entries(size)) Object.defineProperty(room, name, { value, writable: true });
  render(MoreBeyond, { of: room });
  await tick();
  expect(told()).toEqual(['more-right']);
  room.scrollLeft = 60;
  room.dispatchEvent(new Event('scroll'));
  await tick();
  expect(told()).toEqual(['more-left', 'more-right']);
  room.scrollLeft = 160;
  room.dispatchEvent(new Event('scroll'));
  await tick();
  expect(told()).toEqual(['more-left']);
  // Something taller comes in: its room is looked at again.
  Object.defineProperty(room, 'scrollHeight', { value: 300 });
  room.append(document.createElement('p'));
  await expect.poll(told).toEqual(['more-bottom', 'more-left']);
});

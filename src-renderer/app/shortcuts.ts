/**
 * The keys that work everywhere in the window, in one table that the help shows too.
 * A key typed into a field, or pressed on something that has its own use for it, is not a shortcut.
 */
import { faster, slower } from '../panels/clock/speeds.ts';
import type { Lab } from '../stores/lab.svelte.ts';
import { besides } from './layout.ts';
import { VIEWS } from './registry.ts';

export interface Shortcut {
  /** As the keyboard event names them. */
  readonly keys: readonly string[];
  readonly shown: string;
  /** Message key. */
  readonly label: string;
  /** Left out where a part of the window handles the key itself. */
  readonly act?: (lab: Lab, shell: ShellActions) => void;
}

export interface ShellActions {
  /** Names of the views that are shown. */
  readonly shown: readonly string[];
  search(): void;
  help(): void;
}

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: [' '],
    shown: 'Space',
    label: 'help.play',
    act: (lab) => void lab.ask(lab.clock.record.playing ? 'clock.pause' : 'clock.play', {}),
  },
  { keys: ['.'], shown: '.', label: 'help.step', act: (lab) => void lab.ask('clock.step', {}) },
  { keys: ['n'], shown: 'N', label: 'help.next', act: (lab) => void lab.goToNext() },
  {
    keys: ['+', '='],
    shown: '+',
    label: 'help.faster',
    act: (lab) => void lab.ask('clock.speed', { speed: faster(lab.clock.record.speed) }),
  },
  { keys: ['-'], shown: '−', label: 'help.slower', act: (lab) => void lab.ask('clock.speed', { speed: slower(lab.clock.record.speed) }) },
  { keys: ['/'], shown: '/', label: 'help.search', act: (_lab, shell) => shell.search() },
  ...VIEWS.map(
    ({ name }, index): Shortcut => ({
      keys: [String(index + 1)],
      shown: index === 0 ? `1 – ${VIEWS.length}` : '',
      label: index === 0 ? 'help.views' : '',
      act: (lab) => (lab.preferences.layout = [name]),
    }),
  ),
  { keys: ['b'], shown: 'B', label: 'help.beside', act: (lab, { shown }) => (lab.preferences.layout = nextBeside(shown)) },
  { keys: [], shown: '↑ ↓ ← →', label: 'help.move' },
  { keys: [], shown: 'Enter', label: 'help.select' },
  { keys: [], shown: 'M', label: 'help.actions' },
  { keys: [], shown: 'Ctrl+V', label: 'help.paste' },
  { keys: ['Escape'], shown: 'Esc', label: 'help.escape', act: (lab) => lab.selection.select(null) },
  { keys: ['?'], shown: '?', label: 'top.help', act: (_lab, shell) => shell.help() },
];

export function handleKey(event: KeyboardEvent, lab: Lab, shell: ShellActions): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || hasOwnUse(event)) return;
  const shortcut = SHORTCUTS.find(({ keys, act }) => act && keys.includes(event.key));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act?.(lab, shell);
}

/** Goes through the other views one after the other, and then to none. */
function nextBeside(shown: readonly string[]): readonly string[] {
  const [main = ''] = shown;
  const others = VIEWS.map(({ name }) => name).filter((name) => name !== main);
  const next = others[others.indexOf(shown[1] ?? '') + 1];
  return next === undefined ? [main] : besides([main], next);
}

function hasOwnUse({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [role="dialog"], [role="menu"]')) return true;
  return (key === ' ' || key === 'Enter') && target.closest('button, a, [role="slider"]') !== null;
}

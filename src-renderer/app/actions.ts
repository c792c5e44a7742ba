/**
 * Everything the window can do, registered once: the command palette, the shortcuts and their sheet all read this list.
 * What is done to an object is registered beside its dialogs, in panels/actions, and joins the list here for the selected object and for those named.
 */
import { canDo, OBJECT_DEEDS, runDeed } from '../panels/actions/object-deeds.ts';
import { faster, slower } from '../panels/clock/speeds.ts';
import type { Lab } from '../stores/lab.svelte.ts';
import { LANGUAGES, language, t } from '../stores/language.svelte.ts';
import type { ThemeWish } from '../stores/preferences-store.svelte.ts';
import type { IconName } from '../ui/icon-paths.ts';
import { demandActions } from './demand-actions.ts';
import { failureActions } from './failure-actions.ts';
import { besides } from './layout.ts';
import { namedActions } from './named-actions.ts';
import { VIEWS } from './registry.ts';

export interface Action {
  readonly name: string;
  /** In the language of the person. */
  readonly words: (lab: Lab) => string;
  readonly icon?: IconName;
  /** In the place of the icon: the sign of this kind of object. */
  readonly kind?: (lab: Lab) => string;
  /** As keyboard events name them; `control` for those with Ctrl, or Cmd. */
  readonly keys?: readonly string[];
  readonly control?: boolean;
  /** The keys as the sheet shows them; '' beside one that speaks for several. */
  readonly shown?: string;
  /** Where it makes sense now; always when left out. */
  readonly when?: (lab: Lab) => boolean;
  readonly run: (lab: Lab, shell: ShellActions) => void;
  /** Not in the palette: it is there already, or means nothing without the keyboard. */
  readonly unlisted?: boolean;
}

/** What only the shell can do. */
export interface ShellActions {
  /** Names of the views that are shown. */
  readonly shown: readonly string[];
  search(): void;
  help(): void;
  palette(): void;
  begin(): void;
  open(): void;
  save(): void;
}

/** Keys that a part of the window handles itself: for the sheet alone. */
const OWN_KEYS: readonly { readonly shown: string; readonly label: string }[] = [
  { shown: '↑ ↓ ← →', label: 'help.move' },
  { shown: 'Enter', label: 'help.select' },
  { shown: 'Space ⇧↓ Ctrl+A', label: 'help.table' },
  { shown: 'X ⇧', label: 'help.mark' },
  { shown: 'Ctrl+V', label: 'help.paste' },
];

const said = (key: string) => (): string => t(key);

const CLOCK: readonly Action[] = [
  {
    name: 'play',
    words: said('help.play'),
    icon: 'play',
    keys: [' '],
    shown: 'Space',
    run: (lab) => void lab.ask(lab.clock.record.playing ? 'clock.pause' : 'clock.play', {}),
  },
  { name: 'step', words: said('help.step'), icon: 'step', keys: ['.'], shown: '.', run: (lab) => lab.step() },
  { name: 'before', words: said('help.before'), icon: 'before', keys: [','], shown: ',', run: (lab) => lab.past.step(-1) },
  {
    name: 'leave',
    words: said('help.leave'),
    icon: 'present',
    keys: ['0'],
    shown: '0',
    when: (lab) => lab.past.isAway,
    run: (lab) => lab.past.leave(),
  },
  { name: 'next', words: said('help.next'), icon: 'next', keys: ['n'], shown: 'N', run: (lab) => void lab.goToNext() },
  {
    name: 'faster',
    words: said('help.faster'),
    icon: 'plus',
    keys: ['+', '='],
    shown: '+',
    run: (lab) => void lab.ask('clock.speed', { speed: faster(lab.clock.record.speed) }),
  },
  {
    name: 'slower',
    words: said('help.slower'),
    icon: 'minus',
    keys: ['-'],
    shown: '−',
    run: (lab) => void lab.ask('clock.speed', { speed: slower(lab.clock.record.speed) }),
  },
];

const LOOKING: readonly Action[] = [
  { name: 'search', words: said('help.search'), icon: 'search', keys: ['/'], shown: '/', run: (_lab, shell) => shell.search() },
  {
    name: 'palette',
    words: said('help.palette'),
    keys: ['k'],
    control: true,
    shown: 'Ctrl+K',
    unlisted: true,
    run: (_lab, shell) => shell.palette(),
  },
  ...VIEWS.map(
    ({ name, icon }, index): Action => ({
      name: `view.${name}`,
      words: () => t('palette.view', { view: t(`view.${name}`) }),
      icon,
      keys: [String(index + 1)],
      shown: String(index + 1),
      run: (lab) => (lab.preferences.layout = [name]),
    }),
  ),
  {
    name: 'beside',
    words: said('help.beside'),
    icon: 'both',
    keys: ['b'],
    shown: 'B',
    run: (lab, { shown }) => (lab.preferences.layout = nextBeside(shown)),
  },
  { name: 'escape', words: said('help.escape'), keys: ['Escape'], shown: 'Esc', unlisted: true, run: (lab) => leave(lab) },
  {
    name: 'notes',
    words: said('notes.open'),
    icon: 'help',
    run: (lab) => {
      lab.selection.select(null);
      lab.selection.readsNotes = true;
    },
  },
  { name: 'help', words: said('top.help'), icon: 'help', keys: ['?'], shown: '?', run: (_lab, shell) => shell.help() },
];

/** The panel that lies over the others goes first. */
function leave(lab: Lab): void {
  if (lab.door.shown) lab.door.shown = false;
  else lab.selection.escape();
}

const UNDO: Action = {
  name: 'undo',
  words: (lab) => {
    const last = lab.deeds.undos.at(-1);
    return last ? t('palette.undo', { what: last.words }) : t('help.undo');
  },
  icon: 'undo',
  keys: ['z'],
  control: true,
  shown: 'Ctrl+Z',
  run: (lab) => void lab.deeds.undo(),
};

/** What has the focus has its own use for the key; a search or a click on the picture leaves the focus elsewhere. */
const MENU: Action = {
  name: 'menu',
  words: said('help.actions'),
  keys: ['m'],
  shown: 'M',
  unlisted: true,
  when: (lab) => lab.selection.selected !== null,
  run: (lab) => lab.selection.selected && lab.menu.showSelected(lab.selection.selected),
};

/** Those on the selected object. */
const DEEDS: readonly Action[] = OBJECT_DEEDS.filter(({ name }) => name !== 'inspect').map((deed) => ({
  name: `deed.${deed.name}`,
  words: (lab) => `${t(`deed.${deed.name}`)} ${t('palette.on', { what: lab.selection.selected?.key ?? '' })}`,
  icon: deed.icon,
  when: (lab) => lab.selection.selected !== null && canDo(lab, deed, lab.selection.selected),
  run: (lab) => lab.selection.selected && runDeed(lab, deed, [lab.selection.selected]),
}));

const THEMES: readonly (readonly [ThemeWish, string])[] = [
  ['system', 'top.themeSystem'],
  ['dark', 'top.themeDark'],
  ['light', 'top.themeLight'],
];

const LAB: readonly Action[] = [
  { name: 'new', words: said('top.new'), icon: 'plus', keys: ['w'], shown: 'W', run: (_lab, shell) => shell.begin() },
  { name: 'open', words: said('top.open'), icon: 'open', keys: ['o'], shown: 'O', run: (_lab, shell) => shell.open() },
  { name: 'save', words: said('top.export'), icon: 'save', keys: ['s'], shown: 'S', run: (_lab, shell) => shell.save() },
  {
    name: 'door',
    words: said('door.title'),
    icon: 'terminal',
    keys: ['d'],
    shown: 'D',
    run: (lab) => (lab.door.shown = !lab.door.shown),
  },
  {
    name: 'theme',
    words: said('help.theme'),
    icon: 'moon',
    keys: ['t'],
    shown: 'T',
    run: (lab) => (lab.preferences.themeWish = lab.preferences.theme === 'dark' ? 'light' : 'dark'),
  },
  {
    name: 'language',
    words: said('help.language'),
    icon: 'language',
    keys: ['l'],
    shown: 'L',
    run: () => (language.name = LANGUAGES[(LANGUAGES.indexOf(language.name) + 1) % LANGUAGES.length] ?? language.name),
  },
  ...THEMES.map(
    ([wish, label]): Action => ({
      name: `theme.${wish}`,
      words: () => t('palette.theme', { theme: t(label) }),
      icon: 'moon',
      run: (lab) => (lab.preferences.themeWish = wish),
    }),
  ),
  ...LANGUAGES.map(
    (name): Action => ({
      name: `language.${name}`,
      words: () => t('palette.language', { language: t(`language.${name}`) }),
      icon: 'language',
      run: () => (language.name = name),
    }),
  ),
];

export const ACTIONS: readonly Action[] = [...DEEDS, UNDO, MENU, ...CLOCK, ...LOOKING, ...LAB];

/** The sheet of shortcuts; `label`: message key of a heading. */
export const KEY_GROUPS: readonly { readonly label: string; readonly actions: readonly Action[]; readonly own: typeof OWN_KEYS }[] = [
  { label: 'help.group.time', actions: CLOCK, own: [] },
  { label: 'help.group.lab', actions: LAB, own: [] },
  { label: 'help.group.look', actions: LOOKING, own: [] },
  { label: 'help.group.hands', actions: [UNDO, MENU], own: OWN_KEYS },
];

/** Those that can be done now and hold all the words; the list's own order says what is nearer to hand. */
export function actionsFor(lab: Lab, text: string): readonly Action[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...ACTIONS, ...demandActions(lab), ...failureActions(lab)];
  const called = all
    .filter(({ unlisted, when }) => unlisted !== true && (when?.(lab) ?? true))
    .filter((action) => {
      const own = `${language.withEnglish(() => action.words(lab))} ${action.name}`.toLowerCase();
      return words.every((word) => own.includes(word));
    });
  return [...called, ...namedActions(lab, words)];
}

/** Goes through the other views one after the other, and then to none. */
function nextBeside(shown: readonly string[]): readonly string[] {
  const [main = ''] = shown;
  const others = VIEWS.map(({ name }) => name).filter((name) => name !== main);
  const next = others[others.indexOf(shown[1] ?? '') + 1];
  return next === undefined ? [main] : besides([main], next);
}

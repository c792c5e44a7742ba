/**
 * The application menu. Its file entries only tell the window what was chosen.
 * The window then does what its own buttons do, so there is one way to open and save whatever the host.
 */
import { type MenuItemConstructorOptions as Item, Menu, shell } from 'electron';
import type { MenuChoice } from './lab-window.ts';
import type { Words } from './words.ts';

/** Roles that have words of ours: Electron's own are English whatever the language. */
type RoleName<Key = keyof Words> = Key extends `role.${infer Name extends NonNullable<Item['role']>}` ? Name : never;
type MakeRole = (name: RoleName) => Item;
const LINE: Item = { type: 'separator' };

export function setMenu(words: Words, choose: (menu: MenuChoice) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(words, process.platform === 'darwin', choose)));
}

/** The menus of roles hold what Electron puts there, item by item, so that each has its words. */
export function menuTemplate(words: Words, mac: boolean, choose: (menu: MenuChoice) => void): Item[] {
  const role: MakeRole = (name) => ({ role: name, label: words[`role.${name}`] });
  return [
    ...(mac ? [{ role: 'appMenu' as const, label: 'Orrery', submenu: appItems(role) }] : []),
    {
      label: words['menu.file'],
      submenu: [
        { label: words['menu.openManifest'], accelerator: 'CmdOrCtrl+O', click: () => choose('open-manifest') },
        LINE,
        { label: words['menu.openSnapshot'], accelerator: 'CmdOrCtrl+Shift+O', click: () => choose('open-snapshot') },
        { label: words['menu.saveSnapshot'], accelerator: 'CmdOrCtrl+S', click: () => choose('save-snapshot') },
        LINE,
        role(mac ? 'close' : 'quit'),
      ],
    },
    { role: 'editMenu', label: words['menu.edit'], submenu: editItems(words, mac, role) }, // without it Cmd+C does nothing on macOS
    {
      label: words['menu.view'],
      submenu: [
        role('reload'),
        LINE,
        role('resetZoom'),
        role('zoomIn'),
        { ...role('zoomIn'), accelerator: 'CmdOrCtrl+=', visible: false }, // the same key without Shift, as in browsers
        role('zoomOut'),
        LINE,
        role('togglefullscreen'),
        role('toggleDevTools'),
      ],
    },
    {
      role: 'windowMenu',
      label: words['menu.window'],
      submenu: [role('minimize'), role('zoom'), ...(mac ? [LINE, role('front')] : [role('close')])],
    },
    {
      role: 'help',
      label: words['menu.help'],
      submenu: [
        { label: words['menu.documentation'], click: () => void shell.openExternal('https://kubernetes.io/docs/home/') },
        ...(mac ? [] : [role('about')]),
      ],
    },
  ];
}

function appItems(role: MakeRole): Item[] {
  return [role('about'), LINE, role('services'), LINE, role('hide'), role('hideOthers'), role('unhide'), LINE, role('quit')];
}

function editItems(words: Words, mac: boolean, role: MakeRole): Item[] {
  const items = [role('undo'), role('redo'), LINE, role('cut'), role('copy'), role('paste')];
  if (!mac) return [...items, role('delete'), LINE, role('selectAll')];
  const substitutions = [
    role('showSubstitutions'),
    LINE,
    role('toggleSmartQuotes'),
    role('toggleSmartDashes'),
    role('toggleTextReplacement'),
  ];
  return [
    ...items,
    ...[role('pasteAndMatchStyle'), role('delete'), role('selectAll'), LINE],
    { label: words['menu.substitutions'], submenu: substitutions },
    { label: words['menu.speech'], submenu: [role('startSpeaking'), role('stopSpeaking')] },
  ];
}

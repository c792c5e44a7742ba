/**
 * The application menu. Its file entries only tell the window what was chosen.
 * The window then does what its own buttons do, so there is one way to open and save whatever the host.
 */
import { Menu, type MenuItemConstructorOptions, shell } from 'electron';
import type { MenuChoice } from './lab-window.ts';

export function setMenu(choose: (menu: MenuChoice) => void): void {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Open manifest…', accelerator: 'CmdOrCtrl+O', click: () => choose('open-manifest') },
        { type: 'separator' },
        { label: 'Open snapshot…', accelerator: 'CmdOrCtrl+Shift+O', click: () => choose('open-snapshot') },
        { label: 'Save snapshot…', accelerator: 'CmdOrCtrl+S', click: () => choose('save-snapshot') },
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' }, // without it Cmd+C does nothing on macOS
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false }, // the same key without Shift, as in browsers
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Kubernetes documentation', click: () => void shell.openExternal('https://kubernetes.io/docs/home/') },
        ...(mac ? [] : [{ role: 'about' as const }]),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

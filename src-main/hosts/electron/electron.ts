/**
 * The desktop program: Electron's lifecycle around one lab and its window.
 * Everything that must happen before 'ready' happens synchronously at the top of this CommonJS bundle; later, Electron refuses it.
 */
import { join } from 'node:path';
import { app, BrowserWindow, protocol, session, shell } from 'electron';
import { apiAccess } from '../../session/api-access.ts';
import { createLab } from '../../session/create-lab.ts';
import type { RequestHandlers } from '../../session/lab-host.ts';
import { rendererFile } from '../files/renderer-file.ts';
import { openSavedLab } from '../files/saved-lab.ts';
import { DesktopDoor } from '../http/desktop-door.ts';
import { type LabWindow, openLabWindow } from './lab-window.ts';
import { setMenu } from './menu.ts';
import { wordsIn } from './words.ts';

const ORIGIN = 'app://lab';
const RENDERER = join(__dirname, '../renderer');
/** Text onto the clipboard when somebody presses a button for it: all that the page may do beyond drawing. */
const COPYING = 'clipboard-sanitized-write';
// A development server is honoured only by an unpackaged app, and only on loopback.
const DEVELOPMENT = app.isPackaged ? undefined : loopbackUrl(process.env['ORRERY_DEV_URL']);

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);

let window: BrowserWindow | undefined;

if (app.requestSingleInstanceLock()) runApp();
else app.quit(); // returns at once, and 'ready' may still come: hence nothing else runs here

function runApp(): void {
  app.on('second-instance', () => {
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      if (url.startsWith('https://')) void shell.openExternal(url);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  // Without the catch, a rejected start leaves an invisible process: Electron only warns about unhandled rejections.
  app.whenReady().then(start).catch(fail);
}

function start(): void {
  const { defaultSession } = session;
  defaultSession.setSpellCheckerLanguages([]); // else Electron fetches a dictionary from the network, although no page of ours checks spelling
  defaultSession.setPermissionRequestHandler((_contents, permission, allow) => allow(permission === COPYING));
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === COPYING);
  protocol.handle('app', (request) => {
    const url = new URL(request.url);
    if (url.host !== 'lab' || request.method !== 'GET') return new Response('Not found', { status: 404 });
    return rendererFile(RENDERER, url.pathname);
  });
  const lab = openSavedLab(app.getPath('userData'), createLab, (text) => console.error(`orrery: ${text}`));
  const door = new DesktopDoor(apiAccess(lab.lab), join(app.getPath('userData'), 'kubeconfig'));
  void door.open();
  app.on('will-quit', () => {
    void door.close();
    lab.close();
  });
  let words = wordsIn(app.getLocale()); // until the window says which language it has
  let choose: LabWindow['choose'] = () => undefined;
  const showMenu = (): void => setMenu(words, (menu) => choose(menu));
  const services: RequestHandlers = {
    ...door.services,
    'host.language': ({ language }) => {
      words = wordsIn(String(language));
      showMenu();
      return {};
    },
  };
  showMenu();
  const openWindow = (): void => {
    const url = DEVELOPMENT?.href ?? `${ORIGIN}/index.html`;
    const opened = openLabWindow(lab, { url, isOurs, failed: fail, services, words: () => words });
    window = opened.window;
    choose = opened.choose;
    opened.window.on('closed', () => {
      if (window === opened.window) window = undefined;
    });
  };
  openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
}

function isOurs(url: string): boolean {
  return url.startsWith(`${ORIGIN}/`) || (DEVELOPMENT !== undefined && url.startsWith(`${DEVELOPMENT.origin}/`));
}

function loopbackUrl(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' && url.hostname === '127.0.0.1' ? url : undefined;
}

function fail(error: unknown): void {
  console.error(error);
  app.exit(1);
}

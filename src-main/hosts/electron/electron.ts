/**
 * The desktop program: Electron's lifecycle around one lab and its window.
 * Everything that must happen before 'ready' happens synchronously at the top of this CommonJS bundle; later, Electron refuses it.
 */
import { join } from 'node:path';
import { app, protocol, session, shell } from 'electron';
import { apiAccess } from '../../session/api-access.ts';
import { createLab } from '../../session/create-lab.ts';
import type { RequestHandlers } from '../../session/lab-host.ts';
import { rendererFile } from '../files/renderer-file.ts';
import { openSavedLab } from '../files/saved-lab.ts';
import { DesktopDoor } from '../http/desktop-door.ts';
import { givenFile } from './given-file.ts';
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

if (app.requestSingleInstanceLock()) runApp();
else app.quit(); // returns at once, and 'ready' may still come: hence nothing else runs here

function runApp(): void {
  /** Brings the window to the front; opens one where there is none, which macOS allows. */
  let show: (() => LabWindow) | undefined;
  /** Waits for the start. */
  let given = givenFile(process.argv, process.cwd());
  const open = (path: string): void => {
    if (show) show().open(path);
    else given = path;
  };
  // On macOS this may come before 'ready'.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open(path);
  });
  app.on('second-instance', (_event, line, directory) => {
    const path = givenFile(line, directory);
    if (path === undefined) show?.();
    else open(path);
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
  const begin = (): void => {
    show = start();
    const window = show();
    if (given !== undefined) window.open(given);
  };
  app.whenReady().then(begin).catch(fail);
}

/** What it returns brings the lab's window to the front. */
function start(): () => LabWindow {
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
  const showMenu = (): void => setMenu(words, (menu) => show().choose(menu));
  const services: RequestHandlers = {
    ...door.services,
    'host.language': ({ language }) => {
      words = wordsIn(String(language));
      showMenu();
      return {};
    },
  };
  showMenu();
  let current: LabWindow | undefined;
  const show = (): LabWindow => {
    if (current === undefined) return openWindow();
    if (current.window.isMinimized()) current.window.restore();
    current.window.focus();
    return current;
  };
  const openWindow = (): LabWindow => {
    const url = DEVELOPMENT?.href ?? `${ORIGIN}/index.html`;
    const placeFile = join(app.getPath('userData'), 'window.json');
    const opened = openLabWindow(lab, { url, isOurs, failed: fail, services, words: () => words, placeFile });
    opened.window.on('closed', () => {
      if (current === opened) current = undefined;
    });
    current = opened;
    return opened;
  };
  app.on('activate', () => {
    if (current === undefined) openWindow();
  });
  return show;
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

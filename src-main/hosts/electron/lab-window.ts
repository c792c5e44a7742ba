/**
 * One window onto the lab: an isolated, sandboxed page joined to a session by the text pipe.
 * Every message is checked for its sender, because any frame of any page may send on a channel.
 */
import { join } from 'node:path';
import { BrowserWindow, type IpcMainEvent, ipcMain, screen, type WebContents } from 'electron';
import { CHANNEL, type ToWindow } from '../../contract/bridge.ts';
import { OPEN_CHANNEL } from '../../contract/host-requests.ts';
import type { LabHost, LabSession, RequestHandlers } from '../../session/lab-host.ts';
import { fileDialogs } from './file-dialogs.ts';
import { LEAST, readPlace, writePlace } from './window-place.ts';
import type { Words } from './words.ts';

export type MenuChoice = Extract<ToWindow, { menu: unknown }>['menu'];

export interface LabWindow {
  readonly window: BrowserWindow;
  /** Tells the page that a menu entry was chosen. */
  choose(menu: MenuChoice): void;
  /** Lets the page open a snapshot that the person gave to the program. */
  open(path: string): void;
}

interface WindowOptions {
  readonly url: string;
  isOurs(url: string): boolean;
  failed(error: unknown): void;
  /** Requests that the host answers beside those of the file dialogs. */
  readonly services: RequestHandlers;
  words(): Words;
  /** The file that remembers where the window stood. */
  readonly placeFile: string;
}

/** A page that crashes more often in this time is not loaded again by itself. */
const RELOADS_MAX = 3;
const RELOADS_MS = 60_000;

export function openLabWindow(lab: LabHost, options: WindowOptions): LabWindow {
  // Only macOS keeps a window as small as its screen.
  const { workAreaSize: primary } = screen.getPrimaryDisplay();
  const { isMaximized, ...place } = readPlace(options.placeFile, {
    primary,
    areaOf: (bounds) => screen.getDisplayMatching(bounds).workArea,
  });
  const window = new BrowserWindow({
    title: 'Orrery',
    ...place,
    minWidth: Math.min(LEAST.width, place.width),
    minHeight: Math.min(LEAST.height, place.height),
    backgroundColor: '#0b1020', // shown at once in this colour: on Wayland 'ready-to-show' may never fire for a hidden window
    webPreferences: {
      preload: join(__dirname, '../preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (isMaximized) window.maximize();
  window.on('close', () => keepPlace(window, options.placeFile));
  const contents = window.webContents;
  const send = (text: string): void => {
    if (!contents.isDestroyed()) contents.send(CHANNEL, text);
  };
  let given: string | undefined;
  const takeGiven = (): string | undefined => {
    const path = given;
    given = undefined;
    return path;
  };
  const services = { ...fileDialogs(window, options.words, takeGiven), ...options.services };
  const choose = joinSession(window, lab, send, { ...options, services });
  reportTroubles(window, contents, options);
  window.loadURL(options.url).catch((error: unknown) => console.error(error));
  const open = (path: string): void => {
    given = path;
    choose('open-given');
  };
  return { window, choose, open };
}

/** A place that cannot be kept is no reason to stay open. */
function keepPlace(window: BrowserWindow, file: string): void {
  try {
    writePlace(file, window.getNormalBounds(), window.isMaximized());
  } catch (error) {
    console.error(`orrery: where the window stood cannot be kept: ${String(error)}`);
  }
}

/** Each page load gets a session of its own, so that a reloaded page starts from a full picture. */
function joinSession(window: BrowserWindow, lab: LabHost, send: (text: string) => void, options: WindowOptions): LabWindow['choose'] {
  const contents = window.webContents;
  let link: LabSession | undefined;
  /** The last choice that was made while no page listened: it is for the one that comes. */
  let waiting: MenuChoice | undefined;
  const tell = (menu: MenuChoice): void => send(JSON.stringify({ menu } satisfies ToWindow));
  const isPage = ({ sender, senderFrame: frame }: IpcMainEvent): boolean =>
    sender === contents && frame !== null && frame.parent === null && options.isOurs(frame.url); // frame: null once it has navigated away
  const leave = (): void => {
    link?.close();
    link = undefined;
  };
  const onOpen = (event: IpcMainEvent): void => {
    if (!isPage(event)) return;
    leave();
    contents.send(OPEN_CHANNEL);
    link = lab.openSession(send, { services: options.services });
    if (waiting !== undefined) tell(waiting);
    waiting = undefined;
  };
  const onText = (event: IpcMainEvent, text: unknown): void => {
    if (isPage(event)) link?.receive(text);
  };
  ipcMain.on(OPEN_CHANNEL, onOpen);
  ipcMain.on(CHANNEL, onText);
  contents.on('render-process-gone', leave); // nobody hears it until the page is loaded again
  window.on('closed', () => {
    ipcMain.removeListener(OPEN_CHANNEL, onOpen);
    ipcMain.removeListener(CHANNEL, onText);
    leave();
  });
  return (menu) => {
    if (link === undefined) waiting = menu;
    else tell(menu);
  };
}

function reportTroubles(window: BrowserWindow, contents: WebContents, options: WindowOptions): void {
  contents.once('did-finish-load', () => {
    if (process.env['ORRERY_LAUNCHER']) process.send?.({ type: 'ready' }); // the launcher then knows that Electron really came up
  });
  contents.on('preload-error', (_event, path, error) => options.failed(new Error(`preload ${path}`, { cause: error }))); // else: a blank window
  let reloads: number[] = [];
  contents.on('render-process-gone', (_event, { reason }) => {
    console.error(`renderer gone: ${reason}`);
    const nowMs = performance.now();
    reloads = reloads.filter((atMs) => nowMs - atMs < RELOADS_MS);
    if (reason === 'clean-exit' || reloads.length >= RELOADS_MAX || window.isDestroyed()) return;
    reloads.push(nowMs);
    contents.reload();
  });
}

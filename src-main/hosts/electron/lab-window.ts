/**
 * One window onto the lab: an isolated, sandboxed page joined to a session by the text pipe.
 * Every message is checked for its sender, because any frame of any page may send on a channel.
 */
import { join } from 'node:path';
import { BrowserWindow, type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { CHANNEL, type ToWindow } from '../../contract/bridge.ts';
import { OPEN_CHANNEL } from '../../contract/host-requests.ts';
import type { LabHost, LabSession, RequestHandlers } from '../../session/lab-host.ts';
import { fileDialogs } from './file-dialogs.ts';

export type MenuChoice = Extract<ToWindow, { menu: unknown }>['menu'];

export interface LabWindow {
  readonly window: BrowserWindow;
  /** Tells the page that a menu entry was chosen. */
  choose(menu: MenuChoice): void;
}

interface WindowOptions {
  readonly url: string;
  isOurs(url: string): boolean;
  failed(error: unknown): void;
  /** Requests that the host answers beside those of the file dialogs. */
  readonly services: RequestHandlers;
}

const RELOADS_MAX = 3;

export function openLabWindow(lab: LabHost, options: WindowOptions): LabWindow {
  const window = new BrowserWindow({
    title: 'Orrery',
    width: 1280,
    height: 800,
    minWidth: 720,
    minHeight: 480,
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
  const contents = window.webContents;
  const send = (text: string): void => {
    if (!contents.isDestroyed()) contents.send(CHANNEL, text);
  };
  joinSession(window, lab, send, options);
  reportTroubles(window, contents, options);
  window.loadURL(options.url).catch((error: unknown) => console.error(error));
  return { window, choose: (menu) => send(JSON.stringify({ menu } satisfies ToWindow)) };
}

/** Each page load gets a session of its own, so that a reloaded page starts from a full picture. */
function joinSession(window: BrowserWindow, lab: LabHost, send: (text: string) => void, options: WindowOptions): void {
  const contents = window.webContents;
  const services = { ...fileDialogs(window), ...options.services };
  let link: LabSession | undefined;
  const isPage = ({ sender, senderFrame: frame }: IpcMainEvent): boolean =>
    sender === contents && frame !== null && frame.parent === null && options.isOurs(frame.url); // frame: null once it has navigated away
  const onOpen = (event: IpcMainEvent): void => {
    if (!isPage(event)) return;
    link?.close();
    link = lab.openSession(send, { services });
  };
  const onText = (event: IpcMainEvent, text: unknown): void => {
    if (isPage(event)) link?.receive(text);
  };
  ipcMain.on(OPEN_CHANNEL, onOpen);
  ipcMain.on(CHANNEL, onText);
  window.on('closed', () => {
    ipcMain.removeListener(OPEN_CHANNEL, onOpen);
    ipcMain.removeListener(CHANNEL, onText);
    link?.close();
  });
}

function reportTroubles(window: BrowserWindow, contents: WebContents, options: WindowOptions): void {
  contents.once('did-finish-load', () => {
    if (process.env['ORRERY_LAUNCHER']) process.send?.({ type: 'ready' }); // the launcher then knows that Electron really came up
  });
  contents.on('preload-error', (_event, path, error) => options.failed(new Error(`preload ${path}`, { cause: error }))); // else: a blank window
  let reloads = 0;
  contents.on('render-process-gone', (_event, details) => {
    console.error(`renderer gone: ${details.reason}`);
    reloads += 1;
    if (details.reason !== 'clean-exit' && reloads <= RELOADS_MAX && !window.isDestroyed()) contents.reload();
  });
}

// A stand-in for the `electron` module: only what src-main/hosts/electron uses, each member checked against electron.d.ts.
// The real main bundle runs in this Node process; each BrowserWindow is a real Chromium page; the real preload bundle
// runs in an isolated world of that page. Anything else the shell touches throws ("fake electron has no …").
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as Electron from 'electron';
import type { Browser, BrowserContext, CDPSession, Page, Route } from 'playwright-core';
import { mainWorld, preloadWorld } from './worlds.ts';

export interface FakeElectron {
  windows: FakeWindow[];
  firstWindow(): Promise<Page>;
  /** What the shell asked the system to do. */
  record: {
    opened: string[];
    menu: Electron.MenuItemConstructorOptions[];
    dialogs: (Electron.OpenDialogOptions | Electron.SaveDialogOptions)[];
    /** Languages whose dictionaries Electron would fetch from the network: that of the system, until the shell says otherwise. */
    dictionaries: string[];
    blocked: string[];
    quit: boolean;
    exit: number | undefined;
  };
  /** What the person picks in the next file dialogs: paths, or none to cancel. */
  picks: string[][];
  /** What the page may do when it asks for this, and when Chromium looks it up: both must say so, or it may not. */
  permits(permission: string): boolean[];
  app: EventEmitter & { quit(): void };
  ipcMain: EventEmitter;
  /** After 'ready' and what the shell does on it. */
  ready: Promise<void>;
  close(): Promise<void>;
}

interface Setup {
  main: string;
  browser: Browser;
  env?: Record<string, string>;
  lock?: boolean;
  /** Of the only display, without the system's bars. */
  workArea?: Electron.Size;
  /** Where the program keeps its files: another start finds what the last one left. */
  userData?: string;
  /** Of the system. */
  locale?: string;
  /** The command line after the program's own name. */
  given?: readonly string[];
}

class FakeContents extends EventEmitter {
  #open: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] = () => ({ action: 'allow' });
  readonly id: number;
  readonly window: FakeWindow;
  constructor(id: number, window: FakeWindow) {
    super();
    this.id = id;
    this.window = window;
  }
  isDestroyed(): boolean {
    return this.window.isDestroyed();
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.isDestroyed()) throw new TypeError('Object has been destroyed');
    void this.window.toPreload(channel, structuredClone(args)); // real IPC clones: a function or a class with privates throws
  }
  reload(): void {
    void this.window.page.then((page) => page.reload());
  }
  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#open = handler;
  }
  openRequested(url: string): Electron.WindowOpenHandlerResponse {
    return this.#open({
      url,
      frameName: '',
      features: '',
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'no-referrer' },
      postBody: undefined,
    } as unknown as Electron.HandlerDetails);
  }
}

export class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  static getAllWindows = (): FakeWindow[] => [...FakeWindow.all];
  static world: World;
  readonly webContents: FakeContents;
  readonly page: Promise<Page>;
  #cdp: CDPSession | undefined;
  #preloadContext: number | undefined;
  #url = 'about:blank';
  #visible: boolean;
  #destroyed = false;
  #maximized = false;
  /** A person may have moved and stretched it. */
  normalBounds: Electron.Rectangle;
  readonly options: Electron.BrowserWindowConstructorOptions;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.normalBounds = { x, y, width, height };
    const preferences = options.webPreferences ?? {};
    if (preferences.contextIsolation === false || preferences.nodeIntegration || preferences.sandbox === false)
      throw new Error('fake electron: this window would not be isolated and sandboxed');
    this.#visible = options.show !== false;
    this.webContents = new FakeContents(FakeWindow.all.push(this), this);
    this.page = this.#create(preferences.preload);
    this.page.catch((error: unknown) => console.error(error));
    queueMicrotask(() => FakeWindow.world.app.emit('web-contents-created', {}, this.webContents));
  }
  async #create(preload: string | undefined): Promise<Page> {
    const { context, ipcMain, route, record } = FakeWindow.world;
    const page = await context.newPage();
    await page.setViewportSize({ width: this.options.width ?? 800, height: this.options.height ?? 600 });
    await page.route('**/*', (request) => route(request, this.webContents));
    page.on('popup', (popup) => void popup.close());
    page.on('crash', () => this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    page.on('close', () => this.#closed());
    this.#cdp = await context.newCDPSession(page);
    this.#cdp.on('Page.windowOpen', ({ url }) => {
      if (this.webContents.openRequested(toApp(url)).action === 'deny') record.blocked.push(toApp(url));
      else throw new Error('fake electron cannot open a second window for the page');
    });
    this.#cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.#url = toApp(frame.url);
    });
    await this.#cdp.send('Page.enable');
    if (preload !== undefined) {
      this.#cdp.on('Runtime.executionContextCreated', ({ context: { id, name } }) => {
        if (name === 'preload') this.#preloadContext = id;
      });
      this.#cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
        if (name !== '__fakeIpc') return;
        const [channel, args] = JSON.parse(payload) as [string, unknown[]];
        const senderFrame = { url: this.#url, parent: null, origin: new URL(this.#url).origin };
        if (channel === '$preload-error') this.webContents.emit('preload-error', {}, preload, new Error(String(args[0])));
        ipcMain.emit(channel, { sender: this.webContents, senderFrame }, ...args);
      });
      await this.#cdp.send('Runtime.enable');
      await this.#cdp.send('Runtime.addBinding', { name: '__fakeIpc', executionContextName: 'preload' });
      const bridge = `__bridge${Math.random()}`;
      await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${mainWorld})(${JSON.stringify(bridge)})` });
      await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', {
        source: `(${preloadWorld})(${JSON.stringify(bridge)}, (require, module, exports) => {${readFileSync(preload, 'utf8')}\n})`,
        worldName: 'preload',
      });
    }
    return page;
  }
  async toPreload(channel: string, args: unknown[]): Promise<void> {
    const contextId = this.#preloadContext;
    if (contextId === undefined || !this.#cdp) return; // real Electron drops messages to a page that does not listen yet, too
    const expression = `globalThis.__fromMain(${JSON.stringify(channel)}, ${JSON.stringify(args)})`;
    await this.#cdp.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined);
  }
  loaded: Promise<void> | undefined;
  loadURL(url: string): Promise<void> {
    this.loaded = this.#load(url);
    return this.loaded;
  }
  async #load(url: string): Promise<void> {
    const page = await this.page;
    await page.goto(toWeb(url)).catch((error: Error) => this.webContents.emit('did-fail-load', {}, -6, error.message, url, true));
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
  }
  show(): void {
    this.#visible = true;
    this.emit('show');
  }
  isVisible = (): boolean => this.#visible;
  isDestroyed = (): boolean => this.#destroyed;
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => this.#maximized;
  maximize(): void {
    this.#maximized = true;
  }
  getNormalBounds = (): Electron.Rectangle => this.normalBounds;
  restore(): void {}
  focus(): void {
    this.emit('focus');
  }
  close(): void {
    this.emit('close');
    void this.page.then((page) => page.close());
  }
  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    FakeWindow.all = FakeWindow.all.filter((window) => window !== this);
    this.emit('closed');
    if (FakeWindow.all.length === 0) FakeWindow.world.app.emit('window-all-closed');
  }
}

/** The compiler holds the two classes to electron.d.ts (events apart: their overloads say nothing about a plain EventEmitter). */
type As<Fake extends Real, Real> = [Fake, Real];
export type Checked = [
  As<FakeContents, Pick<Electron.WebContents, 'id' | 'isDestroyed' | 'send' | 'reload' | 'setWindowOpenHandler'>>,
  As<
    FakeWindow,
    Pick<
      Electron.BrowserWindow,
      | 'loadURL'
      | 'show'
      | 'isVisible'
      | 'isDestroyed'
      | 'isMinimized'
      | 'isMaximized'
      | 'maximize'
      | 'getNormalBounds'
      | 'restore'
      | 'focus'
      | 'close'
    >
  >,
];

interface World {
  context: BrowserContext;
  app: EventEmitter;
  ipcMain: EventEmitter;
  record: FakeElectron['record'];
  route(route: Route, contents: FakeContents): Promise<void>;
}

// Chromium does not know app://, so the page sees https://lab.app.test/… and the shell sees app://lab/….
const toWeb = (url: string): string => url.replace(/^app:\/\/([\w.-]+)/, 'https://$1.app.test');
const toApp = (url: string): string => url.replace(/^https:\/\/([\w.-]+)\.app\.test/, 'app://$1');

/** Unknown members throw instead of being undefined. */
function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key) {
      if (key in object || typeof key === 'symbol' || key === 'then') return Reflect.get(object, key, object);
      throw new Error(`fake electron has no ${name}.${key}`);
    },
  });
}

export async function launchFake({
  main,
  browser,
  env = {},
  lock = true,
  workArea = { width: 1920, height: 1040 },
  locale = 'en-US',
  given = [],
  userData = mkdtempSync(join(tmpdir(), 'orrery-user-')),
}: Setup): Promise<FakeElectron> {
  const context = await browser.newContext();
  await context.route('**/*', (route) => route.abort('blockedbyclient')); // popups; pages have a route of their own
  const record: FakeElectron['record'] = {
    opened: [],
    menu: [],
    dialogs: [],
    dictionaries: ['en-US'],
    blocked: [],
    quit: false,
    exit: undefined,
  };
  const picks: string[][] = [];
  const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  let privileged: Electron.CustomScheme[] = [];
  let requestHandler: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = (_contents, _permission, allow) => allow(true);
  let checkHandler: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = () => true;
  let ready = false;
  const whenReady = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => {
    ready = true;
    emitter.emit('ready');
  });
  const early = (what: string): void => {
    if (ready) throw new Error(`${what} must be called before the app is ready`);
  };
  const emitter = new EventEmitter();
  const app = Object.assign(emitter, {
    isPackaged: true,
    enableSandbox: () => early('app.enableSandbox'),
    requestSingleInstanceLock: () => lock,
    whenReady: () => whenReady,
    getPath: () => userData,
    getLocale: () => {
      if (!ready) throw new Error('app.getLocale can only be used after the app is ready');
      return locale;
    },
    quit: () => {
      record.quit = true;
    },
    exit: (code) => {
      record.exit = code ?? 0;
    },
  } satisfies Partial<Electron.App>);
  const ipcMain = new EventEmitter();
  const window = FakeWindow;
  window.all = [];
  window.world = {
    context,
    app,
    ipcMain,
    record,
    route: async (route, contents) => {
      const url = toApp(route.request().url());
      if (route.request().isNavigationRequest() && route.request().frame().url() !== 'about:blank') {
        let prevented = false;
        contents.emit('will-navigate', { url, preventDefault: () => (prevented = true) });
        if (prevented) {
          record.blocked.push(url);
          return route.abort('aborted');
        }
      }
      const scheme = new URL(url).protocol.slice(0, -1);
      const handler = handlers.get(scheme);
      if (!handler || !privileged.some((entry) => entry.scheme === scheme && entry.privileges?.standard)) {
        record.blocked.push(url);
        return route.abort('blockedbyclient');
      }
      const response = await handler(new Request(url, { method: route.request().method() }));
      const body = Buffer.from(await response.arrayBuffer());
      return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
    },
  };
  const electron = {
    app: strict('app', app),
    BrowserWindow: window,
    ipcMain: strict('ipcMain', ipcMain),
    dialog: strict('dialog', {
      showOpenDialog: async (...[, options]: [unknown, Electron.OpenDialogOptions]): Promise<Electron.OpenDialogReturnValue> => {
        record.dialogs.push(options);
        const filePaths = picks.shift() ?? [];
        return { canceled: filePaths.length === 0, filePaths };
      },
      showSaveDialog: async (...[, options]: [unknown, Electron.SaveDialogOptions]): Promise<Electron.SaveDialogReturnValue> => {
        record.dialogs.push(options);
        const filePath = picks.shift()?.[0] ?? '';
        return { canceled: filePath === '', filePath };
      },
    }),
    Menu: strict('Menu', {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template as unknown as Electron.Menu,
      setApplicationMenu: (menu: Electron.Menu | null) => {
        record.menu = menu as unknown as Electron.MenuItemConstructorOptions[];
      },
    } satisfies Partial<typeof Electron.Menu>),
    protocol: strict('protocol', {
      registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => {
        early('protocol.registerSchemesAsPrivileged');
        privileged = schemes;
      },
      handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
        if (!ready) throw new Error('protocol.handle can only be used after the app is ready');
        handlers.set(scheme, handler);
      },
    } satisfies Partial<Electron.Protocol>),
    session: {
      defaultSession: strict('session.defaultSession', {
        setPermissionRequestHandler: (handler) => {
          requestHandler = handler;
        },
        setPermissionCheckHandler: (handler) => {
          checkHandler = handler;
        },
        setSpellCheckerLanguages: (languages) => {
          record.dictionaries = languages;
        },
      } satisfies Partial<Electron.Session>),
    },
    screen: strict('screen', {
      getPrimaryDisplay: () => {
        if (!ready) throw new Error('screen can only be used after the app is ready');
        return { workAreaSize: workArea } as Electron.Display;
      },
      getDisplayMatching: () => ({ workArea: { x: 0, y: 0, ...workArea } }) as Electron.Display,
    } satisfies Partial<Electron.Screen>),
    shell: strict('shell', {
      openExternal: async (url: string) => {
        record.opened.push(url);
      },
    } satisfies Partial<Electron.Shell>),
  };

  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === 'electron' ? strict('', electron) : load.call(Module, request, ...rest));
  const require = createRequire(import.meta.url);
  for (const key of Object.keys(require.cache)) if (key.startsWith(dirname(main))) delete require.cache[key];
  const before = { ...process.env };
  const { argv } = process;
  process.argv = ['/opt/Orrery/orrery', ...given];
  Object.assign(process.env, env);
  try {
    require(main);
  } finally {
    loader._load = load;
    process.env = before;
    process.argv = argv;
  }
  return {
    record,
    picks,
    permits: (permission) => {
      let answer = false;
      const contents = window.all[0]?.webContents as unknown as Electron.WebContents;
      const details = { requestingUrl: 'app://lab/index.html', isMainFrame: true };
      requestHandler?.(contents, permission as 'unknown', (allowed) => (answer = allowed), details);
      return [answer, checkHandler?.(contents, permission as 'media', 'app://lab/', details) ?? true];
    },
    app,
    ipcMain,
    ready: whenReady.then(() => new Promise((resolve) => setTimeout(resolve, 0))),
    get windows() {
      return window.getAllWindows();
    },
    firstWindow: async () => {
      await whenReady;
      await new Promise((resolve) => setTimeout(resolve, 0));
      const first = window.all[0];
      if (!first) throw new Error('the shell opened no window');
      const page = await first.page;
      await first.loaded;
      return page;
    },
    close: () => context.close(),
  };
}

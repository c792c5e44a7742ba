// Who may import whom. A file's rights are readable from its path; this test is where they are written down.
import { expect, test } from 'vitest';
import { type SourceFile, sources } from './source.ts';

const ENGINE = 'src-main/engine/';
const STANDS_ON_CLIENT = ['controllers', 'scheduler', 'kubelet', 'runtime', 'storage', 'network', 'metrics'];

/** Folder of src-main/engine -> folders it may import, beside itself. */
const ENGINE_MAY: Readonly<Record<string, readonly string[]>> = {
  base: [],
  time: ['base'],
  physics: ['time', 'base'],
  meta: ['base'],
  kinds: ['meta', 'base'],
  api: ['kinds', 'meta', 'physics', 'time', 'base'],
  client: ['api', 'kinds', 'meta', 'physics', 'time', 'base'],
  statecharts: ['meta', 'time', 'base'],
  failures: ['physics', 'time', 'meta', 'base'],
  ...Object.fromEntries(STANDS_ON_CLIENT.map((folder) => [folder, ['client', 'statecharts', 'kinds', 'meta', 'physics', 'time', 'base']])),
};
/** They ask what processes do: the kubelet runs them, the network tells what a request costs them. */
const MAY_ASK_RUNTIME: ReadonlySet<string> = new Set(['kubelet', 'network']);

/** The same for the folders around the engine; a path prefix each. `*` after a prefix allows type imports only. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'src-main/contract/': ['src-main/contract/'],
  'src-main/persistence/': ['src-main/contract/', 'src-main/engine/*', 'src-main/persistence/'],
  'src-main/session/': ['src-main/session/', 'src-main/contract/', 'src-main/persistence/', 'src-main/engine/', 'assets/'],
  'src-main/hosts/electron/': [
    'src-main/hosts/electron/',
    'src-main/hosts/browser/renderer-',
    'src-main/hosts/',
    'src-main/session/',
    'src-main/contract/',
  ],
  'src-main/hosts/browser/': ['src-main/hosts/browser/', 'src-main/hosts/', 'src-main/session/', 'src-main/contract/'],
  'src-main/hosts/http/': [
    ...['src-main/hosts/http/', 'src-main/hosts/files/', 'src-main/session/', 'src-main/contract/', 'src-main/engine/', 'assets/openapi/'],
  ],
  'src-main/hosts/cli/': ['src-main/hosts/', 'src-main/session/', 'src-main/contract/', 'src-main/persistence/', 'src-main/engine/'],
  'src-renderer/ui/': ['src-renderer/ui/', 'src-renderer/messages/', 'src-renderer/scene/mark'],
  'src-renderer/scene/': ['src-renderer/scene/', 'src-renderer/ui/tokens', 'src-main/contract/'],
  'src-renderer/canvas/': ['src-renderer/canvas/', 'src-renderer/scene/', 'src-renderer/ui/', 'src-main/contract/'],
  'src-renderer/link/': ['src-renderer/link/', 'src-main/contract/'],
  'src-renderer/stores/': [
    'src-renderer/stores/',
    'src-renderer/link/',
    'src-renderer/messages/',
    'src-renderer/scene/',
    'src-renderer/ui/tokens',
    'src-main/contract/',
  ],
  'src-renderer/views/': ['src-renderer/', 'src-main/contract/'],
  'src-renderer/panels/': ['src-renderer/', 'src-main/contract/'],
  'src-renderer/gallery/': [
    'src-renderer/ui/',
    'src-renderer/gallery/',
    'src-renderer/canvas/',
    'src-renderer/scene/',
    'src-renderer/stores/',
    'src-renderer/views/',
    'src-main/contract/',
  ],
  'src-renderer/app/': ['src-renderer/', 'src-main/contract/'],
};

const folderOf = (path: string): string => path.slice(ENGINE.length).split('/')[0] ?? '';

function engineFaults(file: SourceFile): readonly string[] {
  const folder = folderOf(file.path);
  if (folder.endsWith('.ts')) return []; // the composition root sees all of the engine
  const own = ENGINE_MAY[folder];
  const may = own !== undefined && MAY_ASK_RUNTIME.has(folder) ? [...own, 'runtime'] : own;
  if (may === undefined) return [`${file.path}: folder ${folder} is not on the map`];
  return file.imports
    .filter(({ path, typeOnly }) => {
      // The rules of kinds read the OpenAPI document's fields, which are data.
      if (folder === 'kinds' && /^assets\/openapi\/(kind-fields|always-encoded|field-descriptions)\.json$/.test(path)) return false;
      // Time zones are data too.
      if (folder === 'meta' && path === 'assets/time-zones/zones.json') return false;
      if (!path.startsWith(ENGINE)) return true;
      const other = folderOf(path);
      if (other === folder || may.includes(other)) return false;
      // A component's memory and context name API types; types alone couple nothing at run time.
      return !(typeOnly && folder === 'client');
    })
    .map(({ path }) => `${file.path} may not import ${path}`);
}

function outerFaults(file: SourceFile): readonly string[] {
  const [prefix, may] = Object.entries(MAY).find(([folder]) => file.path.startsWith(folder)) ?? [];
  if (prefix === undefined || may === undefined) return [];
  return file.imports
    .filter(({ path, typeOnly }) => {
      if (!path.startsWith('src-') && !path.startsWith('assets/')) return false;
      return !may.some((allowed) =>
        allowed.endsWith('*') ? path.startsWith(allowed.slice(0, -1)) && (typeOnly || path.includes('/base/')) : path.startsWith(allowed),
      );
    })
    .map(({ path }) => `${file.path} may not import ${path}`);
}

test('folders import only what the map allows', () => {
  const faults = [
    ...sources('src-main/engine').flatMap(engineFaults),
    ...[
      ...sources('src-main/contract'),
      ...sources('src-main/persistence'),
      ...sources('src-main/session'),
      ...sources('src-main/hosts'),
      ...sources('src-renderer'),
    ].flatMap(outerFaults),
  ];
  expect(faults).toEqual([]);
});

test('only the statecharts folder knows XState', () => {
  const users = sources('src-main').filter(
    (file) => file.packages.includes('xstate') && !file.path.startsWith('src-main/engine/statecharts/'),
  );
  expect(users.map((file) => file.path)).toEqual([]);
});

test('only expressions know the library of their language, and only what reads patterns knows RE2', () => {
  const users = sources('src-main').filter(({ path, packages }) => {
    if (packages.includes('@marcbachmann/cel-js')) return !path.startsWith('src-main/engine/kinds/cel/');
    return (
      packages.includes('re2js') &&
      !/^src-main\/engine\/(kinds\/(cel\/string-library|apiextensions\/pattern)|runtime\/shell-regex)\.ts$/.test(path)
    );
  });
  expect(users.map((file) => file.path)).toEqual([]);
});

test('node and electron are imported by hosts and the session alone', () => {
  const users = [
    ...sources('src-main/engine'),
    ...sources('src-main/contract'),
    ...sources('src-main/persistence'),
    ...sources('src-renderer'),
  ].filter((file) => file.packages.some((name) => name.startsWith('node:') || name === 'electron'));
  expect(users.map((file) => file.path)).toEqual([]);
});

test('there is no import cycle', () => {
  const files = new Map([...sources('src-main'), ...sources('src-renderer')].map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const { path: next, typeOnly } of files.get(path)?.imports ?? []) if (!typeOnly) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

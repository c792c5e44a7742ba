// The programs of the small shell that show files: ls, find, stat, du and tar, in the words of busybox 1.36.
import { byteLength } from './byte-length.ts';
import { blocksOf, dateText, modeText, readableBytes, sizeOf } from './file-lines.ts';
import { absolutePath, insideOf, nameOf } from './file-paths.ts';
import { type Entry, entryAt, type FileWorld, namesIn } from './file-tree.ts';
import { DIRECTORY_MODE, FILE_MODE, readTar, type TarFile, writeTar } from './tar.ts';

/** More would not go out whole. */
const ARCHIVE_BYTES_MAX = 16 * 1024 * 1024;

type FileCommand = (rest: readonly string[], world: FileWorld) => number;

export const fileCommands: Readonly<Record<string, FileCommand>> = { ls: listFiles, find, stat, du, tar };

export function listFiles(rest: readonly string[], world: FileWorld): number {
  const flags = new Set(rest.filter((word) => /^-[A-Za-z1]+$/.test(word)).flatMap((word) => [...word.slice(1)]));
  const paths = rest.filter((word) => !word.startsWith('-'));
  let status = 0;
  const found = (paths.length === 0 ? ['.'] : paths).flatMap((path): (readonly [string, Entry])[] => {
    const entry = entryAt(path, world);
    if (entry !== null) return [[path, entry]];
    world.complain(`ls: ${path}: No such file or directory\n`);
    status = 1;
    return [];
  });
  const asFiles = found.filter(([, entry]) => !entry.isDirectory || flags.has('d'));
  for (const [path, entry] of asFiles) world.print(lineOf(path, entry, flags, world));
  const directories = flags.has('d') ? [] : found.filter(([, entry]) => entry.isDirectory);
  for (const [index, [path, entry]] of directories.entries()) {
    if (index > 0 || asFiles.length > 0) world.print('\n');
    listDirectory(path, entry, flags, world, paths.length > 1 || flags.has('R'));
  }
  return status;
}

function listDirectory(path: string, { path: at }: Entry, flags: ReadonlySet<string>, world: FileWorld, isNamed: boolean): void {
  if (isNamed) world.print(`${path}:\n`);
  const dots = flags.has('a') ? ['.', '..'] : [];
  const names = [...dots, ...namesIn(at, world).filter((name) => dots.length > 0 || flags.has('A') || !name.startsWith('.'))];
  const entries = names.flatMap((name) => {
    const entry = entryAt(`${insideOf(at)}${name}`, world);
    return entry === null ? [] : [[name, entry] as const];
  });
  if (flags.has('l')) world.print(`total ${entries.reduce((sum, [, entry]) => sum + blocksOf(entry) * 4, 0)}\n`);
  for (const [name, entry] of entries) world.print(lineOf(name, entry, flags, world));
  if (!flags.has('R')) return;
  for (const [name, entry] of entries.filter(([, { isDirectory: is }]) => is).filter(([, entry]) => entry.path !== at)) {
    if (name === '.' || name === '..') continue;
    world.print('\n');
    listDirectory(`${path.replace(/\/$/, '')}/${name}`, entry, flags, world, true);
  }
}

function lineOf(name: string, entry: Entry, flags: ReadonlySet<string>, world: FileWorld): string {
  if (!flags.has('l')) return `${name}\n`;
  const { user, group } = world.owner ?? { user: 'root', group: 'root' };
  const bytes = sizeOf(entry);
  const size = flags.has('h') ? readableBytes(bytes) : String(bytes);
  const links = entry.isDirectory ? 2 : 1;
  return `${modeText(entry)} ${String(links).padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${size.padStart(9)} ${dateText(world.since ?? '')} ${name}\n`;
}

function find(rest: readonly string[], world: FileWorld): number {
  const first = rest.findIndex((word) => word.startsWith('-'));
  const roots = first < 0 ? rest : rest.slice(0, first);
  const tests = first < 0 ? [] : rest.slice(first);
  const value = (option: string): string | undefined => (tests.includes(option) ? tests[tests.indexOf(option) + 1] : undefined);
  const pattern = value('-name') ?? value('-iname');
  const name = pattern === undefined ? null : globExpression(pattern, tests.includes('-iname'));
  const [type, deepest, least] = [value('-type'), Number(value('-maxdepth') ?? 1_000), Number(value('-mindepth') ?? 0)];
  let status = 0;
  const visit = (shown: string, path: string, depth: number): void => {
    const entry = entryAt(path, world);
    if (entry === null) return;
    const isWanted = (type === undefined || (type === 'd') === entry.isDirectory) && (name === null || name.test(nameOf(entry.path)));
    if (isWanted && depth >= least) world.print(`${shown}\n`);
    if (isWanted && tests.includes('-delete')) world.remove(entry.path);
    if (!entry.isDirectory || depth >= deepest) return;
    for (const one of namesIn(entry.path, world)) visit(`${insideOf(shown)}${one}`, `${insideOf(entry.path)}${one}`, depth + 1);
  };
  for (const root of roots.length === 0 ? ['.'] : roots) {
    if (entryAt(root, world) === null) {
      world.complain(`find: ${root}: No such file or directory\n`);
      status = 1;
    } else visit(root, root, 0);
  }
  return status;
}

function globExpression(pattern: string, isInsensitive: boolean): RegExp {
  const text = pattern
    .replaceAll(/[\\^$.+()|{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, isInsensitive ? 'i' : '');
}

function stat(rest: readonly string[], world: FileWorld): number {
  const format = rest[0] === '-c' ? rest[1] : undefined;
  const paths = format === undefined ? rest.filter((word) => !word.startsWith('-')) : rest.slice(2);
  let status = 0;
  for (const path of paths) {
    const entry = entryAt(path, world);
    if (entry === null) {
      world.complain(`stat: can't stat '${path}': No such file or directory\n`);
      status = 1;
    } else world.print(format === undefined ? statText(path, entry, world) : `${formatted(format, path, entry, world)}\n`);
  }
  return status;
}

function statText(path: string, entry: Entry, { owner, since = '' }: FileWorld): string {
  const { user, group } = owner ?? { user: 'root', group: 'root' };
  const time = `${since.slice(0, 10)} ${since.slice(11, 19)}.000000000 +0000`;
  const kind = entry.isDirectory ? 'directory' : sizeOf(entry) === 0 ? 'regular empty file' : 'regular file';
  return [
    `  File: ${path}`,
    `  Size: ${String(sizeOf(entry)).padEnd(10)}\tBlocks: ${String(blocksOf(entry) * 8).padEnd(10)} IO Block: 4096   ${kind}`,
    `Access: (${(entry.mode & 0o7777).toString(8).padStart(4, '0')}/${modeText(entry)})  Uid: (${user})   Gid: (${group})`,
    ...['Access', 'Modify', 'Change'].map((what) => `${what}: ${time}`),
    '',
  ].join('\n');
}

function formatted(format: string, path: string, entry: Entry, { owner }: FileWorld): string {
  const values: Readonly<Record<string, string>> = {
    a: (entry.mode & 0o7777).toString(8),
    A: modeText(entry),
    F: entry.isDirectory ? 'directory' : 'regular file',
    G: owner?.group ?? 'root',
    n: path,
    s: String(sizeOf(entry)),
    U: owner?.user ?? 'root',
  };
  return format.replaceAll(/%([a-zA-Z])/g, (whole, letter: string) => values[letter] ?? whole);
}

function du(rest: readonly string[], world: FileWorld): number {
  const isReadable = rest.some((word) => /^-[a-z]*h/.test(word));
  const paths = rest.filter((word) => !word.startsWith('-'));
  let status = 0;
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const entry = entryAt(path, world);
    if (entry === null) {
      world.complain(`du: ${path}: No such file or directory\n`);
      status = 1;
      continue;
    }
    const inside = world.files().filter((file) => file.path.startsWith(insideOf(entry.path)));
    const blocks =
      blocksOf(entry) + inside.reduce((sum, file) => sum + blocksOf({ ...file, isDirectory: file.path.endsWith('/'), mode: 0 }), 0);
    world.print(`${isReadable ? readableBytes(blocks * 4096) : blocks * 4}\t${path}\n`);
  }
  return status;
}

/** `tar cf - PATH...` and `tar xmf - -C DIRECTORY`: what `kubectl cp` runs. */
export function tar(rest: readonly string[], world: FileWorld): number {
  const words = rest.filter((word) => !word.startsWith('--'));
  const into = words.indexOf('-C');
  const directory = into < 0 ? '.' : (words.splice(into, 2)[1] ?? '.');
  const [flags = '', archive, ...paths] = words;
  if (archive !== '-') return refuse(world, "only archives on standard input and output ('f -') are modelled");
  if (flags.includes('c')) return create(paths, directory, world);
  if (flags.includes('x')) return extract(directory, world);
  return refuse(world, 'need at least one option of c and x');
}

function create(paths: readonly string[], directory: string, world: FileWorld): number {
  let status = 0;
  const found = paths.flatMap((path): TarFile[] => {
    const entry = entryAt(path, { ...treeOf(world), directory: absolutePath(directory, world.directory) });
    if (entry === null) {
      world.complain(`tar: ${path}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`);
      status = 2;
      return [];
    }
    const { path: at, mode, content } = entry;
    if (!entry.isDirectory) return [{ path, content, mode }];
    const inside = world.files().filter((file) => file.path.startsWith(insideOf(at)) && file.path !== `${at}/`);
    const shown = path.replace(/\/+$/, '');
    return [
      { path: `${shown}/`, content: '', mode },
      ...inside.map((file) => ({ ...file, path: `${shown}/${file.path.slice(insideOf(at).length)}` })),
    ];
  });
  if (found.some(({ path }) => path.startsWith('/'))) world.complain("tar: Removing leading `/' from member names\n");
  // A client that reads the end of an archive may leave before it hears that it failed.
  if (found.length === 0) return status;
  const bytes = found.reduce((sum, { content }) => sum + byteLength(content), 0);
  if (bytes > ARCHIVE_BYTES_MAX) return refuse(world, `the lab models archives of up to ${readableBytes(ARCHIVE_BYTES_MAX)}`);
  const named = found.map((file) => ({ ...file, path: file.path.replace(/^\/+/, '') }));
  world.print(writeTar(named.filter(({ path }) => path !== '')));
  return status;
}

function treeOf(world: FileWorld): Pick<FileWorld, 'files' | 'mounts'> {
  return { files: () => world.files(), mounts: world.mounts ?? [] };
}

function extract(directory: string, world: FileWorld): number {
  const files = readTar(world.input ?? '');
  if (files === null) return refuse(world, 'This does not look like a tar archive');
  const into = absolutePath(directory, world.directory);
  for (const { path, content, mode } of files) {
    if (path.split('/').includes('..')) return refuse(world, `${path}: Member name contains '..'`);
    const at = `${insideOf(into)}${path.replace(/^(\.?\/)+/, '')}`;
    if (at.endsWith('/') && entryAt(at, world) !== null) continue;
    const fault = world.write(at, content);
    if (fault !== '') return refuse(world, `${path}: Cannot ${fault === 'Read-only file system' ? 'open' : 'write'}: ${fault}`);
    world.setMode(at, mode ?? (at.endsWith('/') ? DIRECTORY_MODE : FILE_MODE));
  }
  return 0;
}

function refuse(world: FileWorld, why: string): number {
  world.complain(`tar: ${why}\ntar: Error is not recoverable: exiting now\n`);
  return 2;
}

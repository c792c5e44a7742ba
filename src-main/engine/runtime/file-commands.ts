// The programs of the small shell that look at many files at once: ls and tar.
import { compareText } from '../base/compare-text.ts';
import { readTar, type TarFile, writeTar } from './tar.ts';

/** What these programs can touch. */
export interface FileWorld {
  /** Every file that can be seen. */
  files(): readonly TarFile[];
  write(path: string, content: string): boolean;
  /** Where a path leads that does not begin at the root. */
  readonly directory: string;
  /** Places where volumes are mounted: directories, even while nothing lies in them. */
  readonly mounts?: readonly string[];
  readonly input?: string;
  print(text: string): void;
  complain(text: string): void;
}

/** Directories that every image has, whether files of it are modelled or not. */
const alwaysThere: ReadonlySet<string> = new Set(
  ['', 'bin', 'dev', 'etc', 'home', 'lib', 'mnt', 'opt', 'proc', 'root', 'run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var'].map(
    (name) => `/${name}`,
  ),
);

export function isDirectory(path: string, world: Pick<FileWorld, 'files' | 'directory' | 'mounts'>): boolean {
  const at = absolute(path, world.directory);
  const isMount = (world.mounts ?? []).some((mount) => absolute(mount, '/') === at || mount.startsWith(`${at}/`));
  return isMount || alwaysThere.has(at) || world.files().some((file) => file.path.startsWith(`${at}/`));
}

export function listFiles(rest: readonly string[], world: FileWorld): number {
  const paths = rest.filter((word) => !word.startsWith('-'));
  let status = 0;
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const at = absolute(path, world.directory);
    const names = namesIn(at, world);
    if (names.length > 0) world.print(`${names.join('\n')}\n`);
    else if (world.files().some((file) => file.path === at)) world.print(`${path}\n`);
    else if (!isDirectory(path, world)) {
      world.complain(`ls: ${path}: No such file or directory\n`);
      status = 1;
    }
  }
  return status;
}

function namesIn(directory: string, world: FileWorld): readonly string[] {
  const root = directory === '/' ? '/' : `${directory}/`;
  const paths = [...world.files().map(({ path }) => path), ...(world.mounts ?? [])];
  const inside = paths.flatMap((path) => (path.startsWith(root) ? [path.slice(root.length).split('/')[0] ?? ''] : []));
  const own = directory === '/' ? [...alwaysThere].map((path) => path.slice(1)).filter((name) => name !== '') : [];
  return [...new Set([...inside, ...own])].sort(compareText);
}

/** `tar cf - PATH...` and `tar xmf - -C DIRECTORY`: what `kubectl cp` runs. */
export function tar(rest: readonly string[], world: FileWorld): number {
  const words = [...rest];
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
  const found = paths.flatMap((path) => {
    const at = absolute(path, absolute(directory, world.directory));
    const inside = world.files().filter((file) => file.path === at || file.path.startsWith(`${at === '/' ? '' : at}/`));
    if (inside.length === 0 && !isDirectory(at, world)) {
      world.complain(`tar: ${path}: Cannot stat: No such file or directory\n`);
      status = 2;
    }
    return inside.map((file) => ({ ...file, path: `${path}${file.path.slice(at.length)}` }));
  });
  if (found.some(({ path }) => path.startsWith('/'))) world.complain("tar: Removing leading `/' from member names\n");
  world.print(writeTar(found.map((file) => ({ ...file, path: file.path.replace(/^\/+/, '') }))));
  return status;
}

function extract(directory: string, world: FileWorld): number {
  const files = readTar(world.input ?? '');
  if (files === null) return refuse(world, 'This does not look like a tar archive');
  const into = absolute(directory, world.directory);
  for (const { path, content } of files) {
    if (path.split('/').includes('..')) return refuse(world, `${path}: Member name contains '..'`);
    const at = `${into === '/' ? '' : into}/${path.replace(/^(\.?\/)+/, '')}`;
    if (!world.write(at, content)) return refuse(world, `${path}: Cannot open: Read-only file system`);
  }
  return 0;
}

function refuse(world: FileWorld, why: string): number {
  world.complain(`tar: ${why}\ntar: Error is not recoverable: exiting now\n`);
  return 2;
}

/** The path from the root, without `.` and `..` and slashes at its end. */
function absolute(path: string, directory: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${directory}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

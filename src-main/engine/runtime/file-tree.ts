// The files of a container as a tree: files are kept by path alone, so directories are what paths go through, what is mounted, and what somebody made.
import { compareText } from '../base/compare-text.ts';
import { absolutePath, insideOf, parentOf } from './file-paths.ts';
import { DIRECTORY_MODE, FILE_MODE, type TarFile } from './tar.ts';

/** Why something is not written, in the kernel's words; '' when it is. What has no room left keeps the part that it had room for. */
export type WriteFault = '' | 'Read-only file system' | 'No space left on device' | 'Disk quota exceeded';

/** What programs that deal with files can touch. Paths may be relative. */
export interface FileWorld {
  /** Every file that can be seen, from the root; made directories with a slash at their end. */
  files(): readonly TarFile[];
  read(path: string): string | null;
  write(path: string, content: string): WriteFault;
  /** A file, or a directory with all that is in it. */
  remove(path: string): boolean;
  setMode(path: string, mode: number): boolean;
  /** Where the shell is. */
  readonly directory: string;
  /** Places where volumes are mounted: directories, even while nothing lies in them. */
  readonly mounts?: readonly string[];
  /** Could the image hold something there that the lab does not know of? */
  mayHold?(path: string): boolean;
  /** Who owns what the container's processes wrote. */
  readonly owner?: { readonly user: string; readonly group: string };
  /** When the container was started: no other time is kept of files. */
  readonly since?: string;
  readonly input?: string | undefined;
  print(text: string): void;
  complain(text: string): void;
}

export type Tree = Pick<FileWorld, 'files' | 'directory' | 'mounts'>;

/** Directories that every image has, whether files of it are modelled or not. */
const ALWAYS = ['bin', 'dev', 'etc', 'home', 'lib', 'mnt', 'opt', 'proc', 'root', 'run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var'];
const ALWAYS_BELOW = [
  '/dev/shm',
  '/usr/bin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/share',
  '/var/log',
  '/var/run',
  '/var/tmp',
];
const alwaysThere: ReadonlySet<string> = new Set(['/', ...ALWAYS.map((name) => `/${name}`), ...ALWAYS_BELOW]);

export interface Entry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly mode: number;
  readonly content: string;
}

/** null: there is nothing by that name. */
export function entryAt(path: string, world: Tree): Entry | null {
  const at = absolutePath(path, world.directory);
  for (const file of world.files()) {
    if (file.path === at) return { ...file, isDirectory: false, mode: file.mode ?? FILE_MODE };
    if (file.path === `${at}/`) return { ...file, path: at, isDirectory: true, mode: file.mode ?? DIRECTORY_MODE };
  }
  if (!isDirectory(at, world)) return null;
  return { path: at, isDirectory: true, mode: at === '/tmp' || at === '/var/tmp' ? 0o1777 : DIRECTORY_MODE, content: '' };
}

export function isDirectory(path: string, world: Tree): boolean {
  const at = absolutePath(path, world.directory);
  if (alwaysThere.has(at)) return true;
  const files = world.files();
  // A file may be mounted by itself.
  if (files.some(({ path: file }) => file === at)) return false;
  const isMount = (world.mounts ?? []).some((mount) => absolutePath(mount, '/') === at || mount.startsWith(`${at}/`));
  return isMount || files.some((file) => file.path.startsWith(`${at}/`));
}

/** What is in a directory, by name. */
export function namesIn(directory: string, world: Tree): readonly string[] {
  const root = insideOf(directory);
  const paths = [...world.files().map(({ path }) => path), ...(world.mounts ?? []), ...alwaysThere];
  const inside = paths.flatMap((path) => (path.startsWith(root) ? [path.slice(root.length).split('/')[0] ?? ''] : []));
  return [...new Set(inside)].filter((name) => name !== '').sort(compareText);
}

/** A directory that loses its last file stays. */
export function keepParent(path: string, world: FileWorld): void {
  const parent = parentOf(absolutePath(path, world.directory));
  if (!isDirectory(parent, world)) world.write(`${parent}/`, '');
}

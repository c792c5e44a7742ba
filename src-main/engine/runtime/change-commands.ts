// The programs of the small shell that change files: mkdir, rm, cp, mv, touch, ln, chmod, in the words of busybox 1.36.
import { absolutePath, insideOf, nameOf, parentOf } from './file-paths.ts';
import { entryAt, type FileWorld, isDirectory, keepParent, type WriteFault } from './file-tree.ts';
import { FILE_MODE, type TarFile } from './tar.ts';

type ChangeCommand = (rest: readonly string[], world: FileWorld) => number;

export const changeCommands: Readonly<Record<string, ChangeCommand>> = {
  mkdir,
  rmdir,
  rm,
  cp,
  mv,
  touch,
  ln,
  chmod,
  chown: () => 0,
  chgrp: () => 0,
};

const NONE = 'No such file or directory';

function mkdir(rest: readonly string[], world: FileWorld): number {
  const { flags, paths } = wordsOf(rest);
  return every(paths, (path) => {
    const fault = (why: string): number => told(world, `mkdir: can't create directory '${path}': ${why}`);
    const at = absolutePath(path, world.directory);
    if (entryAt(at, world) !== null) return flags.has('p') && isDirectory(at, world) ? 0 : fault('File exists');
    if (!flags.has('p') && !isDirectory(parentOf(at), world)) return fault(NONE);
    const why = world.write(`${at}/`, '');
    return why === '' ? 0 : fault(why);
  });
}

function rmdir(rest: readonly string[], world: FileWorld): number {
  return every(wordsOf(rest).paths, (path) => {
    const entry = entryAt(path, world);
    const fault = (why: string): number => told(world, `rmdir: '${path}': ${why}`);
    if (entry === null) return fault(NONE);
    if (!entry.isDirectory) return fault('Not a directory');
    const isFull = world.files().some((file) => file.path.startsWith(insideOf(entry.path)) && file.path !== `${entry.path}/`);
    return isFull ? fault('Directory not empty') : removed(path, world, fault);
  });
}

function rm(rest: readonly string[], world: FileWorld): number {
  const { flags, paths } = wordsOf(rest);
  return every(expanded(paths, world), (path) => {
    const entry = entryAt(path, world);
    const fault = (why: string): number => told(world, `rm: can't remove '${path}': ${why}`);
    if (entry === null) return flags.has('f') ? 0 : fault(NONE);
    if (entry.isDirectory && !flags.has('r') && !flags.has('R')) return told(world, `rm: '${path}' is a directory`);
    return removed(path, world, fault);
  });
}

function removed(path: string, world: FileWorld, fault: (why: string) => number): number {
  if (!world.remove(path))
    return fault((world.mounts ?? []).includes(absolutePath(path, world.directory)) ? 'Resource busy' : 'Read-only file system');
  keepParent(path, world);
  return 0;
}

function cp(rest: readonly string[], world: FileWorld): number {
  const { flags, paths } = wordsOf(rest);
  const isDeep = ['r', 'R', 'a'].some((flag) => flags.has(flag));
  return toTarget('cp', paths, world, (from, to) => {
    const entry = entryAt(from, world);
    if (entry === null && world.mayHold?.(absolutePath(from, world.directory)) === true) return copiedUnseen(from, to, isDeep, world);
    if (entry === null) return told(world, `cp: can't stat '${from}': ${NONE}`);
    if (entry.isDirectory && !isDeep) return told(world, `cp: omitting directory '${from}'`);
    return written('cp', to, copied(entry.path, to, world), world);
  });
}

/** An init container that puts parts of its image into a volume: that they are there is what matters to the lab. */
function copiedUnseen(from: string, to: string, isDeep: boolean, world: FileWorld): number {
  if (/(^|\/)\.?$|[*?[]/.test(from)) return 0;
  const at = absolutePath(to, world.directory);
  const fault = isDeep ? world.write(`${at}/`, '') : world.write(at, "orrery: the lab does not know what the image's file holds\n");
  return written('cp', to, fault, world);
}

function mv(rest: readonly string[], world: FileWorld): number {
  return toTarget('mv', wordsOf(rest).paths, world, (from, to) => {
    const entry = entryAt(from, world);
    if (entry === null) return told(world, `mv: can't rename '${from}': ${NONE}`);
    return moved(entry.path, from, to, world);
  });
}

/** Within one file system nothing is copied, so that no room is needed: what moves is away before it comes. */
function moved(path: string, from: string, to: string, world: FileWorld): number {
  const all = treeAt(path, world);
  const failed = (why: string): number => told(world, `mv: can't rename '${from}': ${why}`);
  if (!world.remove(path)) return failed('Read-only file system');
  const fault = put(all, path, to, world);
  if (fault === '') {
    keepParent(path, world);
    return 0;
  }
  put(all, path, path, world);
  return fault === 'Read-only file system' ? failed(fault) : told(world, `mv: write error: ${fault}`);
}

/** The last path is where all others go: into it, when it is a directory. */
function toTarget(program: string, paths: readonly string[], world: FileWorld, act: (from: string, to: string) => number): number {
  const last = paths.at(-1);
  if (last === undefined || paths.length < 2) return told(world, `BusyBox v1.36.1 multi-call binary.\n\nUsage: ${program} SOURCE... DEST`);
  const target = absolutePath(last, world.directory);
  const into = isDirectory(target, world);
  const sources = expanded(paths.slice(0, -1), world);
  if (sources.length > 1 && !into) return told(world, `${program}: target '${last}' is not a directory`);
  return every(sources, (from) => act(from, into ? `${insideOf(target)}${nameOf(absolutePath(from, world.directory))}` : target));
}

function copied(from: string, to: string, world: FileWorld): WriteFault {
  return put(treeAt(from, world), from, to, world);
}

/** A file, or a directory and all that is in it. */
function treeAt(path: string, world: FileWorld): readonly TarFile[] {
  const entry = entryAt(path, world);
  if (entry === null) return [];
  if (!entry.isDirectory) return [{ path, content: entry.content, mode: entry.mode }];
  const inside = world.files().filter((file) => file.path.startsWith(insideOf(path)) && file.path !== `${path}/`);
  return [{ path: `${path}/`, content: '' }, ...inside];
}

function put(tree: readonly TarFile[], from: string, to: string, world: FileWorld): WriteFault {
  for (const { path, content, mode = FILE_MODE } of tree) {
    const at = `${to}${path.slice(from.length)}`;
    const fault = world.write(at, content);
    if (fault !== '') return fault;
    if (mode !== FILE_MODE && !path.endsWith('/')) world.setMode(at, mode);
  }
  return '';
}

/** What is said of a file that was to be written. */
function written(program: string, to: string, fault: WriteFault, world: FileWorld): number {
  if (fault === '') return 0;
  return told(
    world,
    fault === 'Read-only file system' ? `${program}: can't create '${to}': ${fault}` : `${program}: write error: ${fault}`,
  );
}

function touch(rest: readonly string[], world: FileWorld): number {
  return every(wordsOf(rest).paths, (path) => {
    const entry = entryAt(path, world);
    if (entry?.isDirectory === true) return 0;
    const fault = world.write(path, entry?.content ?? '');
    return fault === '' ? 0 : told(world, `touch: ${path}: ${fault}`);
  });
}

/** A name more for the same content: what is written by one name later is not seen by the other. */
function ln(rest: readonly string[], world: FileWorld): number {
  const { flags, paths } = wordsOf(rest);
  return toTarget('ln', paths.length === 1 ? [...paths, '.'] : paths, world, (from, to) => {
    const entry = entryAt(from, world);
    if (entry === null) return told(world, `ln: ${from}: ${NONE}`);
    if (entryAt(to, world) !== null && !flags.has('f')) return told(world, `ln: ${to}: File exists`);
    const fault = copied(entry.path, to, world);
    return fault === '' ? 0 : told(world, `ln: ${to}: ${fault}`);
  });
}

function chmod(rest: readonly string[], world: FileWorld): number {
  const [wanted = '', ...paths] = rest.filter((word) => !/^-[A-Za-z]+$/.test(word) || /^-[rwx]+$/.test(word));
  return every(paths, (path) => {
    const entry = entryAt(path, world);
    if (entry === null) return told(world, `chmod: ${path}: ${NONE}`);
    const mode = changedMode(entry.mode, wanted);
    if (mode === null) return told(world, `chmod: invalid mode '${wanted}'`);
    const at = entry.isDirectory ? `${entry.path}/` : entry.path;
    return world.setMode(at, mode) ? 0 : told(world, `chmod: ${path}: Read-only file system`);
  });
}

/** `755` or `u+x,go-w`; null: neither. */
function changedMode(mode: number, wanted: string): number | null {
  if (/^[0-7]{3,4}$/.test(wanted)) return Number.parseInt(wanted, 8);
  let changed = mode;
  for (const clause of wanted.split(',')) {
    const [, who = '', sign, what = ''] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause) ?? [];
    if (sign === undefined) return null;
    const bits = (what.includes('r') ? 4 : 0) | (what.includes('w') ? 2 : 0) | (what.includes('x') ? 1 : 0);
    const whose = who === '' || who.includes('a') ? 'ugo' : who;
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (!whose.includes(letter)) continue;
      if (sign === '=') changed &= ~(7 << shift);
      changed = sign === '-' ? changed & ~(bits << shift) : changed | (bits << shift);
    }
  }
  return changed;
}

function wordsOf(rest: readonly string[]): { readonly flags: ReadonlySet<string>; readonly paths: readonly string[] } {
  const isFlag = (word: string): boolean => /^-[A-Za-z]/.test(word);
  return {
    flags: new Set(rest.filter(isFlag).flatMap((word) => (word === '--parents' ? ['p'] : [...word.slice(1)]))),
    paths: rest.filter((word) => !word.startsWith('-')),
  };
}

/** `*` in the last part of a path stands for what is there. */
function expanded(paths: readonly string[], world: FileWorld): readonly string[] {
  return paths.flatMap((path) => {
    if (!path.includes('*')) return [path];
    const at = absolutePath(path, world.directory);
    const expression = new RegExp(`^${at.replaceAll(/[\\^$.+()|{}?[\]]/g, '\\$&').replaceAll('*', '[^/]*')}/?$`);
    const found = world.files().flatMap((file) => (expression.test(file.path) ? [file.path.replace(/\/$/, '')] : []));
    return found.length === 0 ? [path] : found;
  });
}

function every(paths: readonly string[], act: (path: string) => number): number {
  let status = 0;
  for (const path of paths) status = Math.max(status, act(path));
  return status;
}

function told(world: FileWorld, text: string): number {
  world.complain(`${text}\n`);
  return 1;
}

// The programs of the small shell that change files: mkdir, rm, cp, mv, touch, ln, chmod, in the words of busybox 1.36.
import { absolutePath, insideOf, nameOf, parentOf } from './file-paths.ts';
import { entryAt, type FileWorld, isDirectory, keepParent } from './file-tree.ts';
import { FILE_MODE } from './tar.ts';

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
    return world.write(`${at}/`, '') ? 0 : fault('Read-only file system');
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
    if (entry === null) return told(world, `cp: can't stat '${from}': ${NONE}`);
    if (entry.isDirectory && !isDeep) return told(world, `cp: omitting directory '${from}'`);
    return copied(entry.path, to, world) ? 0 : told(world, `cp: can't create '${to}': Read-only file system`);
  });
}

function mv(rest: readonly string[], world: FileWorld): number {
  return toTarget('mv', wordsOf(rest).paths, world, (from, to) => {
    const entry = entryAt(from, world);
    if (entry === null) return told(world, `mv: can't rename '${from}': ${NONE}`);
    if (!copied(entry.path, to, world) || !world.remove(entry.path))
      return told(world, `mv: can't rename '${from}': Read-only file system`);
    keepParent(entry.path, world);
    return 0;
  });
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

function copied(from: string, to: string, world: FileWorld): boolean {
  const entry = entryAt(from, world);
  if (entry === null) return false;
  if (!entry.isDirectory) return world.write(to, entry.content) && (entry.mode === FILE_MODE || world.setMode(to, entry.mode));
  const inside = world.files().filter((file) => file.path.startsWith(insideOf(from)) && file.path !== `${from}/`);
  if (!world.write(`${to}/`, '')) return false;
  return inside.every((file) => world.write(`${to}/${file.path.slice(insideOf(from).length)}`, file.content));
}

function touch(rest: readonly string[], world: FileWorld): number {
  return every(wordsOf(rest).paths, (path) => {
    const entry = entryAt(path, world);
    if (entry?.isDirectory === true) return 0;
    return world.write(path, entry?.content ?? '') ? 0 : told(world, `touch: ${path}: Read-only file system`);
  });
}

/** A name more for the same content: what is written by one name later is not seen by the other. */
function ln(rest: readonly string[], world: FileWorld): number {
  const { flags, paths } = wordsOf(rest);
  return toTarget('ln', paths.length === 1 ? [...paths, '.'] : paths, world, (from, to) => {
    const entry = entryAt(from, world);
    if (entry === null) return told(world, `ln: ${from}: ${NONE}`);
    if (entryAt(to, world) !== null && !flags.has('f')) return told(world, `ln: ${to}: File exists`);
    return copied(entry.path, to, world) ? 0 : told(world, `ln: ${to}: Read-only file system`);
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

// Programs that do not end by themselves: those that read or write without end, and `tail -f`, which shows what files gain.
import { absolutePath } from './file-paths.ts';
import { type Scope, shellCommand } from './shell-commands.ts';
import type { CommandStep } from './shell-program.ts';
import type { ShellState, ShellWorld } from './shell-world.ts';
import { SOURCES } from './size-commands.ts';

const READERS: ReadonlySet<string> = new Set(['cat', 'md5sum', 'sha1sum', 'sha256sum', 'sha512sum', 'wc', 'gzip', 'bzip2', 'xz']);
const NOWHERE: ReadonlySet<string> = new Set(['/dev/null', '/dev/zero']);
/** As often as busybox looks. upstream: busybox coreutils/tail.c */
export const LOOK_MS = 1000;

/** Does the command keep a processor busy until somebody ends it? */
export function isEndless(program: string, rest: readonly string[], step?: CommandStep): boolean {
  // What reads it ends it.
  if (step?.pipe === true) return false;
  if (program === 'yes') return true;
  if (READERS.has(program)) return rest.some((word) => SOURCES.has(word));
  if (program !== 'dd' || rest.some((word) => word.startsWith('count='))) return false;
  const to = rest.find((word) => word.startsWith('of='))?.slice(3);
  return rest.some((word) => word.startsWith('if=') && SOURCES.has(word.slice(3))) && (to === undefined || NOWHERE.has(to));
}

/** Of `tail -f`. */
interface Following {
  /** How much of their ends is shown at first. */
  readonly options: readonly string[];
  readonly paths: readonly string[];
  /** `-F`: a file that is not there is waited for. */
  readonly isPatient: boolean;
}

/** null: these words do not make `tail` follow a file. */
export function followed(rest: readonly string[]): Following | null {
  const options: string[] = [];
  const paths: string[] = [];
  let follows = '';
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    const [all, flags = '', option = '', value = ''] = /^-(?!-)([fFqv]*)([ncs]?)(.*)$/.exec(word) ?? [];
    if (all === undefined && !word.startsWith('--')) paths.push(word);
    follows += flags.replaceAll(/[qv]/g, '') + (word === '--retry' ? 'F' : /^--follow/.test(word) ? 'f' : '');
    if (option === '') continue;
    if (value === '') at += 1;
    if (option !== 's') options.push(`-${option}${value === '' ? (rest[at] ?? '') : value}`);
  }
  return follows === '' ? null : { options, paths, isPatient: follows.includes('F') };
}

/** Shows the ends of the files, and at each further look what they have gained. forever: there is nothing to look at. */
export function follow(
  { options, paths, isPatient }: Following,
  scope: Scope & { readonly step: CommandStep },
): 'looks' | 'ends' | 'forever' {
  const { step, state, world, print } = scope;
  const goesElsewhere = step.pipe === true || step.redirect !== null;
  if (goesElsewhere || paths.every((path) => path.startsWith('/dev/'))) return 'forever';
  if (state.followed !== undefined) {
    print(gainedOf(paths, state, world));
    return 'looks';
  }
  const found = paths.filter((path) => world.read(path) !== null);
  if (found.length === 0 && !isPatient) {
    if (!paths.every((path) => isInVolume(path, world))) return 'forever';
    for (const path of paths) world.complain(`tail: can't open '${path}': No such file or directory\n`);
    world.complain('tail: no files\n');
    state.status = 1;
    return 'ends';
  }
  if (found.length > 0) shellCommand('tail', world)?.([...options, ...found], scope);
  // What there is has been shown.
  gainedOf(paths, state, world);
  return 'looks';
}

/** What the files have gained since it last looked; with the first look, all that is in them. */
function gainedOf(paths: readonly string[], state: ShellState, world: ShellWorld): string {
  const seen = state.followed ?? {};
  let gained = '';
  const next: Record<string, number> = {};
  for (const path of paths) {
    const at = absolutePath(path, world.directory);
    const text = world.read(at) ?? '';
    const from = seen[at] ?? 0;
    // A file that has become shorter has been begun anew.
    gained += text.length < from ? text : text.slice(from);
    next[at] = text.length;
  }
  state.followed = next;
  return gained;
}

/** Of a file of the image nobody knows whether it is there; in a volume there is what has been written there. */
function isInVolume(path: string, world: ShellWorld): boolean {
  const at = absolutePath(path, world.directory);
  return (world.mounts ?? []).some((mount) => at.startsWith(`${absolutePath(mount, '/')}/`));
}

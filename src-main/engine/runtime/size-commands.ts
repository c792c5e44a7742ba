// The programs of the small shell that make files of a size: dd, fallocate, truncate, in the words of busybox 1.36.
import { byteLength } from './byte-length.ts';
import { readableBytes } from './file-lines.ts';
import { entryAt, type FileWorld, type WriteFault } from './file-tree.ts';
import { bytesBetween, hole, zeros } from './zero-bytes.ts';

export interface SizeScope {
  readonly world: FileWorld;
  readonly input: string;
  print(text: string): void;
  /** It had to wait so long. */
  took(forMs: number): void;
}

type SizeCommand = (rest: readonly string[], scope: SizeScope) => number;

export const sizeCommands: Readonly<Record<string, SizeCommand>> = { dd, fallocate, truncate };

/** Of a disk in a data centre. */
const BYTES_PER_SECOND = 500_000_000;
const BLOCK_BYTES = 512;
/** They never end. What is random is not told: its size counts. */
export const SOURCES: ReadonlySet<string> = new Set(['/dev/zero', '/dev/urandom', '/dev/random']);
const OPERANDS: ReadonlySet<string> = new Set([
  'if',
  'of',
  'bs',
  'ibs',
  'obs',
  'count',
  'skip',
  'seek',
  'conv',
  'iflag',
  'oflag',
  'status',
]);

function dd(rest: readonly string[], { world, input, print, took }: SizeScope): number {
  const given = new Map(rest.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const strange = [...given].find(([name]) => !OPERANDS.has(name));
  if (strange !== undefined) return told(world, `dd: unrecognized operand '${strange.join('=').replace(/^=/, '')}'`);
  const block = sizeOf(given.get('bs') ?? given.get('ibs') ?? given.get('obs') ?? String(BLOCK_BYTES));
  const [count, skip, seek] = ['count', 'skip', 'seek'].map((name) => (given.has(name) ? sizeOf(given.get(name) ?? '') : undefined));
  if (block === null || block === 0 || count === null || skip === null || seek === null) return told(world, 'dd: invalid number');
  const [from, to] = [given.get('if'), given.get('of')];
  const max = count === undefined ? Number.POSITIVE_INFINITY : count * block;
  if (SOURCES.has(from ?? '') && max === Number.POSITIVE_INFINITY)
    return told(world, `dd: the lab models no end of ${from}: say how much with count=`);
  const text = from === '/dev/null' ? '' : from === undefined ? input : SOURCES.has(from) ? zeros(max) : world.read(from);
  if (text === null) return told(world, `dd: can't open '${from}': No such file or directory`);
  const start = SOURCES.has(from ?? '') ? 0 : (skip ?? 0) * block;
  const copied = bytesBetween(text, start, start + max);
  let bytes = byteLength(copied);
  let fault: WriteFault = '';
  if (to === undefined) print(copied);
  else if (to === '/dev/full') [fault, bytes] = ['No space left on device', 0];
  else if (!to.startsWith('/dev/')) {
    const [keeps, at] = [(given.get('conv') ?? '').split(',').includes('notrunc'), (seek ?? 0) * block];
    fault = world.write(to, placed(world.read(to) ?? '', copied, at, keeps));
    if (fault === 'Read-only file system') return told(world, `dd: can't open '${to}': ${fault}`);
    if (fault !== '') bytes = Math.max(0, Math.min(bytes, byteLength(world.read(to) ?? '') - at));
  }
  if (fault !== '') world.complain(`dd: error writing '${to}': ${fault}\n`);
  const seconds = bytes / BYTES_PER_SECOND;
  took(Math.round(seconds * 1000));
  const whole = Math.floor(bytes / block);
  // A block that is written in part does not count. upstream: busybox coreutils/dd.c write_and_stats
  const records = fault === '' && bytes % block !== 0 ? `${whole}+1` : `${whole}+0`;
  const speed = `${seconds.toFixed(6)} seconds, ${readableBytes(bytes === 0 ? 0 : BYTES_PER_SECOND)}B/s`;
  if (given.get('status') !== 'none') world.complain(`${fault === '' ? records : `${whole + 1}+0`} records in\n${records} records out\n`);
  if (given.get('status') === undefined || given.get('status') === 'progress')
    world.complain(`${bytes} bytes (${readableBytes(bytes)}B) copied, ${speed}\n`);
  return fault === '' ? 0 : 1;
}

/** What a file holds when this has been written into it at that place. */
function placed(before: string, text: string, at: number, keepsRest: boolean): string {
  const length = byteLength(before);
  const head = bytesBetween(before, 0, at) + hole(at - length);
  return head + text + (keepsRest ? bytesBetween(before, at + byteLength(text), length) : '');
}

function fallocate(rest: readonly string[], { world }: SizeScope): number {
  const [length, offset] = [optionOf(rest, 'l', 'length'), optionOf(rest, 'o', 'offset')];
  const [path] = pathsOf(rest);
  const size = length === undefined ? null : sizeOf(length);
  const from = sizeOf(offset ?? '0');
  if (path === undefined || size === null || size === 0 || from === null)
    return told(world, 'BusyBox v1.36.1 multi-call binary.\n\nUsage: fallocate [-o OFS] -l LEN FILE');
  const before = world.read(path) ?? '';
  const known = byteLength(before);
  // What was a hole has its blocks now.
  const grown = bytesBetween(before, 0, known).replaceAll(hole(1).charAt(0), zeros(1).charAt(0)) + zeros(from + size - known);
  const fault = world.write(path, grown);
  if (fault === '') return 0;
  return told(world, `fallocate: ${fault === 'Read-only file system' ? "can't open" : 'fallocate'} '${path}': ${fault}`);
}

function truncate(rest: readonly string[], { world }: SizeScope): number {
  const wanted = optionOf(rest, 's', 'size');
  const paths = pathsOf(rest);
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(wanted ?? '') ?? [];
  const size = wanted === undefined ? null : sizeOf(digits);
  if (size === null || paths.length === 0) return told(world, 'BusyBox v1.36.1 multi-call binary.\n\nUsage: truncate [-c] -s SIZE FILE...');
  let status = 0;
  for (const path of paths) {
    if (rest.includes('-c') && entryAt(path, world) === null) continue;
    const before = world.read(path) ?? '';
    const length = byteLength(before);
    const after = Math.max(0, sign === '' ? size : length + (sign === '+' ? size : -size));
    const fault = world.write(path, bytesBetween(before, 0, after) + hole(after - length));
    if (fault !== '') status = told(world, `truncate: ${path}: open: ${fault}`);
  }
  return status;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, c: 1, w: 2, b: 512, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const POWERS = 'KMGTP';

/** `1M`, `64k`, `1MB`, `2GiB`; null: no size. */
export function sizeOf(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const power = POWERS.indexOf(unit.charAt(0).toUpperCase());
  const isBinary = unit !== '' && power >= 0 && ['', 'iB'].includes(unit.slice(1));
  const factor = isBinary ? 1024 ** (power + 1) : UNITS[unit];
  return factor === undefined ? null : Number(digits) * factor;
}

/** Of `-l 5M`, `-l5M`, `--length 5M` or `--length=5M`. */
function optionOf(rest: readonly string[], letter: string, long: string): string | undefined {
  const at = rest.findIndex((word) => word.startsWith(`-${letter}`) || word === `--${long}` || word.startsWith(`--${long}=`));
  const word = rest[at];
  if (word === undefined) return undefined;
  if (word.startsWith('--')) return word.includes('=') ? word.slice(word.indexOf('=') + 1) : rest[at + 1];
  return word.length > 2 ? word.slice(2) : rest[at + 1];
}

/** Words that are neither options nor their values. */
function pathsOf(rest: readonly string[]): readonly string[] {
  const isValued = (word = ''): boolean => /^(-[lso]|--(length|size|offset))$/.test(word);
  return rest.filter((word, at) => !word.startsWith('-') && !isValued(rest[at - 1]));
}

function told(world: FileWorld, text: string): number {
  world.complain(`${text}\n`);
  return 1;
}

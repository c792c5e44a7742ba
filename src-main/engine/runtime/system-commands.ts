// The programs of the small shell that tell of the machine and of its processes: ps, id, df, free and their like, in the words of busybox 1.36.
import { readableBytes } from './file-lines.ts';
import { insideOf } from './file-paths.ts';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
  readonly user: number;
}

/** What of its machine a container sees. */
export interface ShellSystem {
  readonly hostname: string;
  /** Of the pod. */
  readonly address: string;
  readonly kernel: string;
  readonly cpus: number;
  /** Of the node, for a container sees the whole of it. */
  readonly memory: { readonly totalBytes: number; readonly usedBytes: number };
  readonly disk: { readonly totalBytes: number; readonly usedBytes: number };
  /** Since the node was started. */
  readonly uptimeSeconds: number;
  readonly user: { readonly id: number; readonly group: number; readonly groups: readonly number[] };
  readonly mounts: readonly {
    readonly path: string;
    readonly device: string;
    readonly type: string;
    readonly readOnly: boolean;
    /** Of a file system of its own; absent where it is the machine's. */
    readonly space?: { readonly totalBytes: number; readonly usedBytes: number };
  }[];
  /** The container's own. */
  readonly limits: { readonly memoryBytes?: number; readonly cpuMillis?: number; readonly memoryUsedBytes: number };
  processes(): readonly RunningProcess[];
  /** Does the container's image have the program? */
  has(program: string): boolean;
  /** False: there is no such process. */
  signal(pid: number, name: string): boolean;
}

export interface SystemScope {
  readonly system: ShellSystem;
  readonly command: string;
  readonly timestamp: string;
  print(text: string): void;
  complain(text: string): void;
}

type SystemCommand = (rest: readonly string[], scope: SystemScope) => number;

export const systemCommands: Readonly<Record<string, SystemCommand>> = {
  ...{ ps, top, id, whoami, groups, uname, df, mount, free, uptime, nproc, kill, arch },
  hostname: ([flag], { system, print }) => said(print, flag === '-i' || flag === '-I' ? system.address : system.hostname),
};

/** Programs that are no part of every small system. */
export const SOMETIMES: ReadonlySet<string> = new Set(['ps', 'top', 'free', 'uptime']);

/** Names in the files that busybox, Alpine and Debian come with. */
const GROUPS: Readonly<Record<number, string>> = {
  ...{ 0: 'root', 1: 'bin', 2: 'daemon', 3: 'sys', 4: 'adm', 6: 'disk', 10: 'wheel', 11: 'floppy', 20: 'dialout', 26: 'tape', 27: 'video' },
};

export function userName(id: number): string {
  return id === 0 ? 'root' : String(id);
}

export function groupName(id: number): string {
  return GROUPS[id] ?? String(id);
}

/** The program that asks is a process, too. */
function everything({ system, command }: SystemScope): readonly RunningProcess[] {
  const running = system.processes();
  const last = running.reduce((most, { pid }) => Math.max(most, pid), 0);
  return [...running, { pid: last + 6, command, user: system.user.id }];
}

function ps(_: readonly string[], scope: SystemScope): number {
  scope.print('PID   USER     TIME  COMMAND\n');
  for (const { pid, user, command } of everything(scope))
    scope.print(`${String(pid).padStart(5)} ${userName(user).padEnd(8)}  0:00 ${command}\n`);
  return 0;
}

function top(_: readonly string[], scope: SystemScope): number {
  const { memory } = scope.system;
  const [used, free] = [kibibytes(memory.usedBytes), kibibytes(memory.totalBytes - memory.usedBytes)];
  const all = everything(scope);
  scope.print(`Mem: ${used}K used, ${free}K free, 0K shrd, 0K buff, 0K cached\n`);
  scope.print('CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n');
  scope.print(`Load average: 0.00 0.00 0.00 1/${all.length} ${all.at(-1)?.pid ?? 1}\n`);
  scope.print('  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n');
  for (const { pid, user, command } of all)
    scope.print(
      `${String(pid).padStart(5)} ${'0'.padStart(5)} ${userName(user).padEnd(8)} ${pid === all.at(-1)?.pid ? 'R' : 'S'}     4404   0%   0   0% ${command}\n`,
    );
  return 0;
}

function id(rest: readonly string[], { system: { user }, print }: SystemScope): number {
  const flags = rest.filter((word) => word.startsWith('-')).join('');
  const isNamed = flags.includes('n');
  if (flags.includes('u')) return said(print, isNamed ? userName(user.id) : String(user.id));
  if (flags.includes('G')) return said(print, user.groups.map((one) => (isNamed ? groupName(one) : String(one))).join(' '));
  if (flags.includes('g')) return said(print, isNamed ? groupName(user.group) : String(user.group));
  const named = (number: number): string => (GROUPS[number] === undefined ? String(number) : `${number}(${GROUPS[number]})`);
  return said(print, `uid=${user.id === 0 ? '0(root)' : user.id} gid=${named(user.group)} groups=${user.groups.map(named).join(',')}`);
}

function whoami(_: readonly string[], { system: { user }, print, complain }: SystemScope): number {
  if (user.id === 0) return said(print, 'root');
  complain(`whoami: unknown uid ${user.id}\n`);
  return 1;
}

function groups(_: readonly string[], { system: { user }, print }: SystemScope): number {
  return said(print, user.groups.map(groupName).join(' '));
}

function uname(rest: readonly string[], { system, print }: SystemScope): number {
  const flags = rest.filter((word) => word.startsWith('-')).join('');
  const parts: readonly (readonly [string, string])[] = [
    ...([
      ['s', 'Linux'],
      ['n', system.hostname],
      ['r', system.kernel],
    ] as const),
    ...([
      ['v', '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)'],
      ['m', 'x86_64'],
      ['o', 'GNU/Linux'],
    ] as const),
  ];
  const wanted = flags === '' ? 's' : flags.includes('a') ? 'snrvmo' : flags;
  return said(print, parts.flatMap(([flag, text]) => (wanted.includes(flag) ? [text] : [])).join(' '));
}

function df(rest: readonly string[], { system, print }: SystemScope): number {
  const isReadable = rest.some((word) => /^-[a-z]*h/.test(word));
  const amount = (bytes: number): string => (isReadable ? readableBytes(bytes) : String(kibibytes(bytes)));
  print(
    isReadable
      ? `${'Filesystem'.padEnd(25)} Size      Used Available Use% Mounted on\n`
      : `Filesystem           1K-blocks      Used Available Use% Mounted on\n`,
  );
  const all: ShellSystem['mounts'] = [
    { device: 'overlay', path: '/', type: 'overlay', readOnly: false },
    { device: 'tmpfs', path: '/dev', type: 'tmpfs', readOnly: false, space: { totalBytes: 67_108_864, usedBytes: 0 } },
    ...system.mounts,
  ];
  const asked = rest.filter((word) => !word.startsWith('-'));
  for (const { device, path, type, space } of asked.length === 0 ? all : asked.map((one) => mountOf(one, all))) {
    const own = type === 'tmpfs' ? { totalBytes: system.memory.totalBytes, usedBytes: 0 } : system.disk;
    const { totalBytes: total, usedBytes: used } = space ?? own;
    const part = total === 0 ? 0 : Math.ceil((used * 100) / total);
    print(
      `${device.padEnd(20)} ${amount(total).padStart(9)} ${amount(used).padStart(9)} ${amount(Math.max(0, total - used)).padStart(9)} ${String(part).padStart(3)}% ${path}\n`,
    );
  }
  return 0;
}

/** Where a path lies. */
function mountOf(path: string, all: ShellSystem['mounts']): ShellSystem['mounts'][number] {
  const under = all.filter((one) => one.path === path || path.startsWith(insideOf(one.path)));
  return under.reduce((deepest, one) => (one.path.length >= deepest.path.length ? one : deepest), all[0] as ShellSystem['mounts'][number]);
}

function mount(_: readonly string[], { system, print }: SystemScope): number {
  print('overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n');
  print('tmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)\nsysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)\n');
  for (const { device, path, type, readOnly } of system.mounts)
    print(`${device} on ${path} type ${type} (${readOnly ? 'ro' : 'rw'},relatime)\n`);
  return 0;
}

function free(rest: readonly string[], { system: { memory }, print }: SystemScope): number {
  const unit = rest.includes('-m') ? 1_048_576 : rest.includes('-g') ? 1_073_741_824 : rest.includes('-b') ? 1 : 1024;
  const amount = (bytes: number): string => (rest.includes('-h') ? readableBytes(bytes) : String(Math.floor(bytes / unit))).padStart(12);
  const left = memory.totalBytes - memory.usedBytes;
  print('              total        used        free      shared  buff/cache   available\n');
  print(`Mem:    ${[memory.totalBytes, memory.usedBytes, left, 0, 0, left].map(amount).join('').slice(1)}\n`);
  print(`Swap:   ${[0, 0, 0].map(amount).join('').slice(1)}\n`);
  return 0;
}

function uptime(_: readonly string[], { system: { uptimeSeconds }, timestamp, print }: SystemScope): number {
  const minutes = Math.floor(uptimeSeconds / 60);
  const days = Math.floor(minutes / 1440);
  const clock = `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`;
  return said(
    print,
    ` ${timestamp.slice(11, 19)} up ${days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `}${clock},  0 users,  load average: 0.00, 0.00, 0.00`,
  );
}

function nproc(_: readonly string[], { system, print }: SystemScope): number {
  return said(print, String(system.cpus));
}

function arch(_: readonly string[], { print }: SystemScope): number {
  return said(print, 'x86_64');
}

function kill(rest: readonly string[], { system, complain }: SystemScope): number {
  const [first = ''] = rest;
  const isNamed = first.startsWith('-');
  const name = isNamed ? (rest[0] === '-s' ? (rest[1] ?? '') : first.slice(1)).replace(/^SIG/, '') : 'TERM';
  let status = 0;
  for (const text of rest.slice(isNamed ? (first === '-s' ? 2 : 1) : 0)) {
    const pid = Number(text);
    if (!Number.isInteger(pid)) complain(`sh: invalid number '${text}'\n`);
    else if (system.signal(pid, name === '15' ? 'TERM' : name === '9' ? 'KILL' : name === '0' ? '' : name)) continue;
    else complain(`sh: can't kill pid ${pid}: No such process\n`);
    status = 1;
  }
  return status;
}

function kibibytes(bytes: number): number {
  return Math.floor(bytes / 1024);
}

function said(print: (text: string) => void, line: string): number {
  print(`${line}\n`);
  return 0;
}

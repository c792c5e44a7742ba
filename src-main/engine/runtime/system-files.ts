// Files that the image or the kernel lays into every container: who there is, which system it is, what the machine and the container's own limits are.
import { parseImage } from './image-catalogue.ts';
import type { ShellSystem } from './system-commands.ts';

const PASSWD = [
  'root:x:0:0:root:/root:/bin/sh',
  'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
  'bin:x:2:2:bin:/bin:/bin/false',
  'sys:x:3:3:sys:/dev:/bin/false',
  'mail:x:8:8:mail:/var/spool/mail:/bin/false',
  'www-data:x:33:33:www-data:/var/www:/bin/false',
  'nobody:x:65534:65534:nobody:/home:/bin/false',
];
const GROUP = [
  'root:x:0:',
  'daemon:x:1:',
  'bin:x:2:',
  'sys:x:3:',
  'adm:x:4:',
  'disk:x:6:',
  'wheel:x:10:root',
  'www-data:x:33:',
  'nogroup:x:65534:',
];

const PATHS = ['/etc/group', '/etc/passwd'];
const RELEASE = '/etc/os-release';

/** Those that a list of all files shows; what the kernel tells is made when it is read. */
export function systemPaths(image: string): readonly string[] {
  return releaseOf(image) === undefined ? PATHS : [...PATHS, RELEASE];
}

/** undefined: it is none of them. */
export function systemFile(path: string, image: string, system: ShellSystem): string | undefined {
  if (path.startsWith('/proc/')) return processFile(path, system);
  if (path.startsWith('/sys/fs/cgroup/')) return limitFile(path, system);
  if (path === '/etc/passwd') return lines(PASSWD);
  if (path === '/etc/group') return lines(GROUP);
  return path === RELEASE ? releaseOf(image) : undefined;
}

/** upstream: Linux fs/proc */
function processFile(path: string, system: ShellSystem): string | undefined {
  const { memory, kernel, cpus, uptimeSeconds } = system;
  const kibibytes = (bytes: number): string => String(Math.floor(bytes / 1024)).padStart(8);
  const [, pid, name] = /^\/proc\/(\d+|self)\/(cmdline|comm)$/.exec(path) ?? [];
  if (pid !== undefined) {
    const command = system.processes().find((one) => String(one.pid) === (pid === 'self' ? '1' : pid))?.command;
    if (command === undefined) return undefined;
    return name === 'cmdline' ? `${command.replaceAll(' ', '\0')}\0` : `${(command.split(' ')[0] ?? '').split('/').at(-1)}\n`;
  }
  switch (path) {
    case '/proc/version':
      return `Linux version ${kernel} (debian-kernel@lists.debian.org) #1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)\n`;
    case '/proc/uptime':
      return `${uptimeSeconds.toFixed(2)} ${(uptimeSeconds * cpus).toFixed(2)}\n`;
    case '/proc/loadavg':
      return `0.00 0.00 0.00 1/${system.processes().length + 1} ${system.processes().length + 6}\n`;
    case '/proc/meminfo': {
      const free = memory.totalBytes - memory.usedBytes;
      return lines(
        [
          ['MemTotal', memory.totalBytes],
          ['MemFree', free],
          ['MemAvailable', free],
          ['Buffers', 0],
          ['Cached', 0],
          ['SwapTotal', 0],
          ['SwapFree', 0],
        ].map(([label, bytes]) => `${`${label}:`.padEnd(16)}${kibibytes(Number(bytes))} kB`),
      );
    }
    case '/proc/cpuinfo':
      return Array.from(
        { length: cpus },
        (_, index) => `processor\t: ${index}\nvendor_id\t: GenuineIntel\nmodel name\t: Virtual CPU\ncpu cores\t: ${cpus}\n\n`,
      ).join('');
    case '/proc/mounts':
      return lines([
        'overlay / overlay rw,relatime 0 0',
        ...system.mounts.map(({ device, path: at, type, readOnly }) => `${device} ${at} ${type} ${readOnly ? 'ro' : 'rw'},relatime 0 0`),
      ]);
    default:
      return undefined;
  }
}

/** upstream: Linux Documentation/admin-guide/cgroup-v2.rst */
function limitFile(path: string, { limits }: ShellSystem): string | undefined {
  switch (path) {
    case '/sys/fs/cgroup/memory.max':
      return `${limits.memoryBytes ?? 'max'}\n`;
    case '/sys/fs/cgroup/memory.current':
      return `${limits.memoryUsedBytes}\n`;
    case '/sys/fs/cgroup/cpu.max':
      return `${limits.cpuMillis === undefined ? 'max' : limits.cpuMillis * 100} 100000\n`;
    default:
      return undefined;
  }
}

function releaseOf(image: string): string | undefined {
  const { repository, tag } = parseImage(image);
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  if (name === 'alpine' || tag.includes('alpine')) return release('Alpine Linux', 'alpine', 'Alpine Linux v3.22', '3.22.1');
  if (name === 'ubuntu') return release('Ubuntu', 'ubuntu', 'Ubuntu 24.04.3 LTS', '24.04');
  const isDebian = ['debian', 'nginx', 'httpd', 'redis', 'postgres', 'perl', 'python', 'node', 'mariadb', 'wordpress'].includes(name);
  return isDebian ? release('Debian GNU/Linux', 'debian', 'Debian GNU/Linux 12 (bookworm)', '12') : undefined;
}

function release(name: string, id: string, pretty: string, version: string): string {
  return lines([`PRETTY_NAME="${pretty}"`, `NAME="${name}"`, `VERSION_ID="${version}"`, `ID=${id}`]);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

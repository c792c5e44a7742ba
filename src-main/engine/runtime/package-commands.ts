// Programs that bring other programs into a container: apk, apt-get, dnf. What they install lies in the container's own layer, and is gone with it.
import type { WriteFault } from './file-tree.ts';

interface PackageScope {
  write(path: string, content: string): WriteFault;
  print(text: string): void;
  complain(text: string): void;
  took(forMs: number): void;
}

type PackageCommand = (rest: readonly string[], scope: PackageScope) => number;

/** What is used of a mirror not far away. */
const INDEX_MS = 2000;
const PACKAGE_MS = 1000;
/** Packages that are not called as their programs are. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  ...from(['nslookup', 'dig', 'host'], 'bind-tools', 'bind-utils', 'bind9-dnsutils', 'bind9-host', 'dnsutils'),
  ...from(['ping'], 'iputils', 'iputils-ping', 'inetutils-ping'),
  ...from(['nc'], 'netcat', 'netcat-openbsd', 'netcat-traditional', 'nmap-ncat'),
  ...from(['ps', 'top', 'free', 'uptime'], 'procps', 'procps-ng'),
  ...from(['ip'], 'iproute2', 'iproute'),
  ...from(['ifconfig', 'netstat'], 'net-tools'),
};

function from(programs: readonly string[], ...packages: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(packages.map((name) => [name, programs]));
}

export const packageCommands: Readonly<Record<string, PackageCommand>> = {
  apk: (rest, scope) => run(rest, scope, 'add', (name, at, of) => `(${at}/${of}) Installing ${name}\n`),
  ...Object.fromEntries(['apt-get', 'apt'].map((name) => [name, debian])),
  ...Object.fromEntries(['dnf', 'microdnf', 'yum'].map((name) => [name, redHat])),
};

function debian(rest: readonly string[], scope: PackageScope): number {
  return run(rest, scope, 'install', (name) => `Setting up ${name} ...\n`);
}

function redHat(rest: readonly string[], scope: PackageScope): number {
  return run(rest, scope, 'install', (name) => `Installed: ${name}\n`);
}

function run(
  rest: readonly string[],
  { write, print, complain, took }: PackageScope,
  verb: string,
  said: (name: string, at: number, of: number) => string,
): number {
  const [wanted = '', ...names] = rest.filter((word) => !word.startsWith('-'));
  if (wanted === 'update' || rest.includes('--no-cache')) took(INDEX_MS);
  if (wanted !== verb) return 0;
  for (const [at, written] of names.entries()) {
    const name = written.replace(/[=<>~@].*$/, '');
    for (const program of Object.hasOwn(PROGRAMS, name) ? (PROGRAMS[name] ?? []) : [name]) {
      const fault = write(installedAt(program), 'orrery: a program that was installed\n');
      if (fault === '') continue;
      complain(`${name}: ${fault}\n`);
      return 1;
    }
    took(PACKAGE_MS);
    print(said(name, at + 1, names.length));
  }
  return 0;
}

/** Where a program lies that came later than the image. */
export function installedAt(program: string): string {
  return `/usr/bin/${program}`;
}

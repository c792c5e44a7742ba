// Programs that do what their words tell them: agnhost, a box of many servers; stress, which uses as much of a machine as it is told; small servers that a script starts.
import { parseImage } from './image-catalogue.ts';
import { scriptIn } from './shell-program.ts';
import { sizeOf } from './size-commands.ts';
import { isEndless } from './unending-commands.ts';

export interface ToldContainer {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

/** What a program does by its words; what is absent goes by the image. */
export interface ToldProgram {
  readonly ports?: readonly number[];
  /** From then on it answers every request with 500. */
  readonly httpErrorsAfterMs?: number;
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
  /** It ends by itself. */
  readonly runMs?: number;
}

/** upstream: test/images/agnhost/liveness/server.go */
const ALIVE_MS = 10_000;

/** Where the servers in agnhost listen, unless they are told otherwise; what is not here does not listen. upstream: test/images/agnhost/README.md */
const AGNHOST_PORTS: Readonly<Record<string, readonly number[]>> = {
  ...{ liveness: [8080], netexec: [8080], nettest: [8080], 'no-snat-test': [8080], 'audit-proxy': [8080], 'fake-gitserver': [8000] },
  ...{ guestbook: [80], 'test-webserver': [80], 'serve-hostname': [9376], 'grpc-health-checking': [5000, 8080] },
  ...{ webhook: [443], 'crd-conversion-webhook': [443] },
};

const told = new WeakMap<ToldContainer, ToldProgram>();

/** Empty for programs that need not be told anything. */
export function toldProgram(container: ToldContainer): ToldProgram {
  let known = told.get(container);
  if (known === undefined) {
    known = read(container);
    told.set(container, known);
  }
  return known;
}

function read({ image = '', command = [], args = [] }: ToldContainer): ToldProgram {
  const { repository } = parseImage(image);
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const [program = '', ...words] = command.length > 0 ? [...command, ...args] : [name, ...args];
  const base = program.slice(program.lastIndexOf('/') + 1);
  if (base === 'agnhost') return agnhost(words);
  if (name === 'liveness') return { ports: [8080], httpErrorsAfterMs: ALIVE_MS };
  if (base === 'stress' || base === 'stress-ng') return stress(words);
  const port = /^(ba|da|a)?sh$/.test(base) ? serverPortIn(scriptIn([program, ...words]) ?? '') : serverPort(base, words);
  if (port !== undefined) return { ports: [port] };
  return isEndless(base, words) ? { cpuMillis: 1000 } : {};
}

const SERVERS = /(?<![\w./-])(nc|ncat|httpd|python[\d.]*)((?:[ \t]+[^\s;|&()]+)+)/g;

function serverPortIn(script: string): number | undefined {
  for (const [, program = '', words = ''] of script.matchAll(SERVERS)) {
    const port = serverPort(program, words.trim().split(/[ \t]+/));
    if (port !== undefined) return port;
  }
  return undefined;
}

/** Where a small server listens that a command starts; undefined: it starts none. */
export function serverPort(program: string, words: readonly string[]): number | undefined {
  if (/^(nc|ncat|netcat)$/.test(program)) {
    if (!words.some((word) => /^-[a-z]*l/.test(word) || word === '--listen')) return undefined;
    return (
      numberIn(optionIn(words, '-p')) ??
      numberIn(words.findLast((word) => /^\d+$/.test(word))) ??
      numberIn(/\d+$/.exec(words.find((word) => /^-[a-z]+\d+$/.test(word)) ?? '')?.[0])
    );
  }
  // busybox's own: in the background, and thus at an end, without -f.
  if (program === 'httpd') return words.some((word) => /^-[a-z]*f/.test(word)) ? (numberIn(optionIn(words, '-p')) ?? 80) : undefined;
  if (!/^python[\d.]*$/.test(program)) return undefined;
  const at = words.findIndex((word) => word === 'http.server' || word === 'SimpleHTTPServer');
  return at < 1 || words[at - 1] !== '-m' ? undefined : (numberIn(words[at + 1]) ?? 8000);
}

function agnhost([server = 'pause', ...words]: readonly string[]): ToldProgram {
  const given = ['--port', '--http-port'].flatMap((name) => numberIn(optionIn(words, name)) ?? []);
  const ports = given.length > 0 ? given : Object.hasOwn(AGNHOST_PORTS, server) ? (AGNHOST_PORTS[server] ?? []) : [];
  return server === 'liveness' ? { ports, httpErrorsAfterMs: ALIVE_MS } : { ports };
}

/** Of stress, stress-ng and vish/stress, whose options have one dash. */
function stress(words: readonly string[]): ToldProgram {
  const count = (...names: readonly string[]): number => numberIn(optionIn(words, ...names)) ?? 0;
  const workers = count('--vm', '-m');
  const whole = optionIn(words, '-mem-total');
  const bytes = sizeOf((whole ?? optionIn(words, '--vm-bytes') ?? '256M').replace(/i$/, 'iB')) ?? 0;
  // A worker that holds on to its memory sleeps; any other works.
  const busy = optionIn(words, '--vm-hang', '--vm-keep') === undefined ? workers : 0;
  const cores = count('--cpu', '-c', '-cpus') + count('--io', '-i') + count('--hdd', '-d') + busy;
  const [, digits, unit = ''] = /^(\d{1,9})([smhdy]?)$/.exec(optionIn(words, '--timeout', '-t') ?? '') ?? [];
  return {
    cpuMillis: cores * 1000,
    memoryBytes: Math.min(Number.MAX_SAFE_INTEGER, whole === undefined ? workers * bytes : bytes),
    ...(digits === undefined ? {} : { runMs: Number(digits) * (SECONDS[unit] ?? 1) * 1000 }),
  };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_557_600 };

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Of `--name value`, `--name=value` or `-n4`. */
function optionIn(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    if (names.includes(word)) return words[at + 1] ?? '';
    const equals = word.indexOf('=');
    if (equals > 0 && names.includes(word.slice(0, equals))) return word.slice(equals + 1);
    if (/^-[a-z]\d/.test(word) && names.includes(word.slice(0, 2))) return word.slice(2);
  }
  return undefined;
}

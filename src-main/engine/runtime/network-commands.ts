// The programs of the small shell that speak with others: wget, curl, nc and nslookup, in the words of busybox 1.36 and curl 8.
import type { WriteFault } from './file-tree.ts';
import { statusLineOf } from './http-answer.ts';

export type Sent =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly address: string }
  | { readonly kind: 'silent'; readonly address: string }
  /** The other side shows a certificate that the caller does not trust. */
  | { readonly kind: 'untrusted'; readonly address: string; readonly certificate: Certificate }
  | { readonly kind: 'answered'; readonly address: string; readonly text: string; readonly tookMs?: number };

/** Who signed it, and whom it is for. */
export interface Certificate {
  readonly authority: string;
  readonly names: readonly string[];
}

/** What of the network a process sees. */
export interface ShellNetwork {
  /** Does the container's image have the program? */
  has(program: string): boolean;
  resolve(host: string): readonly string[];
  /** Opens a connection, sends a text, and waits until the other side has closed. `trusts`: it speaks TLS, and goes on if that holds of what it is shown. */
  send(host: string, port: number, text: string, trusts?: (certificate: Certificate) => boolean): Sent;
  /** Where names are asked for. */
  readonly nameServer: string;
}

export interface NetworkScope {
  readonly network: ShellNetwork;
  print(text: string): void;
  complain(text: string): void;
  read(path: string): string | null;
  write(path: string, content: string): WriteFault;
}

export interface NetworkResult {
  readonly status: number;
  readonly tookMs: number;
}

type NetworkCommand = (rest: readonly string[], scope: NetworkScope) => NetworkResult;

/** Six times a SYN is sent again, each time after twice as long. upstream: Linux tcp_syn_retries */
const CONNECT_MS_MAX = 127_000;
const SECOND_MS = 1000;

export const networkCommands: Readonly<Record<string, NetworkCommand>> = { wget, curl, nc, nslookup };

interface Url {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** As it was written, with its port. */
  readonly authority: string;
  readonly isSecure: boolean;
}

function wget(rest: readonly string[], scope: NetworkScope): NetworkResult {
  const { flags, values, words, headers } = optionsOf(rest, 'OTtPUoY', [
    'header',
    'post-data',
    'timeout',
    'tries',
    'output-document',
    'user-agent',
  ]);
  const url = urlOf(words[0]);
  if (url === null)
    return told(scope, words[0] === undefined ? 'BusyBox v1.36.1 multi-call binary.\n' : `wget: bad address '${words[0]}'\n`, 1);
  const isQuiet = flags.has('q') || flags.has('quiet');
  const timeout = values.get('T') ?? values.get('timeout');
  const posted = values.get('post-data');
  const form = posted === undefined ? [] : [FORM];
  const asked = requestText(posted === undefined ? 'GET' : 'POST', url, posted ?? '', withUsual(headers, ['User-Agent: Wget', ...form]));
  // It looks at no certificate. upstream: busybox networking/wget.c spawn_ssl_client
  const sent = scope.network.send(url.host, url.port, asked, url.isSecure ? () => true : undefined);
  if (sent.kind === 'unknown') return told(scope, `wget: bad address '${url.authority}'\n`, 1);
  if (url.isSecure && !flags.has('no-check-certificate')) scope.complain('wget: note: TLS certificate validation not implemented\n');
  if (!isQuiet) scope.complain(`Connecting to ${url.authority} (${sent.address}:${url.port})\n`);
  const failed = `wget: can't connect to remote host (${sent.address}): Connection`;
  if (sent.kind === 'refused') return told(scope, `${failed} refused\n`, 1);
  if (sent.kind === 'silent') {
    if (timeout === undefined) return told(scope, `${failed} timed out\n`, 1, CONNECT_MS_MAX);
    return told(scope, 'wget: download timed out\n', 1, Number(timeout) * SECOND_MS);
  }
  const { text, tookMs = 0 } = sent.kind === 'answered' ? sent : { text: '' };
  const { head, body } = partsOf(text);
  if (head === '') return told(scope, 'wget: error getting response\n', 1);
  if (flags.has('S')) scope.complain(`${head.replaceAll(/^/gm, '  ')}\n`);
  const { code, line } = statusLineOf(head);
  if (code >= 400) return told(scope, `wget: server returned error: ${line}\n`, 1, tookMs);
  if (flags.has('spider')) return told(scope, isQuiet ? '' : 'remote file exists\n', 0);
  const { status } = saved(values.get('O') ?? values.get('output-document') ?? fileNameOf(url), body, isQuiet, scope);
  return { status, tookMs };
}

function saved(file: string, body: string, isQuiet: boolean, scope: NetworkScope): NetworkResult {
  const toOutput = file === '-';
  const bar = `${(toOutput ? '-' : file).slice(0, 20).padEnd(20)} 100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA\n`;
  if (!isQuiet)
    scope.complain(
      `${toOutput ? 'writing to stdout' : `saving to '${file}'`}\n${bar}${toOutput ? 'written to stdout' : `'${file}' saved`}\n`,
    );
  if (toOutput) scope.print(body);
  const fault = toOutput || file.startsWith('/dev/') ? '' : scope.write(file, body);
  if (fault === '') return DONE;
  return told(scope, fault === 'Read-only file system' ? `wget: can't open '${file}': ${fault}\n` : `wget: short write: ${fault}\n`, 1);
}

function curl(rest: readonly string[], scope: NetworkScope): NetworkResult {
  const longs = [
    'output',
    'write-out',
    'max-time',
    'header',
    'request',
    'data',
    'connect-timeout',
    'retry',
    'user-agent',
    'url',
    'cacert',
    'oauth2-bearer',
  ];
  const { flags, values, words, headers } = optionsOf(rest, 'owmHXduAebcx', longs);
  const has = (short: string, long: string): boolean => flags.has(short) || flags.has(long);
  const url = urlOf(values.get('url') ?? words[0]);
  const isSilent = has('s', 'silent');
  const fail = (status: number, text: string, tookMs = 0): NetworkResult =>
    told(scope, isSilent && !has('S', 'show-error') ? '' : `curl: (${status}) ${text}\n`, status, tookMs);
  if (url === null) return told(scope, 'curl: (2) no URL specified\n', 2);
  const data = values.get('d') ?? values.get('data');
  const method = has('I', 'head') ? 'HEAD' : (values.get('X') ?? values.get('request') ?? (data === undefined ? 'GET' : 'POST'));
  const ca = values.get('cacert');
  const authority = ca === undefined ? undefined : scope.read(ca);
  if (authority === null) return fail(77, `error setting certificate file: ${ca}`);
  const bearer = values.get('oauth2-bearer');
  const usual = ['User-Agent: curl/8.14.1', 'Accept: */*', ...(bearer === undefined ? [] : [`Authorization: Bearer ${bearer}`])];
  const asked = requestText(method, url, data ?? '', withUsual(headers, [...usual, ...(data === undefined ? [] : [FORM])]));
  const trusts = (shown: Certificate): boolean => has('k', 'insecure') || (isOf(shown, authority) && shown.names.includes(url.host));
  const sent = scope.network.send(url.host, url.port, asked, url.isSecure ? trusts : undefined);
  if (sent.kind === 'untrusted') return fail(60, `${certificateFault(sent.certificate, authority, url.host)}\n${LEARN_MORE}`);
  if (sent.kind === 'unknown') return fail(6, `Could not resolve host: ${url.host}`);
  if (sent.kind === 'refused') return fail(7, `Failed to connect to ${url.host} port ${url.port} after 1 ms: Could not connect to server`);
  if (sent.kind === 'silent') {
    const seconds = values.get('m') ?? values.get('max-time') ?? values.get('connect-timeout');
    const tookMs = seconds === undefined ? CONNECT_MS_MAX : Math.round(Number(seconds) * SECOND_MS);
    return seconds === undefined
      ? fail(28, `Failed to connect to ${url.host} port ${url.port} after ${tookMs} ms: Could not connect to server`, tookMs)
      : fail(28, `Connection timed out after ${tookMs} milliseconds`, tookMs);
  }
  const { tookMs = 0 } = sent;
  const { head, body } = partsOf(sent.text);
  if (head === '') return fail(52, 'Empty reply from server');
  const { code } = statusLineOf(head);
  if (has('f', 'fail') && code >= 400) return fail(22, `The requested URL returned error: ${code}`, tookMs);
  const withHead = has('I', 'head') || has('i', 'include');
  const shown = `${withHead ? `${head}\r\n\r\n` : ''}${method === 'HEAD' ? '' : body}`;
  const file = values.get('o') ?? values.get('output') ?? '-';
  if (!isSilent) scope.complain(meter(shown.length));
  if (file === '-') scope.print(shown);
  else if (!file.startsWith('/dev/') && scope.write(file, shown) !== '')
    return fail(23, `client returned ERROR on write, ${shown.length} bytes`);
  const written = (values.get('w') ?? values.get('write-out') ?? '').replaceAll('\\n', '\n');
  scope.print(written.replaceAll(/%\{(http_code|response_code)\}/g, String(code)).replaceAll(/%\{[a-z_]+\}/g, ''));
  return { status: 0, tookMs };
}

function isOf({ authority }: Certificate, known: string | undefined): boolean {
  return known?.includes(authority.trim()) === true;
}

function certificateFault(certificate: Certificate, known: string | undefined, host: string): string {
  if (!isOf(certificate, known)) return 'SSL certificate problem: unable to get local issuer certificate';
  return `SSL: no alternative certificate subject name matches target host name '${host}'`;
}

const LEARN_MORE = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.`;

function meter(bytes: number): string {
  const size = String(bytes).padStart(5);
  return `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n100 ${size}  100 ${size}    0     0 ${size}k      0 --:--:-- --:--:-- --:--:-- ${size}k\n`;
}

function nc(rest: readonly string[], scope: NetworkScope): NetworkResult {
  const { flags, values, words } = optionsOf(rest, 'wpsi', []);
  const [host = '', port = ''] = words;
  const sent = scope.network.send(host, Number(port), '');
  if (sent.kind === 'unknown') return told(scope, `nc: bad address '${host}'\n`, 1);
  const name = `${host} (${sent.address}:${port})`;
  if (sent.kind === 'refused') return told(scope, `nc: ${name}: Connection refused\n`, 1);
  const seconds = values.get('w');
  if (sent.kind === 'silent')
    return told(scope, `nc: ${name}: Connection timed out\n`, 1, seconds === undefined ? CONNECT_MS_MAX : Number(seconds) * SECOND_MS);
  return told(scope, flags.has('v') ? `${name} open\n` : '', 0);
}

function nslookup(rest: readonly string[], { network, print }: NetworkScope): NetworkResult {
  const [host = ''] = rest.filter((word) => !word.startsWith('-'));
  const { nameServer } = network;
  print(`Server:\t\t${nameServer}\nAddress:\t${nameServer}:53\n\n`);
  const addresses = network.resolve(host);
  if (addresses.length === 0) {
    print(`** server can't find ${host}: NXDOMAIN\n\n`);
    return { status: 1, tookMs: 0 };
  }
  for (const address of addresses) print(`Name:\t${host}\nAddress: ${address}\n`);
  print('\n');
  return DONE;
}

const DONE: NetworkResult = { status: 0, tookMs: 0 };

function told({ complain }: NetworkScope, text: string, status: number, tookMs = 0): NetworkResult {
  complain(text);
  return { status, tookMs };
}

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** Of `-H` and `--header`, which may come more than once. */
  readonly headers: readonly string[];
}

/** `valued`: letters that take a value, at once or as the next word; `longs`: long options that do. */
function optionsOf(rest: readonly string[], valued: string, longs: readonly string[]): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const words: string[] = [];
  const headers: string[] = [];
  const put = (name: string, value: string): void => {
    if ((name === 'H' || name === 'header') && value.includes(':')) headers.push(value);
    values.set(name, value);
  };
  const waiting = [...rest];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = word.slice(2, equals < 0 ? undefined : equals);
      if (equals >= 0) put(name, word.slice(equals + 1));
      else if (longs.includes(name)) put(name, waiting.shift() ?? '');
      else flags.add(name);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] as string;
        if (!valued.includes(letter)) flags.add(letter);
        else {
          put(letter, word.slice(at + 1) || (waiting.shift() ?? ''));
          break;
        }
      }
    } else words.push(word);
  }
  return { flags, values, words, headers };
}

function urlOf(text: string | undefined): Url | null {
  const match = /^(?:(https?):\/\/)?(?:[^/@]*@)?(([^/:?#]+)(?::(\d+))?)([/?][^#]*)?/.exec(text ?? '');
  if (match === null) return null;
  const [, scheme = 'http', authority = '', host = '', port, path = '/'] = match;
  return {
    host,
    port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    path: path.startsWith('/') ? path : `/${path}`,
    authority,
    isSecure: scheme === 'https',
  };
}

function fileNameOf({ path }: Url): string {
  const plain = path.split('?')[0] ?? '';
  return plain.slice(plain.lastIndexOf('/') + 1) || 'index.html';
}

const FORM = 'Content-Type: application/x-www-form-urlencoded';

/** What somebody gives takes the place of what is usual. */
function withUsual(given: readonly string[], usual: readonly string[]): readonly string[] {
  const name = (header: string): string => header.slice(0, header.indexOf(':')).toLowerCase();
  return [...usual.filter((header) => !given.some((other) => name(other) === name(header))), ...given];
}

function requestText(method: string, { authority, path }: Url, data: string, headers: readonly string[]): string {
  const all = [`Host: ${authority}`, ...headers.map((header) => header.replaceAll(/[\r\n]/g, '')), 'Connection: close'];
  return `${method} ${path} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${data}`;
}

function partsOf(text: string): { readonly head: string; readonly body: string } {
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? { head: '', body: '' } : { head: text.slice(0, end), body: text.slice(end + 4) };
}

// A command in a container over a connection of channels: what comes in on one channel is its input, what it writes goes out on others, and at last its status.
// upstream: apimachinery pkg/util/remotecommand/constants.go, apiserver pkg/util/wsstream (v4.channel.k8s.io, v5.channel.k8s.io)

import type { ShellMemory } from '../../engine/api/rest/container-access.ts';
import { isSet, parameters, type RestAnswer, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { ExecResult } from '../../engine/api/rest/subresources/exec.ts';
import { bytesOfText, textOfBytes } from './byte-text.ts';
import { type ChannelSocket, CLOSE, ERROR, STDERR, STDIN, STDOUT } from './channel-socket.ts';
import { TerminalSession } from './terminal-session.ts';

/** What somebody copies into a container at once. */
const INPUT_BYTES_MAX = 16_000_000;
/** A client that cannot tell the end of its input: what has come by then is all. */
const INPUT_MS = 200;
const NORMAL_CLOSURE = 1000;

export type Ask = (request: RestRequest) => RestAnswer;

export function runOverSocket(socket: ChannelSocket, request: RestRequest, ask: Ask): void {
  const command = parameters(request, 'command');
  const channels = new Channels(socket, isSet(request, 'tty'));
  const run = (argv: readonly string[], input: string, memory?: ShellMemory): RestAnswer => {
    const body = { input, ...(memory === undefined ? {} : { memory: { ...memory } }) };
    return ask({ ...request, method: 'POST', query: withCommand(request, argv), body });
  };
  const finish = (answer: RestAnswer): void => {
    if (answer.code !== 200) channels.end(answer.body as object);
    else channels.finish(answer.body as ExecResult);
  };
  const [shell = 'sh'] = command;
  if (isSet(request, 'tty') && isSet(request, 'stdin') && isShell(command)) {
    // The image may have no such shell; and where there is one, it tells where it begins.
    const begun = run([shell, '-c', ':'], '', { variables: {}, status: 0 });
    if (begun.code !== 200) {
      channels.end(begun.body as object);
      return;
    }
    const session = new TerminalSession(
      (begun.body as ExecResult).memory ?? { variables: {}, status: 0 },
      (line, memory) => run([shell, '-c', line], '', memory),
      (text) => channels.send(STDOUT, text),
      (status) => channels.finish({ status, output: '', complaints: '' }),
    );
    channels.onInput((text) => session.type(text));
    return;
  }
  const start = (input: string): void => finish(isShell(command) ? run([shell, '-c', input], '') : run(command, input));
  if (!isSet(request, 'stdin') || !readsInput(command)) start('');
  else channels.onWholeInput(start);
}

/** A shell that reads its commands from its input. */
function isShell(command: readonly string[]): boolean {
  return /(^|\/)(ba|da|a)?sh$/.test(command[0] ?? '') && !command.some((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
}

/** Does the command wait for its input? One that does not ends without it. */
function readsInput(command: readonly string[]): boolean {
  if (isShell(command)) return true;
  const text = command.join(' ');
  if (/\btar\b.*\bx?[a-z]*f -/.test(text)) return true;
  // What stands behind a pipe reads what stands before it.
  return text.split(/[;&]+/).some((part) => READERS.some((reader) => reader.test(part.split('|')[0] ?? '')));
}

const READERS = [
  /(^|[\s/])(tee|tr|xargs|read)(\s|$)/,
  /(^|[\s/])(cat|wc|sort|uniq|head|tail)(\s+-\S*)*\s*($|[><])/,
  /(^|[\s/])(grep|cut|sed|awk)(\s+-\S+)*(\s+[^\s-]\S*)?\s*($|[><])/,
];

function withCommand(request: RestRequest, argv: readonly string[]): RestRequest['query'] {
  return [...request.query.filter(([name]) => name !== 'command'), ...argv.map((word) => ['command', word] as const)];
}

/** The numbered streams in one socket: the first byte of each message tells which. */
export class Channels {
  readonly #socket: ChannelSocket;
  readonly #tty: boolean;

  constructor(socket: ChannelSocket, tty: boolean) {
    this.#socket = socket;
    this.#tty = tty;
  }

  send(channel: number, text: string): void {
    if (text === '' || !this.#socket.isOpen()) return;
    const shown = this.#tty ? text.replace(/\r?\n/g, '\r\n') : text;
    this.#socket.send(Buffer.concat([Buffer.from([this.#tty && channel === STDERR ? STDOUT : channel]), bytesOfText(shown)]));
  }

  onInput(hear: (text: string) => void): void {
    this.#socket.onMessage((bytes) => {
      if (bytes[0] === STDIN) hear(bytes.subarray(1).toString());
    });
  }

  /** Calls back once, when the input has ended. */
  onWholeInput(hear: (text: string) => void): void {
    const parts: Buffer[] = [];
    let length = 0;
    let done = false;
    const end = (): void => {
      if (!done) hear(textOfBytes(Buffer.concat(parts)));
      done = true;
    };
    this.#socket.onMessage((bytes) => {
      if (bytes[0] === CLOSE && bytes[1] === STDIN) end();
      if (bytes[0] !== STDIN) return;
      length += bytes.length;
      if (length > INPUT_BYTES_MAX) this.#socket.terminate();
      parts.push(bytes.subarray(1));
    });
    if (!this.#socket.endsInput) setTimeout(end, INPUT_MS);
  }

  finish({ status, output, complaints }: ExecResult): void {
    this.send(STDOUT, output);
    this.send(STDERR, complaints);
    const success = { metadata: {}, status: 'Success' };
    const failure = {
      metadata: {},
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: `command terminated with non-zero exit code: exit status ${status}`,
      details: { causes: [{ reason: 'ExitCode', message: String(status) }] },
    };
    this.end(status === 0 ? success : failure);
  }

  /** The status goes first, and the socket closes in a later turn: a client that reads both at once would lose the status. */
  end(status: object): void {
    this.#socket.send(Buffer.concat([Buffer.from([ERROR]), Buffer.from(JSON.stringify(status))]), () => {
      setTimeout(() => this.#socket.close(NORMAL_CLOSURE), 20);
    });
  }
}

// One connection to a port of a pod: gathers what the client sends until it is a whole request, asks, and hands over what comes of it.
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { PortForwardResult } from '../../engine/api/rest/subresources/port-forward.ts';
import type { Ask } from './exec-stream.ts';

const INPUT_BYTES_MAX = 1_000_000;

export class PortExchange {
  readonly #request: RestRequest;
  readonly #port: number;
  readonly #ask: Ask;
  readonly #answered: (answer: string, error: string) => void;
  #input = '';
  #isOver = false;

  constructor(request: RestRequest, port: number, ask: Ask, answered: (answer: string, error: string) => void) {
    this.#request = request;
    this.#port = port;
    this.#ask = ask;
    this.#answered = answered;
  }

  /** False when it is too much. */
  received(data: Buffer): boolean {
    if (this.#isOver) return true;
    this.#input += data.toString('latin1');
    if (this.#input.length > INPUT_BYTES_MAX) return false;
    if (isWhole(this.#input)) this.end();
    return true;
  }

  /** The client sends nothing more. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { code, body } = this.#ask({ ...this.#request, method: 'POST', body: { port: this.#port, input: this.#input } });
    if (code !== 200) this.#answered('', (body as { message: string }).message);
    else this.#answered((body as PortForwardResult).answer, (body as PortForwardResult).error);
  }
}

/** Has an HTTP request come to its end, with the body that its head speaks of? */
function isWhole(input: string): boolean {
  const end = /\r?\n\r?\n/.exec(input);
  if (end === null) return false;
  const head = input.slice(0, end.index);
  const body = input.slice(end.index + end[0].length);
  if (/^transfer-encoding:.*chunked/im.test(head)) return /(^|\n)0\r?\n\r?\n$/.test(body);
  return body.length >= Number(/^content-length: *(\d{1,9})/im.exec(head)?.[1] ?? 0);
}

/**
 * Joins one window to the lab: answers requests and pushes news at most once a frame.
 * Both hosts call this and nothing else, so a window cannot tell which host it has.
 */
import { MAX_MESSAGE, type ToWindow } from '../contract/bridge.ts';
import type { LabSession, OpenView, RequestHandlers, SessionOptions } from './lab-host.ts';

export const FRAME_MS = 16;

export function openSession(openView: OpenView, send: (text: string) => void, options: SessionOptions = {}): LabSession {
  const post = (message: ToWindow): void => send(JSON.stringify(message));
  const pace = new FramePace(() => {
    if (options.canTakeFrame?.() === false) return false;
    const frame = view.takeFrame();
    if (frame) post({ frame });
    return true;
  });
  const view = openView(() => pace.request());
  const handlers: RequestHandlers = { ...options.services, ...view.handlers };
  let open = true;

  const answer = (id: number, { method, params }: Request): void => {
    const refuse = (error: unknown): void => {
      if (open) post({ id, ok: false, error: error instanceof Error ? error.message : String(error) });
    };
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new Error(`unknown request: ${method}`);
      const result = handler(params ?? {});
      if (result instanceof Promise) {
        result.then((value) => open && post({ id, ok: true, result: value ?? null })).catch(refuse);
      } else {
        post({ id, ok: true, result: result ?? null });
      }
    } catch (error) {
      refuse(error);
    }
  };

  return {
    receive: (text) => {
      if (!open || typeof text !== 'string') return;
      if (text.length > MAX_MESSAGE) {
        const id = /^\{"id":(\d{1,15}),/.exec(text.slice(0, 32))?.[1];
        const limit = MAX_MESSAGE / 1024 / 1024;
        if (id) post({ id: Number(id), ok: false, error: `the message is larger than ${limit} MB; nothing of it was used` });
        return;
      }
      const request = parseRequest(text);
      if (request) answer(request.id, request);
    },
    close: () => {
      open = false;
      pace.stop();
      view.close();
    },
  };
}

/** Calls `flush` at once when the last one is a frame ago, else when the frame is over; again later when `flush` says no. */
class FramePace {
  readonly #flush: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;
  #stopped = false;

  constructor(flush: () => boolean) {
    this.#flush = flush;
  }

  request(): void {
    this.#wanted = true;
    if (this.#timer === undefined && !this.#stopped) this.#timer = setTimeout(() => this.#frame(), 0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #frame(): void {
    this.#timer = undefined;
    if (!this.#wanted || this.#stopped) return;
    // A flush may ask for the next one.
    this.#wanted = false;
    if (!this.#flush()) this.#wanted = true;
    this.#timer = setTimeout(() => this.#frame(), FRAME_MS);
  }
}

/** What comes from a window, before its name and parameters are believed. */
interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

function parseRequest(text: string): Request | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined; // without an id there is nobody to answer
  }
  const { id, method, params } = (message ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(id) && typeof method === 'string' ? { id: id as number, method, params } : undefined;
}

/**
 * What a host (Electron window, loopback server) needs to know of a lab, and what a session needs of it.
 * Hosts carry text and never learn what the lab is, so the same program runs behind either of them.
 */
import type { Handlers } from '../contract/bridge.ts';
import type { Frame } from '../contract/view.ts';

/** One per program: the lab as the hosts see it. */
export interface LabHost {
  /** Joins one window. `services` are requests that the host itself answers, such as file dialogs. */
  openSession(send: (text: string) => void, options?: SessionOptions): LabSession;
  /** The program is about to end: the last chance to save, synchronously. */
  close(): void;
}

export interface LabSession {
  /** Feed it everything that comes from the window; what is not a request is dropped. */
  receive(text: unknown): void;
  close(): void;
}

export interface SessionOptions {
  readonly services?: RequestHandlers;
  /** False while the window has not taken what was sent before: frames then wait and merge. */
  readonly canTakeFrame?: () => boolean;
}

/** A handler checks its own parameters: they come from another process. */
// biome-ignore lint/suspicious/noExplicitAny: each handler declares the parameters of its request in the contract
export type RequestHandlers = Readonly<Record<string, (params: any) => unknown>>;

/** A lab as seen by one window. */
export interface LabView {
  readonly handlers: Handlers;
  /** Everything new since the last call, or undefined. Called at most once a frame. */
  takeFrame(): Frame | undefined;
  close(): void;
}

/** Opens a view; `changed` says, as often as it likes, that there is a new frame. */
export type OpenView = (changed: () => void) => LabView;

/**
 * The text pipe between a window and the main process: its names, limits and envelope.
 * Only text crosses, because both hosts (Electron IPC and a WebSocket) then behave alike and nothing can lose its prototype on the way.
 */

/** What the preload exposes as `window.lab`, and what the browser host's page makes out of a WebSocket. */
export interface Pipe {
  readonly host: 'electron' | 'browser';
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
}

/** Window to main. `id` is written first, so that even a message too long to be read can be answered. */
export interface PipeRequest {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}
/** Main to window: the answer to one request, or something nobody asked for (at most one a frame, menu choices apart). */
export type PipeMessage =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string; readonly details?: unknown }
  | { readonly push: unknown }
  | { readonly menu: MenuChoice };

/** The entries of Electron's menu that the window carries out, by the same code as its own buttons. */
export type MenuChoice = 'openManifest' | 'openSnapshot' | 'saveSnapshot';

/** What the host itself answers, beside the lab: native file dialogs. The browser host has none; its page uses an input and a download. */
export interface HostRequests {
  'host.openFiles': [params: { readonly kind: FileKind }, result: readonly OpenedFile[]];
  'host.saveFile': [params: { readonly suggestedName: string; readonly base64: string }, result: { readonly savedAs: string | null }];
}
export type FileKind = 'manifest' | 'snapshot';
export interface OpenedFile {
  readonly name: string;
  readonly base64: string;
}

export const PIPE_CHANNEL = 'lab';
/** Sent by the preload once for each page load: the main process then starts a fresh session, as a new WebSocket would. */
export const PIPE_OPEN_CHANNEL = 'lab:open';
export const MESSAGE_CHARACTERS_MAX = 256 * 1024 * 1024;
/** Base64 takes four characters for three bytes, and the envelope a few more. */
export const FILE_BYTES_MAX = 180 * 1024 * 1024;

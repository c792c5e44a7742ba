/**
 * What the host itself answers beside the lab: native file dialogs, where there are any.
 * The browser host has none; its page uses a file input and a download instead.
 */
import type { DoorRecord } from './door.ts';

export interface HostRequests {
  /** The window's language: the host's own words, in its menu and dialogs, follow it. */
  'host.language': [params: { readonly language: LanguageName }, result: Record<never, never>];
  /** An empty list means that the person cancelled. */
  'host.openFiles': [params: { readonly kind: FileKind }, result: readonly OpenedFile[]];
  /** The snapshot that the system gave the program to open, by a double click or on the command line; asked on `open-given`. */
  'host.givenFiles': [params: Record<never, never>, result: readonly OpenedFile[]];
  /** The kubectl door, and who came through it; null: this host has none of its own. */
  'host.door': [params: Record<never, never>, result: DoorRecord | null];
  'host.doorSwitch': [params: { readonly on: boolean }, result: DoorRecord];
  /** Adds the lab to the person's own kubeconfig, as its current context. */
  'host.doorMerge': [params: Record<never, never>, result: { readonly file: string; readonly context: string }];
  /** Opens a terminal in which kubectl speaks to the lab. */
  'host.doorTerminal': [params: Record<never, never>, result: Record<never, never>];
  /** `savedAs` is the file's name, or null when the person cancelled. */
  'host.saveFile': [params: { readonly suggestedName: string; readonly base64: string }, result: { readonly savedAs: string | null }];
}
export type LanguageName = 'en' | 'ko';
export type FileKind = 'manifest' | 'snapshot';

export interface OpenedFile {
  readonly name: string;
  readonly base64: string;
}

/** Sent once for each page load that uses the pipe: the main process then starts a fresh session, as a new WebSocket would, and answers first of all on it. */
export const OPEN_CHANNEL = 'lab:open';
/** As base64 (four characters for three bytes) inside its envelope, a file this long still fits one message. */
export const FILE_BYTES_MAX = 180 * 1024 * 1024;

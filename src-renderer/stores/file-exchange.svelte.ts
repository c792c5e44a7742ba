/**
 * Files that come in and go out: manifests are applied, a snapshot replaces the lab, an export is kept by the person.
 * Where the host has dialogs of its own they are used; a page in a browser has its file input and its downloads.
 */
import type { ApplyReport } from '../../src-main/contract/bridge.ts';
import type { FileKind, OpenedFile } from '../../src-main/contract/host-requests.ts';
import type { Lab } from './lab.svelte.ts';
import { t } from './language.svelte.ts';

const SNAPSHOT = /\.orrery$/i;
/** Characters that go through `btoa` at once. */
const CHUNK = 0x8000;

export class FileExchange {
  report = $state.raw<ApplyReport | null>(null);
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** What was dropped or chosen: one snapshot, or any number of manifests. */
  async take(files: readonly File[]): Promise<void> {
    const snapshots = files.filter((file) => SNAPSHOT.test(file.name));
    const [snapshot] = snapshots;
    if (snapshot && files.length > 1) return this.#lab.notices.trouble(t('files.mixed'));
    const read = await Promise.all(files.map((file) => this.#read(file)));
    if (!read.every((bytes) => bytes !== undefined)) return;
    if (snapshot) await this.#openSnapshot(snapshot.name, base64Of(read[0] as Uint8Array));
    else await this.#applyBytes(files.map(({ name }, index) => ({ name, bytes: read[index] as Uint8Array })));
  }

  /** A picture has no lines in which something could be at fault. */
  async #applyBytes(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
    const foreign = files.find(({ bytes }) => bytes.includes(0));
    if (foreign) return this.#lab.notices.trouble(t('files.foreign', { name: foreign.name }));
    await this.apply(files.map(({ name, bytes }) => ({ name, text: new TextDecoder().decode(bytes) })));
  }

  /** Undefined when it cannot be read, which is told: a folder was dropped, or the file is gone or locked. */
  async #read(file: File): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      this.#lab.notices.trouble(t('files.unreadable', { name: file.name }));
      return undefined;
    }
  }

  async paste(text: string): Promise<void> {
    if (text.trim() === '') return this.#lab.notices.trouble(t('files.empty'));
    await this.apply([{ name: t('files.pasted'), text }]);
  }

  async apply(files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
    if (files.length === 0) return;
    const report = await this.#lab.ask('manifest.apply', { files });
    if (report) this.report = report;
  }

  /** Asks the person for files. Without a kind both may be chosen. */
  async open(kind?: FileKind): Promise<void> {
    if (this.#lab.client.host === 'browser' || kind === undefined) return chooseFiles(kind, (files) => void this.take(files));
    const opened = (await this.#lab.askHost('host.openFiles', { kind })) ?? [];
    if (kind === 'snapshot') await this.#openFirst(opened);
    else await this.#applyBytes(opened.map(({ name, base64 }) => ({ name, bytes: bytesOf(base64) })));
  }

  /** The snapshot that the system gave the program to open. */
  async openGiven(): Promise<void> {
    await this.#openFirst((await this.#lab.askHost('host.givenFiles', {})) ?? []);
  }

  async #openFirst(files: readonly OpenedFile[]): Promise<void> {
    for (const { name, base64 } of files.slice(0, 1)) await this.#openSnapshot(name, base64);
  }

  async save(): Promise<void> {
    const { client, notices } = this.#lab;
    const snapshot = await this.#lab.ask('snapshot.export', {});
    if (!snapshot) return;
    if (client.host === 'browser') {
      download(snapshot.name, snapshot.base64);
      return notices.say(t('files.saved', { name: snapshot.name }));
    }
    try {
      const { savedAs } = await client.requestHost('host.saveFile', { suggestedName: snapshot.name, base64: snapshot.base64 });
      if (savedAs) notices.say(t('files.saved', { name: savedAs }));
    } catch (error) {
      notices.trouble(error instanceof Error ? error.message : String(error));
    }
  }

  async #openSnapshot(name: string, base64: string): Promise<void> {
    if (await this.#lab.ask('snapshot.open', { name, base64 })) this.#lab.notices.say(t('files.opened', { name }));
  }
}

function chooseFiles(kind: FileKind | undefined, take: (files: readonly File[]) => void): void {
  const manifests = '.yaml,.yml,.json';
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = kind !== 'snapshot';
  input.accept = kind === 'snapshot' ? '.orrery' : kind === 'manifest' ? manifests : `${manifests},.orrery`;
  input.addEventListener('change', () => take([...(input.files ?? [])]));
  input.click();
}

function download(name: string, base64: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytesOf(base64)], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/**
 * Native open and save dialogs, and a file that was given to the program, as requests of the window.
 * The page names no path: a person picks it in the dialog or in the system, so a page gone wrong cannot read or write the disk.
 */
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { type BrowserWindow, dialog, type FileFilter } from 'electron';
import { FILE_BYTES_MAX, type FileKind, type HostRequests, type OpenedFile } from '../../contract/host-requests.ts';
import type { RequestHandlers } from '../../session/lab-host.ts';
import { readBoundedFile } from '../files/read-bounded-file.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import type { Words } from './words.ts';

type Handlers = {
  [Name in 'host.openFiles' | 'host.givenFiles' | 'host.saveFile']: (params: HostRequests[Name][0]) => Promise<HostRequests[Name][1]>;
};

const ENDING = '.orrery';
const FILTERS: Readonly<Record<FileKind, { readonly word: keyof Words; readonly extensions: string[] }>> = {
  manifest: { word: 'files.manifests', extensions: ['yaml', 'yml', 'json'] },
  snapshot: { word: 'files.snapshots', extensions: ['orrery', 'gz', 'json'] },
};

/** `words`: in the language that the window has by then. `takeGiven`: the path of the file that was given, once. */
export function fileDialogs(window: BrowserWindow, words: () => Words, takeGiven: () => string | undefined): RequestHandlers {
  const filter = (kind: FileKind): FileFilter => ({ name: words()[FILTERS[kind].word], extensions: FILTERS[kind].extensions });
  const handlers: Handlers = {
    'host.openFiles': async ({ kind }) => {
      if (!Object.hasOwn(FILTERS, kind)) throw new Error(`unknown kind of file: ${String(kind)}`);
      const chosen = await dialog.showOpenDialog(window, {
        properties: kind === 'manifest' ? ['openFile', 'multiSelections'] : ['openFile'],
        filters: [filter(kind), { name: words()['files.all'], extensions: ['*'] }],
      });
      if (chosen.canceled) return [];
      const share = Math.floor(FILE_BYTES_MAX / Math.max(1, chosen.filePaths.length));
      return Promise.all(chosen.filePaths.map((path) => opened(path, share)));
    },
    'host.givenFiles': async () => {
      const path = takeGiven();
      return path === undefined ? [] : [await opened(path, FILE_BYTES_MAX)];
    },
    'host.saveFile': async ({ suggestedName, base64 }) => {
      if (typeof suggestedName !== 'string' || typeof base64 !== 'string') throw new Error('host.saveFile: needs suggestedName and base64');
      const chosen = await dialog.showSaveDialog(window, {
        defaultPath: basename(suggestedName),
        filters: [filter('snapshot')],
        properties: ['showOverwriteConfirmation', 'createDirectory'], // Linux would replace a file without asking, macOS offer no new folder
      });
      if (chosen.canceled || !chosen.filePath) return { savedAs: null };
      const path = withEnding(chosen.filePath);
      writeFileAtomically(path, Buffer.from(base64, 'base64'));
      return { savedAs: basename(path) };
    },
  };
  return handlers;
}

async function opened(path: string, bytesMax: number): Promise<OpenedFile> {
  return { name: basename(path), base64: (await readBoundedFile(path, bytesMax)).toString('base64') };
}

/** Linux takes a name as it was typed. Another file of that name with its ending was not asked about: then it is left as it is. */
function withEnding(path: string): string {
  const ended = `${path}${ENDING}`;
  return extname(path) === '' && !existsSync(ended) ? ended : path;
}

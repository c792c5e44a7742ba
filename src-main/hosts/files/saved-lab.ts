/**
 * Starts a lab where the last one stopped if that one did not end properly, and keeps it on disk while it runs.
 * A crash, a power cut or a full disk must cost a person minutes and not the afternoon.
 */
import type { LabHost } from '../../session/lab-host.ts';
import { AutosaveFile } from './autosave-file.ts';

/** What a lab is given to go on from and to be saved by. Creating it from `saved` throws when that is no world. */
export interface SavedLab {
  readonly saved: Uint8Array | undefined;
  readonly autosave: (pack: () => Uint8Array) => void;
}

export function openSavedLab(directory: string, create: (options: SavedLab) => LabHost, say: (text: string) => void): LabHost {
  const file = new AutosaveFile(directory);
  let complained = false;
  const autosave: SavedLab['autosave'] = (pack) => {
    try {
      file.write(pack());
      complained = false;
    } catch (error) {
      if (!complained) say(`the lab could not be saved: ${messageOf(error)}`);
      complained = true; // once is enough: it is tried again every minute
    }
  };
  const lab = recoverLab(file, autosave, create, say) ?? create({ saved: undefined, autosave });
  return {
    openSession: (send, options) => lab.openSession(send, options),
    close: () => {
      lab.close();
      file.finish();
    },
  };
}

function recoverLab(
  file: AutosaveFile,
  autosave: SavedLab['autosave'],
  create: (options: SavedLab) => LabHost,
  say: (text: string) => void,
): LabHost | undefined {
  try {
    const saved = file.recover();
    if (saved === undefined) return undefined;
    const lab = create({ saved, autosave });
    say('the last lab did not end properly: going on where it was saved');
    return lab;
  } catch (error) {
    say(`the last lab did not end properly and cannot be recovered: ${messageOf(error)}`);
    const aside = file.setAside();
    if (aside !== undefined) say(`what it left is kept as ${aside}`);
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

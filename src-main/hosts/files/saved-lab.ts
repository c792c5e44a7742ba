/**
 * Starts a lab where the last one stopped if that one did not end properly, and keeps it on disk while it runs.
 * Neither a crash nor a power cut nor a full disk may cost a person what they did.
 */
import type { LabHost } from '../../session/lab-host.ts';
import type { LabStorage } from '../../session/lab-keeper.ts';
import { LabFolder, type LeftLab } from './lab-folder.ts';

/** What a lab is given to go on from and to be kept in. Creating it from `left` throws when that is no world. */
export interface SavedLab {
  readonly left: LeftLab | undefined;
  readonly storage: LabStorage;
}

/** The lab for windows, and the lab itself for hosts that serve others. */
export interface KeptLab<L extends LabHost> extends LabHost {
  readonly lab: L;
}

export function openSavedLab<L extends LabHost>(
  directory: string,
  create: (options: SavedLab) => L,
  say: (text: string) => void,
): KeptLab<L> {
  const folder = new LabFolder(directory);
  const storage = forgiving(folder, say);
  const lab = recoverLab(folder, storage, create, say) ?? create({ left: undefined, storage });
  return {
    lab,
    openSession: (send, options) => lab.openSession(send, options),
    close: () => {
      lab.close();
      folder.finish();
    },
  };
}

/** A disk that cannot be written does not end the lab. Once is enough to say so: it is tried again and again. */
function forgiving(folder: LabFolder, say: (text: string) => void): LabStorage {
  let complained = false;
  const attempt = (write: () => void): boolean => {
    try {
      write();
      complained = false;
      return true;
    } catch (error) {
      if (!complained) say(`the lab could not be saved: ${messageOf(error)}`);
      complained = true;
      return false;
    }
  };
  return {
    saveWorld: (world, bytes, later) => void attempt(() => folder.saveWorld(world, bytes, later)),
    saveCommand: (world, index, command) => attempt(() => folder.saveCommand(world, index, command)),
  };
}

function recoverLab<L extends LabHost>(
  folder: LabFolder,
  storage: LabStorage,
  create: (options: SavedLab) => L,
  say: (text: string) => void,
): L | undefined {
  try {
    const left = folder.recover();
    if (left === undefined) return undefined;
    const lab = create({ left, storage });
    say('the last lab did not end properly: going on where it was');
    return lab;
  } catch (error) {
    say(`the last lab did not end properly and cannot be recovered: ${messageOf(error)}`);
    const aside = folder.setAside();
    if (aside !== undefined) say(`what it left is kept in ${aside}`);
    return undefined;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

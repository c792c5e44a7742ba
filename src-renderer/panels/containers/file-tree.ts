/**
 * Paths as a tree that a person can walk through: folders hold files, and folders with a single folder in them are one row.
 * What belongs to which volume stays with each file.
 */
import type { ContainerFile } from '../../../src-main/contract/container.ts';

export interface Folder {
  /** `/etc/conf` */
  readonly path: string;
  readonly files: readonly ContainerFile[];
}

/** Folders that hold files, in the order of their paths; the files of each by name. */
export function foldersOf(files: readonly ContainerFile[]): readonly Folder[] {
  const folders = new Map<string, ContainerFile[]>();
  for (const file of files) {
    const path = file.path.slice(0, file.path.lastIndexOf('/')) || '/';
    const known = folders.get(path);
    if (known) known.push(file);
    else folders.set(path, [file]);
  }
  return [...folders].sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, held]) => ({ path, files: held }));
}

export function nameOf({ path }: ContainerFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

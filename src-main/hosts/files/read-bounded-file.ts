/**
 * Reads a file that a person chose, refusing what is too long before reading it.
 * A wrong choice (a disk image, a device) must give a message and not fill the memory.
 */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';

export async function readBoundedFile(path: string, bytesMax: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat().then((stats) => {
      if (!stats.isFile()) throw new Error(`${basename(path)} is not a regular file`);
      return stats;
    });
    if (size > bytesMax) throw new Error(`${basename(path)} is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

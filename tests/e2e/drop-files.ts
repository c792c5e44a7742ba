// Drops files from disk on the window as a desktop does: through the browser's own input, not by an event that a page makes up.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes the files into a new folder and drops them together. */
export async function dropFiles(page: Page, files: Files): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-dropped-'));
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
  const input = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver'] as const) await input.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  await page.getByTestId('drop-overlay').waitFor();
  await input.send('Input.dispatchDragEvent', { type: 'drop', x: 640, y: 400, data });
  await input.detach();
  await page.getByTestId('drop-overlay').waitFor({ state: 'detached' });
}

/**
 * Where the window opens: where it was closed the last time, as far as a screen still has room for it there.
 * The person may have taken a screen away since, or may have changed the file: what cannot be read or does not fit is not believed.
 */
import { readFileSync } from 'node:fs';
import type { Rectangle, Size } from 'electron';
import { writeFileAtomically } from '../files/write-file-atomically.ts';

/** `x` and `y` are missing where the system is to choose. In pixels that do not depend on the screen's density. */
export interface WindowPlace extends Size, Partial<Pick<Rectangle, 'x' | 'y'>> {
  readonly isMaximized: boolean;
}

/** What is on the screens: `areaOf` gives the room, without the system's bars, of the screen that a rectangle is mostly on. */
export interface Screens {
  readonly primary: Size;
  areaOf(place: Rectangle): Rectangle;
}

/** The smallest window that shows everything. */
export const LEAST: Size = { width: 720, height: 480 };
const USUAL: Size = { width: 1280, height: 800 };

export function readPlace(path: string, screens: Screens): WindowPlace {
  const kept = keptPlace(path);
  if (kept === undefined) {
    const { width, height } = screens.primary;
    return { width: Math.min(USUAL.width, width), height: Math.min(USUAL.height, height), isMaximized: false };
  }
  const area = screens.areaOf(kept);
  const width = Math.min(Math.max(kept.width, LEAST.width), area.width);
  const height = Math.min(Math.max(kept.height, LEAST.height), area.height);
  const within = (from: number, length: number, of: number, room: number): number => Math.max(of, Math.min(from, of + room - length));
  const x = within(kept.x, width, area.x, area.width);
  const y = within(kept.y, height, area.y, area.height);
  return { x, y, width, height, isMaximized: kept.isMaximized };
}

/** `place`: of the window when it is not maximized. */
export function writePlace(path: string, { x, y, width, height }: Rectangle, isMaximized: boolean): void {
  writeFileAtomically(path, JSON.stringify({ x, y, width, height, isMaximized }));
}

function keptPlace(path: string): (Rectangle & { readonly isMaximized: boolean }) | undefined {
  try {
    const { x, y, width, height, isMaximized } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const numbers = [x, y, width, height];
    if (!numbers.every(Number.isSafeInteger)) return undefined;
    return { x, y, width, height, isMaximized: isMaximized === true } as Rectangle & { isMaximized: boolean };
  } catch {
    return undefined; // the first start, or no file of ours
  }
}

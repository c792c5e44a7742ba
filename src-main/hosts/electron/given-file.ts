/**
 * The snapshot that a command line names: a double click on a file starts the program with it.
 * The rest of the line is not ours: Chromium adds switches of its own, and to those of a second start more than to the first.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SNAPSHOT = /\.orrery$/i;

/** `directory`: where the program was started. Of several the last, because there is one lab. */
export function givenFile(line: readonly string[], directory: string): string | undefined {
  const named = line.findLast((argument) => !argument.startsWith('-') && SNAPSHOT.test(argument));
  return named === undefined ? undefined : resolve(directory, pathOf(named));
}

/** Linux desktops may give a URL (`%U` of the desktop entry). One that names no file here is taken as a name: no such file, as the person is told. */
function pathOf(argument: string): string {
  if (!/^file:/i.test(argument)) return argument;
  try {
    return fileURLToPath(argument);
  } catch {
    return argument;
  }
}

// Paths as the programs of the small shell take them apart: from the root, without dots, relative to where the shell is.

/** The path from the root, without `.` and `..` and slashes at its end. */
export function absolutePath(path: string, directory: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${directory}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the paths of all that lies in a directory begin with. */
export function insideOf(directory: string): string {
  return directory === '/' ? '/' : `${directory}/`;
}

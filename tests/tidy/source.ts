// Reads the source tree as text for the tidy tests.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Files of the project it imports; type-only imports are marked. */
  readonly imports: readonly { readonly path: string; readonly typeOnly: boolean }[];
  /** Packages it imports. */
  readonly packages: readonly string[];
}

const IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

export function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports: { path: string; typeOnly: boolean }[] = [];
  const packages: string[] = [];
  for (const [statement, type, target] of text.matchAll(IMPORT)) {
    const from = (target ?? '').replace(/\?raw$/, '');
    const typeOnly = type !== undefined || /^\s*(?:import|export)\s*\{(?:\s*type\s[^,}]*,?)+\s*\}/.test(statement);
    if (from.startsWith('.')) imports.push({ path: normalize(join(dirname(path), from)).replaceAll('\\', '/'), typeOnly });
    else packages.push(from);
  }
  return { path, text, lines: text.split('\n'), imports, packages };
}

/** Source files below a folder, in order of path. */
export function sources(folder: string, endings: readonly string[] = ['.ts', '.svelte']): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
    .map(read);
}

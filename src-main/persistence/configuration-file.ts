// Reads the configuration file of a component, which is no API object: it has no metadata and is never applied. String in, object or faults out.
import { LineCounter, parseAllDocuments } from 'yaml';
import type { JsonObject } from '../engine/meta/object.ts';
import { kubectlTags } from './yaml-scalars.ts';

export function parseConfiguration(file: string, text: string): { readonly object: JsonObject } | { readonly faults: readonly string[] } {
  const lines = new LineCounter();
  const options = { customTags: kubectlTags, resolveKnownTags: false, lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const;
  const [only, ...others] = parseAllDocuments(text, options);
  const place = (at: number): string => {
    const { line, col } = lines.linePos(at);
    return `${file}:${line}:${col}`;
  };
  const errors = only?.errors ?? [];
  if (errors.length > 0) return { faults: errors.map(({ pos: [at], message }) => `${place(at)}: ${message}`) };
  const object = only?.toJS() as JsonObject | null | undefined;
  if (others.length > 0 || typeof object !== 'object' || object === null || Array.isArray(object))
    return { faults: [`${file}: expected one configuration`] };
  return { object };
}

// Applies files that a person drops on the window or names on the command line: nothing at all when one cannot be read, else each document by itself.
import type { ApplyReport, ApplyResult } from '../contract/bridge.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { JsonObject } from '../engine/meta/object.ts';
import { StatusError } from '../engine/meta/status-error.ts';
import { parseManifest } from '../persistence/manifest.ts';
import { applyLabDocument, isLabDocument } from './lab-document.ts';
import { lookAgain } from './look-again.ts';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

export function applyFiles(cluster: Cluster, files: readonly TextFile[]): ApplyReport {
  const parsed = files.map((file) => parseManifest(String(file.name), String(file.text)));
  const faults = parsed.flatMap((one) => one.faults);
  if (faults.length > 0) return { faults, results: [] };
  return { faults: [], results: parsed.flatMap((one) => one.documents).map(({ object }) => applied(cluster, object)) };
}

const applied = (cluster: Cluster, object: JsonObject): ApplyResult =>
  lookAgain(
    cluster,
    () => applyDocument(cluster, object),
    ({ message }) => message,
  );

function applyDocument(cluster: Cluster, object: JsonObject): ApplyResult {
  if (isLabDocument(object)) return applyLabDocument(cluster, object);
  const { kind, metadata } = object as { kind: string; metadata: { name?: string; generateName?: string; namespace?: string } };
  const named = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? metadata.generateName ?? '', warnings: [] };
  try {
    const { outcome, object: stored, warnings = [] } = cluster.command({ type: 'apply', object });
    return {
      ...named,
      namespace: stored?.metadata.namespace ?? '',
      name: stored?.metadata.name ?? named.name,
      outcome: outcome ?? 'unchanged',
      message: '',
      warnings,
    };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { ...named, outcome: 'refused', message: error.message };
  }
}

// Snapshots as bytes: compressed, digested, bounded against bombs, and written so that a crash never leaves half a file.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ClusterState } from '../engine/cluster.ts';
import { readSnapshot, SnapshotError, writeSnapshot } from '../persistence/snapshot.ts';

/** Text of a world of 100,000 pods fits; a bomb does not. */
const TEXT_BYTES_MAX = 1_500_000_000;
const FILE_BYTES_MAX = 256 * 1024 * 1024;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export function packSnapshot(state: ClusterState): Buffer {
  return gzipSync(writeSnapshot(state, digest), { level: 1 });
}

/** Throws SnapshotError with a sentence for a person. */
export function unpackSnapshot(bytes: Uint8Array): ClusterState {
  if (bytes.length > FILE_BYTES_MAX)
    throw new SnapshotError(`This file has ${bytes.length} bytes; a snapshot has at most ${FILE_BYTES_MAX}.`);
  return readSnapshot(inflate(bytes), digest);
}

function inflate(bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new SnapshotError('This is not an Orrery snapshot: it is not compressed with gzip.');
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_STRING_TOO_LONG')
      throw new SnapshotError('This file would become far larger than any snapshot when unpacked; it was refused.');
    throw new SnapshotError('This snapshot is incomplete or damaged: it cannot be unpacked.');
  }
}

/** Temporary file, fsync, rename, fsync of the folder: after a crash there is the old file or the new one. */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    unlinkSync(temporary);
    throw error;
  }
  closeSync(file);
  renameSync(temporary, path);
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

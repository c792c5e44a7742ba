import { expect, test } from 'vitest';
import { StorageLab } from './storage-lab.ts';

const BINDER = 'persistentvolume-controller';
const RESYNC_MS = 15_000;

interface Memory {
  readonly unsettled: Record<string, true>;
  resyncArmed: boolean;
}

/** Has the next resync visit everything there is, as upstream's does. */
function tick(lab: StorageLab): void {
  const memory = lab.components.memoryOf(BINDER) as Memory;
  for (const key of lab.store.table('PersistentVolumeClaim').keys()) memory.unsettled[`claim:${key}`] = true;
  for (const key of lab.store.table('PersistentVolume').keys()) memory.unsettled[`volume:${key}`] = true;
  if (memory.resyncArmed) return;
  memory.resyncArmed = true;
  lab.timeline.schedule(BINDER, 'resync', '', RESYNC_MS - (lab.timeline.nowMs % RESYNC_MS));
}

/** What the API server holds after a busy quarter of an hour. */
function history(ticks: boolean): unknown {
  const lab = new StorageLab();
  const acts: readonly (() => unknown)[] = [
    () => lab.claim('waits').claim('static', { storageClassName: '' }).claim('unknown', { storageClassName: 'none' }),
    () => lab.volume('v', { persistentVolumeReclaimPolicy: 'Retain' }).volume('w', { persistentVolumeReclaimPolicy: 'Delete' }),
    () => lab.select('waits', 'worker-1').claim('other', { storageClassName: '' }),
    () => lab.pod('p', 'worker-1', 'waits').deleteClaim('other'),
    () => lab.deleteClaim('static').deletePod('p'),
    () => lab.deleteClaim('waits'),
  ];
  for (let round = 0; round < 60; round += 1) {
    if (round % 4 === 0) acts[round / 4]?.();
    if (ticks) tick(lab);
    lab.run(RESYNC_MS - (lab.timeline.nowMs % RESYNC_MS));
  }
  return lab.store.save();
}

test('a resync that visits only what it could change leaves the same history as one that visits all', () => {
  expect(history(false)).toEqual(history(true));
});

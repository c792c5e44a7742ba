// What the storage picture says of a card under the pointer: all that the card has no room for.
import { beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../src-main/contract/view.ts';
import { ClusterStore } from '../../src-renderer/stores/cluster-store.svelte.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { storageTip } from '../../src-renderer/views/storage/storage-tip.ts';
import { deadNodeFrame, shopFrame } from '../support/sample-world.ts';

beforeEach(() => {
  language.name = 'en';
});

function check(kind: string, key: string, expected: readonly string[], frames: readonly Frame[] = [shopFrame(), deadNodeFrame()]): void {
  const cluster = new ClusterStore();
  for (const frame of frames) cluster.fold(frame);
  const box = { x: 0, y: 0, width: 0, height: 0 };
  expect(storageTip({ kind, key, box, marks: [] }, cluster)).toEqual(expected);
}

test('a volume roped to a dead node', () =>
  check('PersistentVolume', volumeName(), [
    volumeName(),
    'Bound · 10Gi · ReadWriteOnce',
    'default/db-data',
    'stuck · attached · worker-5',
  ]));
test('something that is gone by now', () => check('Pod', 'default/gone', ['default/gone']));

function volumeName(): string {
  return shopFrame().delta.volumes?.put.find(({ claim }) => claim === 'default/db-data')?.name ?? '';
}

// Files that come from outside, over a played pipe.
import { expect, test } from 'vitest';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { FileExchange } from '../../src-renderer/stores/file-exchange.svelte.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { shopFrame } from '../support/sample-world.ts';

/** jsdom's files cannot give their bytes. */
function fileOf(name: string, bytes: Uint8Array<ArrayBuffer>): File {
  const file = new File([bytes], name);
  file.arrayBuffer = () => Promise.resolve(bytes.buffer);
  return file;
}

test('one file of several cannot be read, as a folder: it is named, and none is applied', async () => {
  const fake = fakeLab([shopFrame()]);
  const lab = new Lab(createLabClient(fake.pipe));
  const exchange = new FileExchange(lab);
  const folder = new File([], 'manifests');
  folder.arrayBuffer = () => Promise.reject(new DOMException('A directory', 'NotFoundError'));
  const good = fileOf('good.yaml', new TextEncoder().encode('kind: List'));
  await exchange.take([good, folder]);
  expect(lab.notices.list.map(({ kind, text }) => [kind, text.split('.')[0]])).toEqual([['trouble', 'manifests could not be read']]);
  expect(fake.asked.map(({ method }) => method)).not.toContain('manifest.apply');
  await exchange.take([good]);
  expect(fake.asked.map(({ method }) => method)).toContain('manifest.apply');
});

test('a picture among manifests is named as neither a manifest nor a snapshot, and none is applied', async () => {
  const fake = fakeLab([shopFrame()]);
  const lab = new Lab(createLabClient(fake.pipe));
  const picture = fileOf('cat.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13));
  await new FileExchange(lab).take([fileOf('good.yaml', new TextEncoder().encode('kind: List')), picture]);
  expect(lab.notices.list.map(({ kind, text }) => [kind, text])).toEqual([
    ['trouble', 'cat.png is neither a manifest nor a snapshot (.orrery). Nothing was applied or opened.'],
  ]);
  expect(fake.asked.map(({ method }) => method)).not.toContain('manifest.apply');
});

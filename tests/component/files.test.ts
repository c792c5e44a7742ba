// Files that come from outside, over a played pipe.
import { expect, test } from 'vitest';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { FileExchange } from '../../src-renderer/stores/file-exchange.svelte.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { shopFrame } from '../support/sample-world.ts';

test('one file of several cannot be read, as a folder: it is named, and none is applied', async () => {
  const fake = fakeLab([shopFrame()]);
  const lab = new Lab(createLabClient(fake.pipe));
  const exchange = new FileExchange(lab);
  const folder = new File([], 'manifests');
  folder.arrayBuffer = () => Promise.reject(new DOMException('A directory', 'NotFoundError'));
  const good = new File(['kind: List'], 'good.yaml');
  good.arrayBuffer = () => Promise.resolve(new TextEncoder().encode('kind: List').buffer);
  await exchange.take([good, folder]);
  expect(lab.notices.list.map(({ kind, text }) => [kind, text.split('.')[0]])).toEqual([['trouble', 'manifests could not be read']]);
  expect(fake.asked.map(({ method }) => method)).not.toContain('manifest.apply');
  await exchange.take([good]);
  expect(fake.asked.map(({ method }) => method)).toContain('manifest.apply');
});

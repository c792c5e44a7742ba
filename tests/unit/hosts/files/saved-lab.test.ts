import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabFolder } from '../../../../src-main/hosts/files/lab-folder.ts';
import { openSavedLab } from '../../../../src-main/hosts/files/saved-lab.ts';

const GONE = 1_999_999_999; // no system has so many processes

/** Opens a lab whose world is a text; `left` is what a crashed one has written. */
function open(left: string | undefined) {
  const directory = mkdtempSync(join(tmpdir(), 'orrery-saved-'));
  if (left !== undefined) new LabFolder(directory, GONE).saveWorld(0, Buffer.from(left));
  const said: string[] = [];
  let world = '';
  let save = (): void => undefined;
  const lab = openSavedLab(
    directory,
    ({ left, storage }) => {
      const text = left && Buffer.from(left.world).toString();
      if (text && !text.startsWith('world')) throw new Error('not a snapshot');
      world = text ?? 'new';
      save = () => storage.saveWorld(0, Buffer.from(world), []);
      return { openSession: () => ({ receive: () => undefined, close: () => undefined }), close: () => save() };
    },
    (text) => said.push(text),
  );
  return { directory, lab, said, world, save: () => save(), files: () => readdirSync(directory).sort() };
}

function check(left: string | undefined, expected: { world: string; said: RegExp[]; afterSave: string[]; afterClose: string[] }): void {
  const { lab, said, world, save, files } = open(left);
  expect(world).toBe(expected.world);
  expect(said).toEqual(expected.said.map((text) => expect.stringMatching(text)));
  save();
  expect(files()).toEqual(expected.afterSave);
  lab.close();
  expect(files()).toEqual(expected.afterClose);
}

const mine = `lab-${process.pid}`;
test.each<[string, string | undefined, Parameters<typeof check>[1]]>([
  ['after a proper end', undefined, { world: 'new', said: [], afterSave: [mine], afterClose: [] }],
  ['after a crash', 'world 7', { world: 'world 7', said: [/going on where it was/], afterSave: [mine], afterClose: [] }],
  [
    'after a crash with a broken file',
    'trash',
    {
      world: 'new',
      said: [/cannot be recovered: not a snapshot/, /kept in .*unreadable/],
      afterSave: [mine, 'unreadable'],
      afterClose: ['unreadable'],
    },
  ],
])('%s', (_what, left, expected) => check(left, expected));

test('a disk that cannot be written is said once and does not end the lab', () => {
  const { directory, said, save } = open(undefined);
  writeFileSync(join(directory, mine), 'in the way');
  save();
  save();
  expect(said).toEqual([expect.stringContaining('the lab could not be saved')]);
});

import { mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AutosaveFile } from '../../../../src-main/hosts/files/autosave-file.ts';

const work = (): string => join(mkdtempSync(join(tmpdir(), 'orrery-autosave-')), 'state');
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** What a new lab recovers where labs with these process numbers have written their number and some still run. */
function check(written: number[], running: number[], expected: { recovered: string | undefined; left: string[] }): void {
  const directory = work();
  written.forEach((pid, index) => {
    new AutosaveFile(directory, pid).write(bytes(`world of ${pid}`));
    utimesSync(join(directory, `autosave-${pid}.orrery`), index + 1, index + 1);
  });
  const lab = new AutosaveFile(directory, 900);
  const recovered = lab.recover((pid) => running.includes(pid));
  expect(recovered && Buffer.from(recovered).toString()).toBe(expected.recovered);
  lab.write(bytes('mine'));
  expect(readdirSync(directory).sort()).toEqual(expected.left);
}

test.each<[string, number[], number[], Parameters<typeof check>[2]]>([
  ['nothing was left', [], [], { recovered: undefined, left: ['autosave-900.orrery'] }],
  ['a crash', [100], [], { recovered: 'world of 100', left: ['autosave-900.orrery'] }],
  ['another lab runs', [100], [100], { recovered: undefined, left: ['autosave-100.orrery', 'autosave-900.orrery'] }],
  ['two crashes: the newest', [100, 200], [], { recovered: 'world of 200', left: ['autosave-900.orrery'] }],
  ['a crash beside a lab', [100, 200], [200], { recovered: 'world of 100', left: ['autosave-200.orrery', 'autosave-900.orrery'] }],
])('%s', (_what, written, running, expected) => check(written, running, expected));

test('a crash before the first save of the new lab loses nothing', () => {
  const directory = work();
  new AutosaveFile(directory, 100).write(bytes('world'));
  const gone = () => false;
  new AutosaveFile(directory, 200).recover(gone); // and it crashes, too
  expect(new AutosaveFile(directory, 300).recover(gone)).toEqual(bytes('world'));
});

test('after a proper end there is nothing to recover', () => {
  const directory = work();
  const lab = new AutosaveFile(directory, 100);
  lab.write(bytes('world'));
  lab.finish();
  expect(new AutosaveFile(directory, 200).recover(() => false)).toBeUndefined();
});

test('what cannot be used is kept aside and not tried again', () => {
  const directory = work();
  new AutosaveFile(directory, 100).write(bytes('broken'));
  const lab = new AutosaveFile(directory, 200);
  lab.recover(() => false);
  expect(lab.setAside()).toBe(join(directory, 'unreadable.orrery'));
  expect(new AutosaveFile(directory, 300).recover(() => false)).toBeUndefined();
  expect(readdirSync(directory)).toEqual(['unreadable.orrery']);
});

test('a real process number is looked up', () => {
  const directory = work();
  new AutosaveFile(directory, process.pid).write(bytes('mine'));
  expect(new AutosaveFile(directory, 1_999_999_999).recover()).toBeUndefined();
  new AutosaveFile(directory, 1_999_999_998).write(bytes('theirs'));
  expect(new AutosaveFile(directory, 1_999_999_999).recover()).toEqual(bytes('theirs'));
});

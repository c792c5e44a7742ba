import { appendFileSync, mkdtempSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LabFolder, stateDirectory } from '../../../../src-main/hosts/files/lab-folder.ts';

const work = (): string => join(mkdtempSync(join(tmpdir(), 'orrery-folder-')), 'state');
const bytes = (text: string): Uint8Array => Buffer.from(text);
const gone = () => false;
const read = (lab: LabFolder, isRunning?: (pid: number) => boolean, startOfMachineMs = 0) => {
  const left = lab.recover(isRunning, startOfMachineMs);
  return left && { world: Buffer.from(left.world).toString(), commands: left.commands };
};

/** What a new lab recovers where labs with these process numbers have written their number and some still run. */
function check(written: number[], running: number[], expected: { recovered: string | undefined; left: string[] }): void {
  const directory = work();
  written.forEach((pid, index) => {
    new LabFolder(directory, pid).saveWorld(0, bytes(`world of ${pid}`));
    utimesSync(join(directory, `lab-${pid}`), index + 1, index + 1);
  });
  const lab = new LabFolder(directory, 900);
  expect(read(lab, (pid) => running.includes(pid))?.world).toBe(expected.recovered);
  lab.saveWorld(0, bytes('mine'));
  expect(readdirSync(directory).sort()).toEqual(expected.left);
}

test.each<[string, number[], number[], Parameters<typeof check>[2]]>([
  ['nothing was left', [], [], { recovered: undefined, left: ['lab-900'] }],
  ['a crash', [100], [], { recovered: 'world of 100', left: ['lab-900'] }],
  ['another lab runs', [100], [100], { recovered: undefined, left: ['lab-100', 'lab-900'] }],
  ['two crashes: the newest first, the other next time', [100, 200], [], { recovered: 'world of 200', left: ['lab-100', 'lab-900'] }],
  ['a crash beside a lab', [100, 200], [200], { recovered: 'world of 100', left: ['lab-200', 'lab-900'] }],
  ['a crashed lab of the same number', [900], [900], { recovered: 'world of 900', left: ['lab-900'] }],
])('%s', (_what, written, running, expected) => check(written, running, expected));

test('commands after the last save are recovered, up to one that was not written to its end', () => {
  const directory = work();
  const lab = new LabFolder(directory, 100);
  lab.saveWorld(0, bytes('world at first'));
  lab.saveCommand(0, 0, { a: 1 });
  lab.saveWorld(0, bytes('world'));
  lab.saveCommand(0, 1, { b: 2 });
  lab.saveCommand(0, 2, { c: 3 });
  appendFileSync(join(directory, 'lab-100', 'commands-0.jsonl'), '[3,{"d"');
  expect(read(new LabFolder(directory, 200), gone)).toEqual({
    world: 'world',
    commands: [
      [1, { b: 2 }],
      [2, { c: 3 }],
    ],
  });
});

test('after a power cut another process may have the number of the lab', () => {
  const directory = work();
  new LabFolder(directory, 100).saveWorld(0, bytes('world'));
  const savedMs = statSync(join(directory, 'lab-100')).mtimeMs;
  const started = savedMs + 3_600_000;
  const everybody = () => true;
  expect(read(new LabFolder(directory, 200), everybody, savedMs - 1)).toBeUndefined();
  utimesSync(join(directory, 'lab-100'), 1000, 1000);
  expect(read(new LabFolder(directory, 200), everybody, savedMs - 120_000)?.world).toBe('world');
  // It is the new lab's own, though nothing was saved yet.
  expect(read(new LabFolder(directory, 300), everybody, savedMs - 120_000)).toBeUndefined();
  expect(read(new LabFolder(directory, 300), everybody, started)?.world).toBe('world');
});

test('another world takes the place of the one before, with its commands', () => {
  const directory = work();
  const lab = new LabFolder(directory, 100);
  lab.saveWorld(0, bytes('old'));
  lab.saveCommand(0, 0, 'old');
  lab.saveWorld(1, bytes('new'));
  lab.saveCommand(1, 0, 'new');
  const next = new LabFolder(directory, 200);
  expect(read(next, gone)).toEqual({ world: 'new', commands: [[0, 'new']] });
  // What the next lab does goes on with that world, and a world it opens comes after it.
  next.saveCommand(0, 1, 'more');
  expect(read(new LabFolder(directory, 300), gone)?.commands).toEqual([
    [0, 'new'],
    [1, 'more'],
  ]);
});

test('a crash before the first save of the new lab loses nothing', () => {
  const directory = work();
  new LabFolder(directory, 100).saveWorld(0, bytes('world'));
  new LabFolder(directory, 200).recover(gone); // and it crashes, too
  expect(read(new LabFolder(directory, 300), gone)?.world).toBe('world');
});

test('after a proper end there is nothing to recover', () => {
  const directory = work();
  const lab = new LabFolder(directory, 100);
  lab.saveWorld(0, bytes('world'));
  lab.finish();
  expect(read(new LabFolder(directory, 200), gone)).toBeUndefined();
});

test('what cannot be used is kept aside and not tried again', () => {
  const directory = work();
  new LabFolder(directory, 100).saveWorld(0, bytes('broken'));
  const lab = new LabFolder(directory, 200);
  lab.recover(gone);
  expect(lab.setAside()).toBe(join(directory, 'unreadable'));
  expect(read(new LabFolder(directory, 300), gone)).toBeUndefined();
  expect(readdirSync(directory)).toEqual(['unreadable']);
});

test('a real process number is looked up', () => {
  const directory = work();
  new LabFolder(directory, process.ppid).saveWorld(0, bytes('theirs'));
  expect(read(new LabFolder(directory, 1_999_999_999))).toBeUndefined();
  new LabFolder(directory, 1_999_999_998).saveWorld(0, bytes('left'));
  expect(read(new LabFolder(directory, 1_999_999_999))?.world).toBe('left');
});

test('the place is the named one on every system, and an empty name is none', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(stateDirectory({ XDG_STATE_HOME: join(tmpdir(), 'named') }, platform)).toBe(join(tmpdir(), 'named', 'orrery'));
    expect(stateDirectory({ XDG_STATE_HOME: '', LOCALAPPDATA: '' }, platform)).toContain(homedir());
  }
});

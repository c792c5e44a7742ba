import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { givenFile } from '../../../../src-main/hosts/electron/given-file.ts';

const HOME = resolve('/home/somebody');
const check = (line: readonly string[], expected: string | undefined): void => expect(givenFile(['orrery', ...line], HOME)).toBe(expected);

test('which snapshot a command line names', () => {
  check([], undefined);
  check(['lab.orrery'], join(HOME, 'lab.orrery'));
  check(['../LAB.ORRERY', '--original-process-start-time=13'], resolve(HOME, '../LAB.ORRERY'));
  check([resolve('/tmp/a b.orrery')], resolve('/tmp/a b.orrery'));
  check([pathToFileURL(resolve('/tmp/a b.orrery')).href], resolve('/tmp/a b.orrery'));
  check(['one.orrery', 'two.orrery'], join(HOME, 'two.orrery'));
  check(['--user-data-dir=/tmp/x.orrery', '-x.orrery', 'web.yaml', '.', 'out/main/electron.cjs'], undefined);
  check(['file:///a%2Fb.orrery'], resolve(HOME, 'file:///a%2Fb.orrery'));
});

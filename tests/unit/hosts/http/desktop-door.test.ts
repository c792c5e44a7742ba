import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DoorRecord } from '../../../../src-main/contract/door.ts';
import { DesktopDoor } from '../../../../src-main/hosts/http/desktop-door.ts';
import { findTerminal } from '../../../../src-main/hosts/http/open-terminal.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-door-'));
const lab = new Lab({ playing: false });
afterAll(() => {
  lab.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (door: DesktopDoor, name: string, params: object = {}): Promise<DoorRecord> =>
  (await (door.services[name] as (params: object) => unknown)(params)) as DoorRecord;

test('it opens, says how to come in, and closes again', async () => {
  const file = join(folder, 'kubeconfig');
  const door = new DesktopDoor(apiAccess(lab), file);
  await door.open();
  const record = await ask(door, 'host.door');
  expect(record).toMatchObject({ on: true, trouble: '', kubeconfig: file, command: `export KUBECONFIG=${file}`, runs: [] });
  expect(record.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = new DesktopDoor(apiAccess(lab), join(folder, 'second'));
  await second.open();
  expect((await ask(second, 'host.door')).address).not.toBe(record.address);
  await second.close();
  expect(await ask(door, 'host.doorSwitch', { on: false })).toMatchObject({ on: false, address: '' });
  expect(existsSync(file)).toBe(false);
});

test('a door that cannot open says why, and the lab goes on', async () => {
  writeFileSync(join(folder, 'file'), '');
  const door = new DesktopDoor(apiAccess(lab), join(folder, 'file', 'kubeconfig'));
  await door.open();
  expect(await ask(door, 'host.door')).toMatchObject({ on: false, trouble: expect.stringContaining('cannot write') });
});

test('without a screen there is no terminal', () => {
  expect(findTerminal('linux', { PATH: '/usr/bin' })).toBeUndefined();
  expect(findTerminal('linux', { PATH: '', DISPLAY: ':0' })).toBeUndefined();
  expect(findTerminal('darwin')?.argv('echo "x"')[1]).toContain('do script "echo \\"x\\""');
});

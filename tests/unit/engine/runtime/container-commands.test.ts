import { describe, expect, test } from 'vitest';
import { newShell, runShell } from '../../../../src-main/engine/runtime/shell.ts';
import { compileShell } from '../../../../src-main/engine/runtime/shell-program.ts';
import type { ShellSystem } from '../../../../src-main/engine/runtime/system-commands.ts';
import { systemFile } from '../../../../src-main/engine/runtime/system-files.ts';

const SYSTEM: ShellSystem = {
  hostname: 'web-0',
  address: '10.244.1.7',
  kernel: '6.12.48+deb13-amd64',
  cpus: 2,
  memory: { totalBytes: 8 * 2 ** 30, usedBytes: 2 ** 30 },
  disk: { totalBytes: 100 * 2 ** 30, usedBytes: 10 * 2 ** 30 },
  uptimeSeconds: 93_784,
  user: { id: 1000, group: 3000, groups: [2000, 3000] },
  mounts: [{ path: '/data', device: '/dev/sdb', type: 'ext4', readOnly: false }],
  limits: { memoryBytes: 67_108_864, cpuMillis: 250, memoryUsedBytes: 8192 },
  processes: () => [{ pid: 1, command: 'sleep 3600', user: 1000 }],
  has: (program) => program !== 'top',
  signal: (pid) => pid === 1,
};

/** What a script in a container says; the files it begins with are `/data/one` and `/data/sub/two`. */
function check(script: string, expected: string, user = SYSTEM.user): void {
  const files: Record<string, string> = { '/data/one': 'first\n', '/data/sub/two': 'second\n' };
  const modes: Record<string, number> = {};
  let said = '';
  const world = {
    read: (path: string) => files[path] ?? null,
    write: (path: string, content: string) => {
      files[path] = content;
      return '' as const;
    },
    remove: (path: string) => {
      const gone = Object.keys(files).filter((other) => other === path || other.startsWith(`${path}/`));
      for (const one of gone) delete files[one];
      return gone.length > 0;
    },
    setMode: (path: string, mode: number) => {
      modes[path] = mode;
      return true;
    },
    exists: (path: string) => path in files,
    files: () =>
      Object.entries(files).map(([path, content]) => ({ path, content, ...(modes[path] === undefined ? {} : { mode: modes[path] }) })),
    directory: '/',
    since: '2026-11-22T05:04:09Z',
    system: { ...SYSTEM, user },
    environment: () => undefined,
    timestamp: () => '2026-11-22T05:04:09Z',
    program: () => null,
    print: (text: string) => {
      said += text;
    },
    complain: (text: string) => {
      said += text;
    },
  };
  const [steps, shell] = [compileShell(script, () => true) ?? [], newShell()];
  let pause = runShell(steps, shell, world);
  while (pause.kind === 'sleep') pause = runShell(steps, shell, world);
  expect(`${said}${pause.kind === 'exit' && pause.code !== 0 ? `[${pause.code}]` : ''}`).toBe(expected);
}

describe('files', () => {
  test('cd is where all paths begin', () =>
    check(
      'cd /data/sub; pwd; cat two ../one; cd; pwd; cd /nowhere',
      ['/data/sub\nsecond\nfirst\n/\n', "sh: cd: can't cd to /nowhere: No such file or directory\n[2]"].join(''),
    ));
  test('ls -l', () =>
    check(
      'ls -l /data',
      [
        'total 8\n',
        '-rw-r--r--    1 root     root             6 Nov 22 05:04 one\n',
        'drwxr-xr-x    2 root     root          4096 Nov 22 05:04 sub\n',
      ].join(''),
    ));
  test('directories are made, stay when they are empty, and go', () =>
    check(
      'mkdir -p /tmp/a/b; ls /tmp/a; touch /tmp/a/b/c; rm /tmp/a/b/c; ls -d /tmp/a/b; rmdir /tmp/a/b; ls /tmp/a/b',
      ['b\n/tmp/a/b\n', 'ls: /tmp/a/b: No such file or directory\n[1]'].join(''),
    ));
  test('copies, moves, removals', () =>
    check(
      'cp -r /data /tmp/d; find /tmp/d; mv /tmp/d/one /tmp/d/sub; ls /tmp/d/sub; rm -r /tmp/d; rm /tmp/d',
      ['/tmp/d\n/tmp/d/one\n/tmp/d/sub\n/tmp/d/sub/two\none\ntwo\n', "rm: can't remove '/tmp/d': No such file or directory\n[1]"].join(''),
    ));
  test('modes', () =>
    check('chmod u+x,go-r /data/one; stat -c "%a %A %s" /data/one; chmod 644 /data/one; stat -c %a /data/one', '700 -rwx------ 6\n644\n'));
  test('find by name and kind', () =>
    check('find /data -type f -name "t*"; find /none', '/data/sub/two\nfind: /none: No such file or directory\n[1]'));
});

test('a command reads a file on its standard input', () =>
  check('cd /data; wc -l < one; tr f F < /data/one > two; cat two; grep -c irst </data/two', '1\nFirst\n1\n'));

describe('files of a size', () => {
  const MEBIBYTES = '100+0 records in\n100+0 records out\n104857600 bytes (100.0MB) copied, 0.209715 seconds, 476.8MB/s\n';
  test('dd', () =>
    check(
      'dd if=/dev/zero of=/data/big bs=1M count=100; ls -l /data/big; du /data/big; wc -c /data/big; cat /data/big | wc -c',
      `${MEBIBYTES}-rw-r--r--    1 root     root     104857600 Nov 22 05:04 /data/big\n102400\t/data/big\n104857600 /data/big\n104857600\n`,
    ));
  test('dd copies, and skips', () =>
    check(
      'dd if=/data/one of=/data/two bs=1 skip=1 count=3 status=none; cat /data/two; dd if=/none',
      "irsdd: can't open '/none': No such file or directory\n[1]",
    ));
  test('dd writes behind a place, and leaves a hole before it', () =>
    check(
      'dd if=/dev/zero of=/data/big bs=1M count=1 seek=9 status=none; stat -c %s /data/big; du /data/big; dd if=/data/one of=/data/big conv=notrunc status=none; head -c 6 /data/big; stat -c %s /data/big',
      '10485760\n1024\t/data/big\nfirst\n10485760\n',
    ));
  test('dd without an end says that it needs one', () =>
    check('dd if=/dev/zero of=/data/big', 'dd: the lab models no end of /dev/zero: say how much with count=\n[1]'));
  test('dd with a word that it does not know', () => check('dd size=1', "dd: unrecognized operand 'size=1'\n[1]"));
  test('fallocate takes room, and never makes a file smaller', () =>
    check(
      'fallocate -l 2G /data/big; fallocate -l 1M /data/big; ls -lh /data/big; du -h /data/big',
      '-rw-r--r--    1 root     root          2.0G Nov 22 05:04 /data/big\n2.0G\t/data/big\n',
    ));
  test('truncate makes holes, which take none', () =>
    check(
      'truncate -s 1G /data/big; stat -c %s /data/big; du /data/big; truncate -s 3 /data/one; cat /data/one; truncate -s +2 /data/one; wc -c /data/one',
      '1073741824\n0\t/data/big\nfir5 /data/one\n',
    ));
  test('a few bytes of what never ends', () =>
    check('head -c 5M /dev/zero > /data/big; cp /data/big /data/again; du /data/again', '5120\t/data/again\n'));
  test('an archive that would not go out whole is not begun', () =>
    check(
      'fallocate -l 1G /data/big; tar cf - /data/big',
      "tar: Removing leading `/' from member names\ntar: the lab models archives of up to 16.0M\ntar: Error is not recoverable: exiting now\n[2]",
    ));
});

describe('system', () => {
  test('ps', () => check('ps', 'PID   USER     TIME  COMMAND\n    1 1000      0:00 sleep 3600\n    7 1000      0:00 ps\n'));
  test('id with the groups of a pod', () =>
    check('id; id -u; whoami', 'uid=1000 gid=3000 groups=2000,3000\n1000\nwhoami: unknown uid 1000\n[1]'));
  test('id of root', () =>
    check('id; whoami', 'uid=0(root) gid=0(root) groups=0(root),10(wheel)\nroot\n', { id: 0, group: 0, groups: [0, 10] }));
  test('uname, hostname, date', () =>
    check(
      'uname -r; hostname; hostname -i; date; date +%F_%T; date +%s',
      '6.12.48+deb13-amd64\nweb-0\n10.244.1.7\nSun Nov 22 05:04:09 UTC 2026\n2026-11-22_05:04:09\n1795323849\n',
    ));
  test('df and free', () =>
    check(
      'df -h | grep sdb; free -m',
      [
        '/dev/sdb                100.0G     10.0G     90.0G  10% /data\n',
        '              total        used        free      shared  buff/cache   available\n',
        'Mem:           8192        1024        7168           0           0        7168\n',
        'Swap:             0           0           0\n',
      ].join(''),
    ));
  test('df of a path', () =>
    check(
      'df /data/sub',
      'Filesystem           1K-blocks      Used Available Use% Mounted on\n/dev/sdb             104857600  10485760  94371840  10% /data\n',
    ));
  test('signals', () => check('kill 1; kill -9 77', "sh: can't kill pid 77: No such process\n[1]"));
  test('what the image has not', () =>
    check('which ps top; uptime', '/bin/ps\n 05:04:09 up 1 day, 2:03,  0 users,  load average: 0.00, 0.00, 0.00\n'));
  test('files of the kernel', () => {
    const read = (path: string): string | undefined => systemFile(path, 'alpine:3.22', SYSTEM);
    expect(['/proc/1/cmdline', '/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/cpu.max', '/proc/7/comm'].map(read)).toEqual([
      'sleep\u00003600\u0000',
      '67108864\n',
      '25000 100000\n',
      undefined,
    ]);
    expect(read('/etc/os-release')).toContain('ID=alpine');
  });
});

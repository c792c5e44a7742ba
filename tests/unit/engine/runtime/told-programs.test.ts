import { expect, test } from 'vitest';
import { resourceProfile } from '../../../../src-main/engine/runtime/resource-profile.ts';
import { type ToldProgram, toldProgram } from '../../../../src-main/engine/runtime/told-programs.ts';

const MEBIBYTE = 1024 * 1024;

function check(words: string, expected: ToldProgram): void {
  const [image = '', ...args] = words.split(' ');
  expect(toldProgram({ image, args })).toEqual(expected);
  expect(toldProgram({ image: 'acme/box', command: [`/usr/bin/${image.slice(image.lastIndexOf('/') + 1)}`], args })).toEqual(expected);
}

test('the servers of agnhost listen where they are told, and else where they always do', () => {
  check('registry.k8s.io/e2e-test-images/agnhost', { ports: [] });
  check('agnhost pause', { ports: [] });
  check('agnhost constructor', { ports: [] });
  check('agnhost netexec', { ports: [8080] });
  check('agnhost netexec --http-port=9000', { ports: [9000] });
  check('agnhost serve-hostname --port 80', { ports: [80] });
  check('agnhost grpc-health-checking', { ports: [5000, 8080] });
  check('agnhost grpc-health-checking --port 1 --http-port 2', { ports: [1, 2] });
  check('agnhost liveness', { ports: [8080], httpErrorsAfterMs: 10_000 });
});

test('stress uses what it is told to use', () => {
  check('polinux/stress --vm 1 --vm-bytes 150M --vm-hang 1', { cpuMillis: 0, memoryBytes: 150 * MEBIBYTE });
  check('stress -m 2', { cpuMillis: 2000, memoryBytes: 512 * MEBIBYTE });
  check('stress --cpu 2 --timeout 90s', { cpuMillis: 2000, memoryBytes: 0, runMs: 90_000 });
  check('stress -c4 -t 2m', { cpuMillis: 4000, memoryBytes: 0, runMs: 120_000 });
  check('stress-ng --cpu=1 --io 1', { cpuMillis: 2000, memoryBytes: 0 });
  check('vish/stress -cpus 2', { cpuMillis: 2000, memoryBytes: 0 });
  check('vish/stress -mem-total 250Mi -mem-alloc-size 10Mi', { cpuMillis: 0, memoryBytes: 250 * MEBIBYTE });
});

test('numbers that are none, and ones beyond all machines, harm nobody', () => {
  check('stress --cpu many --vm -1 --vm-bytes lots', { cpuMillis: 0, memoryBytes: 0 });
  check('stress --vm 999999999 --vm-bytes 9999999999G --vm-hang 0', { cpuMillis: 0, memoryBytes: Number.MAX_SAFE_INTEGER });
});

test('small servers', () => {
  const portsOf = (...command: string[]): readonly number[] | undefined => toldProgram({ image: 'busybox', command }).ports;
  expect(portsOf('nc', '-k', '-l', '-p', '2000', '-e', 'sh')).toEqual([2000]);
  expect(portsOf('nc', '-lkp', '8080')).toEqual([8080]);
  expect(portsOf('ncat', '--listen', '--keep-open', '3307', '-c', 'true')).toEqual([3307]);
  expect(portsOf('nc', '-z', 'web', '80')).toBeUndefined();
  expect(portsOf('httpd', '-f', '-v', '-p', '8000', '-h', '/www')).toEqual([8000]);
  expect(portsOf('/bin/httpd', '-f')).toEqual([80]);
  expect(portsOf('httpd', '-p', '8000')).toBeUndefined();
  expect(portsOf('python3', '-m', 'http.server', '9000')).toEqual([9000]);
  expect(portsOf('python', '-m', 'http.server')).toEqual([8000]);
  expect(portsOf('python', 'app.py', 'http.server')).toBeUndefined();
  expect(portsOf('sh', '-c', 'while true; do { echo hi; date; } | nc -l -p 8080; done')).toEqual([8080]);
  expect(portsOf('sh', '-c', 'mkdir -p /www && httpd -f -p 8081 -h /www')).toEqual([8081]);
  expect(portsOf('sh', '-c', 'until nc -z db 5432; do sleep 1; done')).toBeUndefined();
});

test('programs without end keep one processor busy', () => {
  const cpuMillis = (command: readonly string[]): number =>
    resourceProfile({ name: 'a', image: 'busybox', command }, undefined).idleCpuMillis;
  expect(cpuMillis(['dd', 'if=/dev/zero', 'of=/dev/null'])).toBe(1000);
  expect(cpuMillis(['/bin/yes'])).toBe(1000);
  expect(cpuMillis(['dd', 'if=/dev/zero', 'of=/dev/null', 'count=1'])).toBe(0);
  expect(cpuMillis(['dd', 'if=/dev/zero', 'of=/data/file'])).toBe(0);
});

test('memory that a program is told to use is not fitted to its limit', () => {
  const memory = (limit: string): number =>
    resourceProfile(
      { name: 'a', image: 'polinux/stress', args: ['--vm', '1', '--vm-bytes', '250M'], resources: { limits: { memory: limit } } },
      undefined,
    ).memoryBytes;
  expect(memory('100Mi')).toBeGreaterThan(250 * MEBIBYTE);
});

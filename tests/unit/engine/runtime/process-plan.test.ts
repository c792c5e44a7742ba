import { expect, test } from 'vitest';
import { type PlannedContainer, type ProcessPlan, processPlan } from '../../../../src-main/engine/runtime/process-plan.ts';

/** The parts of the plan that a test names. */
function check(
  container: Omit<PlannedContainer, 'name'>,
  annotations: Record<string, string> | undefined,
  expected: Partial<Omit<ProcessPlan, 'ports'>> & { ports?: number[] },
): void {
  const plan = {
    ...processPlan({ name: 'app', ...container }, annotations),
    ports: [...processPlan({ name: 'app', ...container }, annotations).ports],
  };
  expect(plan).toMatchObject(expected);
}

test('image and command say what a process does', () => {
  check({ image: 'postgres:15-alpine' }, undefined, { kind: 'service', ports: [5432], runMs: null });
  check({ image: 'acme/shop', ports: [{ containerPort: 9000 }] }, undefined, { kind: 'service', ports: [9000] });
  const livenessProbe = { httpGet: { port: 8080 } };
  check({ image: 'acme/shop', livenessProbe, readinessProbe: { tcpSocket: { port: 'web' } } }, undefined, {
    kind: 'service',
    ports: [8080],
  });
  check({ image: 'nginx', livenessProbe }, undefined, { kind: 'service', ports: [80] });
  check({ image: 'alpine', command: ['/bin/sleep', '5'] }, undefined, {
    kind: 'shell',
    steps: [{ argv: ['/bin/sleep', '5'], redirect: null }],
  });
  check({ image: 'busybox', command: ['md5sum', '/dev/urandom'] }, undefined, { kind: 'shell' });
  check({ image: 'redis:7.2', args: ['--appendonly', 'yes'] }, undefined, { kind: 'service', ports: [6379] });
  check({ image: 'busybox' }, undefined, { kind: 'shell', steps: [] });
  check({ image: 'busybox', command: ['sleep', '5'] }, undefined, { kind: 'shell', steps: [{ argv: ['sleep', '5'], redirect: null }] });
  check({ image: 'busybox', args: ['sh', '-c', 'exit 3'] }, undefined, { kind: 'shell', steps: [{ argv: ['exit', '3'], redirect: null }] });
  const strict = [
    { argv: ['set', '-e'], redirect: null },
    { argv: ['exit', '3'], redirect: null },
  ];
  check({ image: 'busybox', args: ['sh', '-ec', 'exit 3'] }, undefined, { kind: 'shell', steps: strict });
  check({ image: 'busybox', args: ['sh', '-eu', '-c', 'exit 3'] }, undefined, { kind: 'shell', steps: strict });
  check({ image: 'busybox', command: ['no-such-program'] }, undefined, { kind: 'missing', program: 'no-such-program' });
  check({ image: 'busybox', command: ['sh', '-c', 'a & b'] }, undefined, { kind: 'task', isBeyond: true });
  check({ image: 'nginx', command: ['sh', '-c', 'a & b'] }, undefined, { kind: 'service', isBeyond: true });
  check({ image: 'busybox', command: ['sh', '-c', 'echo $(date | head -n 1) > /f'] }, undefined, { kind: 'shell', isBeyond: false });
  // What others answer is not modelled: a script that looks at it would go wrong.
  for (const script of ['a | b', 'x=$(known)', 'echo a | psql', 'psql <<END\nselect 1\nEND', 'while true; do date; done | tee /log'])
    check({ image: 'busybox', command: ['sh', '-c', script] }, undefined, { kind: 'task', isBeyond: true });
});

test('a script whose programs the lab knows is run, whoever reads their output', () => {
  for (const script of ['x=$(ps)', 'x=$(true; df -h | head)', 'df -h | tail -n 1', 'date | tee -a /log', 'wc -l < /etc/passwd'])
    check({ image: 'busybox', command: ['sh', '-c', script] }, undefined, { kind: 'shell', isBeyond: false });
});

test('small servers listen where they are told', () => {
  check({ image: 'busybox', command: ['nc', '-lk', '-p', '2000'] }, undefined, { kind: 'service', ports: [2000] });
  const script = 'while true; do { echo hi; date; } | nc -l -p 8080; done';
  check({ image: 'busybox', command: ['sh', '-c', script] }, undefined, { kind: 'service', ports: [8080], isBeyond: true });
  check({ image: 'busybox', command: ['sh', '-c', 'echo a > /index; httpd -f -p 81'] }, undefined, { kind: 'shell', ports: [81] });
});

test('where an end is expected, what nobody knows ends', () => {
  const kindOf = (container: Omit<PlannedContainer, 'name'>): string => processPlan({ name: 'app', ...container }, undefined, true).kind;
  expect(kindOf({ image: 'acme/migration' })).toBe('task');
  expect(kindOf({ image: 'acme/server', ports: [{ containerPort: 80 }] })).toBe('service');
  expect(kindOf({ image: 'mysql:8', command: ['bash', '-c', 'a & b'] })).toBe('task');
  expect(kindOf({ image: 'mysql:8', command: ['mysqldump', '--all-databases'] })).toBe('task');
  expect(kindOf({ image: 'nginx' })).toBe('service');
  const repair = { name: 'app', image: 'cassandra:5', command: ['nodetool', 'repair'] };
  expect([processPlan({ ...repair }, undefined, true).exitCode, processPlan(repair, undefined).exitCode]).toEqual([0, 143]);
  check({ image: 'polinux/stress', command: ['stress'], args: ['-c', '1', '-t', '9'] }, undefined, { runMs: 9000, exitCode: 0 });
});

test('annotations say what cannot be known, for all containers or one', () => {
  check(
    { image: 'nginx' },
    { 'orrery.dev/start-up-seconds': '2.5', 'orrery.dev/stop-seconds.other': '9' },
    { startUpMs: 2500, stopMs: 200 },
  );
  check({ image: 'nginx' }, { 'orrery.dev/exit-after-seconds.app': '4', 'orrery.dev/exit-code': '7' }, { runMs: 4000, exitCode: 7 });
  check(
    { image: 'nginx' },
    { 'orrery.dev/start-up-seconds': 'soon', 'orrery.dev/ignore-sigterm': 'true' },
    { startUpMs: 80, ignoresTerm: true },
  );
  check({ image: 'nginx' }, { 'orrery.dev/http-errors-after-seconds': '1.5' }, { httpErrorsAfterMs: 1500 });
  const resources = { limits: { memory: '100Mi' } };
  check(
    { image: 'nginx', resources },
    { 'orrery.dev/memory-bytes': '52428800', 'orrery.dev/memory-growth-bytes-per-second': '1048576' },
    { outOfMemoryMs: 50_000 },
  );
  check({ image: 'nginx' }, { 'orrery.dev/memory-growth-bytes-per-second': '1' }, { outOfMemoryMs: null });
});

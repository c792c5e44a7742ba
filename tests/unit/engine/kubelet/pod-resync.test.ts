import { describe, expect, test } from 'vitest';
import { resyncDelayMs } from '../../../../src-main/engine/kubelet/resync-delay.ts';
import { KubeletLab } from './kubelet-lab.ts';

const crash = { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'exit 1'] }] };
const missing = { containers: [{ name: 'c', image: 'nginx:no-such-tag' }] };

const tellings = (lab: KubeletLab, reason: string): number =>
  lab.events('p').reduce((sum, line) => sum + (line.includes(` ${reason} `) ? Number(line.match(/ x(\d+)$/)?.[1] ?? 1) : 0), 0);

/** How often the reason was told between these moments of a pod's life. */
function check(
  spec: Record<string, unknown>,
  reason: string,
  fromSeconds: number,
  untilSeconds: number,
  [least, most]: readonly [number, number],
  act = (_: KubeletLab) => {},
): void {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec });
  lab.run(fromSeconds);
  const before = tellings(lab, reason);
  act(lab);
  lab.run(untilSeconds - fromSeconds);
  const after = tellings(lab, reason) - before;
  expect(after).toBeGreaterThanOrEqual(least);
  expect(after).toBeLessThanOrEqual(most);
}

describe('a look every 10 to 16 seconds tells of a wait again', () => {
  // The wait of 40 seconds lasts from about 33 to 73; later ones are told of more often than the spam filter lets through.
  test('for a restart', () => check(crash, 'BackOff', 36, 70, [2, 4]));
  test('for an image', () => check(missing, 'BackOff', 36, 70, [2, 4]));
  test('as long as the kubelet works', () =>
    check(crash, 'BackOff', 36, 70, [0, 0], (lab) => lab.physics.change('kubelet', 'n1', { running: false })));
  test('as long as there is the pod', () => check(crash, 'BackOff', 36, 70, [0, 0], (lab) => lab.delete('p', 0)));
  test('in a world that was opened again', () => check(crash, 'BackOff', 36, 70, [2, 4], (lab) => lab.restore()));
});

test('nothing is due for a pod that runs well', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } });
  lab.run(60);
  expect(lab.timeline.entriesOf('kubelet').filter(({ name }) => name === 'pod-resync')).toEqual([]);
});

test('the next look is on the beat of a second, after 10 to 16 of them, and drawn for each pod and moment', () => {
  const dues = ['a', 'b', 'c'].flatMap((uid) =>
    [0, 1234, 5678, 20_999].map((nowMs) => [nowMs + resyncDelayMs(uid, nowMs), resyncDelayMs(uid, nowMs)]),
  );
  for (const [dueMs = -1, delayMs = -1] of dues) {
    expect(dueMs % 1000).toBe(0);
    expect(delayMs).toBeGreaterThanOrEqual(10_000);
    expect(delayMs).toBeLessThan(16_000);
  }
  expect(new Set(dues.map(([, delayMs]) => delayMs)).size).toBeGreaterThan(5);
});

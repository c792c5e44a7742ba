import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubelet, tickingKubelet } from '../../../../src-main/engine/kubelet/kubelet.ts';
import { KubeletLab } from './kubelet-lab.ts';

const probe = (more: Record<string, unknown> = {}) => ({ periodSeconds: 5, failureThreshold: 2, ...more });
const PODS = [
  {
    name: 'live',
    spec: {
      containers: [
        {
          name: 'app',
          image: 'busybox:1',
          command: ['sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
          livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, ...probe() },
        },
      ],
    },
  },
  {
    name: 'slow',
    annotations: { 'orrery.dev/start-up-seconds': '23' },
    spec: {
      containers: [
        {
          name: 'app',
          image: 'nginx:1.27',
          startupProbe: { httpGet: { port: 80 }, ...probe({ failureThreshold: 10, periodSeconds: 3 }) },
          livenessProbe: { tcpSocket: { port: 80 }, ...probe({ periodSeconds: 7 }) },
          readinessProbe: { httpGet: { port: 80 }, ...probe({ successThreshold: 3 }) },
        },
      ],
    },
  },
  {
    name: 'pair',
    spec: {
      volumes: [{ name: 'shared', emptyDir: {} }],
      containers: [
        {
          name: 'writer',
          image: 'busybox:1',
          command: ['sh', '-c', 'while true; do touch /w/up; sleep 21; rm /w/up; sleep 17; done'],
          volumeMounts: [{ name: 'shared', mountPath: '/w' }],
        },
        {
          name: 'reader',
          image: 'busybox:1',
          command: ['sleep', '3600'],
          volumeMounts: [{ name: 'shared', mountPath: '/r' }],
          readinessProbe: { exec: { command: ['test', '-f', '/r/up'] }, ...probe() },
        },
      ],
    },
  },
];

function lab(component = kubelet): KubeletLab {
  const made = new KubeletLab(component);
  for (const pod of PODS) made.create(pod);
  return made;
}

/** Half an hour with probes failing and healing and a crash: what each pod's status said, when. */
function history(made: KubeletLab, stopsAt: readonly number[] = []): readonly string[] {
  const step = (untilMs: number): void => {
    for (const stop of stopsAt) {
      if (stop <= made.timeline.nowMs || stop > untilMs) continue;
      made.timeline.advance(stop, 1_000_000);
      made.restore();
    }
    made.timeline.advance(untilMs, 1_000_000);
  };
  step(61_237);
  made.physics.set('ailment', `${made.pod('slow')?.metadata.uid}/app`, { failingProbes: ['liveness', 'readiness'] });
  step(93_411);
  made.physics.set('ailment', `${made.pod('slow')?.metadata.uid}/app`, undefined);
  step(400_000);
  made.physics.set('ailment', `${made.pod('pair')?.metadata.uid}/reader`, { failingProbes: [], crash: { exitCode: 9, atMs: 400_000 } });
  step(1_800_000);
  return [...made.log, ...PODS.flatMap(({ name }) => made.events(name).filter((line) => !line.includes('Unhealthy')))];
}

test('probes that are run only when they matter make the same history as probes run on every period', () => {
  const [quiet, ticking] = [lab(), lab(tickingKubelet)];
  expect(history(quiet)).toEqual(history(ticking));
  expect(quiet.log.length).toBeGreaterThan(30);
  expect(quiet.timeline.processed).toBeLessThan(ticking.timeline.processed);
});

test('saved and restored at any instant, it goes on as it would have', () => {
  const whole = history(lab());
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1001, max: 500_000 }), { minLength: 1, maxLength: 4 }), (stops) => {
      expect(
        history(
          lab(),
          [...stops].sort((a, b) => a - b),
        ),
      ).toEqual(whole);
    }),
    { numRuns: 8, seed: 3 },
  );
});

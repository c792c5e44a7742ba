// However little is brought up to date at a time, the records end as those of a projection that looks at the world anew.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { actOn } from '../../../../src-main/session/actions/act-on.ts';
import { Projection } from '../../../../src-main/session/projection/projection.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

/** An event warns about it as it ends: it is an object of its own all the same. */
const FAILING_JOB = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'broken', namespace: 'default' },
  spec: {
    backoffLimit: 0,
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox', command: ['sh', '-c', 'exit 3'] }] },
    },
  },
};

function check(recordsMax: number): void {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  const projection = Projection.of(cluster);
  const steps = (ms: number): void => {
    const endMs = cluster.timeline.nowMs + ms;
    while (cluster.timeline.nowMs < endMs) {
      cluster.advance(cluster.timeline.nowMs + 5_000);
      expect(projection.refresh(recordsMax)).toBeTypeOf('boolean');
    }
  };
  cluster.command({ type: 'apply', object: FAILING_JOB });
  steps(60_000);
  const { id = '' } = cluster.command({ type: 'fail', failure: 'zone-outage', target: 'zone-a' });
  steps(420_000);
  cluster.command({ type: 'heal', id });
  steps(120_000);
  let rounds = 0;
  while (!projection.refresh(recordsMax)) rounds += 1;
  expect(rounds).toBeLessThan(1_000);
  const fresh = Projection.of(cluster);
  expect([...fresh.tables.rows('objects').values()].find(({ name }) => name === 'broken')?.summary).toContain('Failed');
  for (const name of ['pods', 'nodes', 'claims', 'volumes', 'attachments', 'objects'] as const) {
    const byId = (from: Projection) => Object.fromEntries(from.tables.rows(name));
    expect(byId(projection)).toEqual(byId(fresh));
  }
}

test('all at once', () => check(Number.POSITIVE_INFINITY));
test('three at a time', () => check(3));

test('what a pod asks for is counted anew when it is resized where it is', () => {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(60_000);
  const projection = Projection.of(cluster);
  const key = [...cluster.store.table('Pod').keys()].find((name) => name.startsWith('shop/cache-')) ?? '';
  const containers = [{ name: 'redis', requests: { cpu: '400m', memory: '128Mi' }, limits: { memory: '256Mi' } }];
  expect(actOn(cluster, { do: 'resize', containers }, [{ kind: 'Pod', key }])).toMatchObject([{ refused: '' }]);
  projection.refresh();
  const requested = (from: Projection) => [...from.tables.rows('nodes').values()].map((node) => [node.name, node.requested]);
  expect(requested(projection)).toEqual(requested(Projection.of(cluster)));
});

test('what every cluster has beside what somebody brought is of modelled kinds: nothing of the rest hides what is only stored', () => {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(60_000);
  const ofRest = (): readonly string[] =>
    [...Projection.of(cluster).tables.rows('objects').values()]
      .filter(({ simulated }) => !simulated)
      .map(({ kind, name }) => `${kind} ${name}`);
  expect(ofRest()).toEqual([]);
  cluster.command({
    type: 'apply',
    object: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'mine' },
      webhooks: [],
    },
  });
  expect(ofRest()).toEqual(['ValidatingWebhookConfiguration.admissionregistration.k8s.io mine']);
});

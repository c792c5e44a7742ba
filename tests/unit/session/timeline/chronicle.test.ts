// The story of a lost worker as the timeline tells it, and that a world which is opened again remembers it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { StepRecord } from '../../../../src-main/contract/timeline.ts';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';
import { Chronicle } from '../../../../src-main/session/timeline/chronicle.ts';
import { ruleBook } from '../../../../src-main/session/timeline/rule-book.ts';

const WORDS = JSON.parse(readFileSync(new URL('../../../../src-renderer/messages/en.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>;

function lostWorker(): { readonly cluster: Cluster; readonly chronicle: Chronicle } {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  const chronicle = new Chronicle(cluster);
  cluster.advance(60_000);
  const { id = '' } = cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-2' });
  cluster.advance(900_000);
  cluster.command({ type: 'heal', id });
  cluster.advance(1_000_000);
  return { cluster, chronicle };
}

const { cluster, chronicle } = lostWorker();
const told = ({ lane, what, key, actor }: StepRecord): string => `${lane} ${what} ${key.replace(/-[a-z0-9]{5}$/, '')} ${actor}`.trim();

test('a worker loses its power and gets it back', () => {
  const steps = chronicle.steps
    .filter(({ atMs, lane, what }) => atMs >= 60_000 && lane !== 'events' && what !== 'node.untainted')
    .map(told);
  expect(steps).toEqual([
    'actions failure.begins worker-2',
    'nodes node.unknown worker-2 node-controller',
    'pods pod.notReadyByNode shop/web-58f9756484 node-controller',
    'nodes node.lostNoSchedule worker-2 node-controller',
    'services service.fewer shop/web endpoint-slice-controller',
    'nodes node.lostNoExecute worker-2 node-controller',
    'pods pod.evictedByTaint shop/web-58f9756484 taint-eviction-controller',
    'pods pod.createdBy shop/web-58f9756484 replicaset-controller',
    'pods pod.scheduled shop/web-58f9756484 default-scheduler',
    'pods pod.running shop/web-58f9756484 kubelet, worker-3',
    'pods pod.ready shop/web-58f9756484 kubelet, worker-3',
    'services service.more shop/web endpoint-slice-controller',
    'actions failure.ends worker-2',
    'nodes node.ready worker-2 kubelet, worker-2',
    'pods pod.failed shop/web-58f9756484 kubelet, worker-2',
    'pods pod.gone shop/web-58f9756484 kubelet, worker-2',
  ]);
});

test('that an eviction is called off is not told as one', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  const heard = new Chronicle(lab);
  lab.advance(60_000);
  const { id = '' } = lab.command({ type: 'fail', failure: 'node-power-off', target: 'worker-2' });
  lab.advance(180_000);
  lab.command({ type: 'heal', id });
  lab.advance(400_000);
  const whats = heard.steps.filter(({ what }) => what.startsWith('event.TaintManager')).map(({ what }) => what);
  expect(whats).toEqual(['event.TaintManagerCancelled']);
});

test('a taint that goes though its node stays silent, and a pod that is called Failed though nobody knows', () => {
  const lab = Cluster.start(builtInScenario('web-shop', 1));
  const heard = new Chronicle(lab);
  lab.advance(60_000);
  lab.command({ type: 'fail', failure: 'kubelet-stop', target: 'worker-2' });
  lab.advance(180_000);
  const { id = '' } = lab.command({ type: 'fail', failure: 'component-stop', target: 'kube-controller-manager' });
  lab.advance(190_000);
  lab.command({ type: 'heal', id });
  lab.advance(240_000);
  lab.command({ type: 'delete', kind: 'Node', key: 'worker-2', options: {} });
  lab.advance(400_000);
  const whats = new Set(heard.steps.filter(({ atMs }) => atMs >= 60_000).map(({ what }) => what));
  expect([whats.has('node.untaintedAnew'), whats.has('node.untainted')]).toEqual([true, false]);
  expect([whats.has('pod.failedByCollector'), whats.has('pod.failed')]).toEqual([true, false]);
});

test('each step says which entry of the queue made it', () => {
  const trigger = (what: string): string | undefined => chronicle.steps.find((step) => step.what === what)?.trigger;
  expect(trigger('node.unknown')).toBe('node-controller silent');
  expect(trigger('node.lostNoExecute')).toBe('node-controller taint');
  expect(trigger('failure.begins')).toBe('command');
});

test('there is a sentence for every step, and a rule for what Kubernetes did by itself', () => {
  const whats = new Set(chronicle.steps.map(({ what }) => what));
  const noWords = [...whats].filter((what) => !what.startsWith('event.') && WORDS[`step.${what}`] === undefined);
  const noRule = [...whats].filter((what) => !/^(event|object|failure|command)\./.test(what) && ruleBook[what] === undefined);
  expect([noWords, noRule]).toEqual([[], []]);
  expect(Object.keys(ruleBook).filter((what) => WORDS[`step.${what}`] === undefined)).toEqual([]);
});

test('a rule names each number once, and every page is a path of the documentation', () => {
  for (const { settings, page } of Object.values(ruleBook)) {
    expect(new Set(settings.map(({ setBy }) => setBy)).size).toBe(settings.length);
    for (const path of [page, ...settings.map((setting) => setting.page)]) expect(path).toMatch(/^docs\/[a-z0-9./-]+\/(#[\w.-]+)?$/);
  }
});

test('a world that is opened again remembers what its store remembers, and every failure', () => {
  const again = new Chronicle(Cluster.restore(cluster.save()));
  const plain = (steps: readonly StepRecord[]) => steps.map(({ atMs, what, key, trigger }) => `${atMs} ${what} ${key} ${trigger}`);
  expect(plain(again.steps)).toEqual(plain(chronicle.steps));
});

test('a reader gets everything once, and then only what is new', () => {
  const { cluster: world, chronicle: history } = lostWorker();
  const first = history.news({ edition: 0, nextId: 0, nextPoint: 0 });
  expect(first.steps).toEqual(history.steps);
  expect(first.services.map(({ key }) => key).sort()).toEqual(['shop/api', 'shop/cache', 'shop/database', 'shop/web']);
  expect(history.news(first)).toMatchObject({ steps: [], services: [], more: false });
  world.command({
    type: 'delete',
    kind: 'Pod',
    key: [...world.store.table('Pod').keys()].find((key) => key.includes('/cache')) ?? '',
    options: {},
  });
  world.advance(1_010_000);
  const next = history.news(first);
  expect(next.steps.map(told).slice(0, 2)).toEqual([
    `actions command.delete shop/cache-${next.steps[0]?.key.split('-')[1]}`,
    expect.stringContaining('pods pod.terminating shop/cache'),
  ]);
  expect(next.services.map(({ key }) => key)).toEqual(['shop/cache']);
});

test('a command that was refused is not told', () => {
  const { cluster: world, chronicle: history } = lostWorker();
  const before = history.steps.length;
  expect(() => world.command({ type: 'fail', failure: 'node-power-off', target: 'nobody' })).toThrow();
  expect(history.steps.length).toBe(before);
});

// Clients get objects as Go encodes them, and may send back what they got.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const SETS = '/apis/apps/v1/namespaces/default/statefulsets';
const template = { spec: { containers: [{ name: 'a', image: 'nginx' }] } };

function withSet(): RestWorld {
  const world = new RestWorld();
  const labels = { app: 'a' };
  world.ask(`POST ${SETS}`, {
    metadata: { name: 'a' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, ...template } },
  });
  return world;
}

test('a template was never created, and a status counts from none', () => {
  const { spec, status } = withSet().body(`GET ${SETS}/a`);
  expect([spec.template.metadata, spec.serviceName, status.replicas]).toEqual([{ creationTimestamp: null, labels: { app: 'a' } }, '', 0]);
});
test('lists, watches and answers to writes say the same', () => {
  const world = withSet();
  const seen = (object: any): unknown => object.spec.template.metadata.creationTimestamp;
  const changed = world.body(`PATCH ${SETS}/a`, { metadata: { labels: { b: 'c' } } }, { contentType: 'application/merge-patch+json' });
  expect([changed, world.body(`GET ${SETS}`).items[0]].map(seen)).toEqual([null, null]);
});
test('what is sent back as it was got changes nothing', () => {
  const world = withSet();
  const got = world.body(`GET ${SETS}/a`) as JsonObject;
  expect(world.body(`PUT ${SETS}/a`, got)).toEqual(got);
  expect((world.store.get('StatefulSet.apps', 'default/a') as unknown as JsonObject)['spec']).not.toHaveProperty('serviceName');
});
test('a patch may lean on what is shown', () => {
  const world = new RestWorld();
  const jobs = '/apis/batch/v1/namespaces/default/cronjobs';
  const pods = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } };
  world.ask(`POST ${jobs}`, { metadata: { name: 'c' }, spec: { schedule: '@daily', jobTemplate: { spec: { template: pods } } } });
  const patch = [{ op: 'add', path: '/spec/jobTemplate/metadata/labels', value: { a: 'b' } }];
  const made = world.body(`PATCH ${jobs}/c`, patch, { contentType: 'application/json-patch+json' });
  expect(made.spec.jobTemplate.metadata).toEqual({ creationTimestamp: null, labels: { a: 'b' } });
});

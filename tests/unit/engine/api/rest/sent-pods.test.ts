// Subresources of pods that take a pod: what is no pod, or an old one, changes nothing.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const POD = '/api/v1/namespaces/default/pods/web';
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };

test.each<[string, object, string]>([
  [
    'resize',
    { spec: { containers: [{ name: 'web', resources: { requests: { cpu: '99x' } } }] } },
    'quantities must match the regular expression',
  ],
  ['resize', { metadata: { resourceVersion: '999' } }, '409'],
  ['ephemeralcontainers', { spec: { ephemeralContainers: 'debugger' } }, 'cannot restore slice from string'],
  ['ephemeralcontainers', { spec: { ephemeralContainers: [{ name: 'd', image: 7 }] } }, 'unrecognized type: string'],
  ['ephemeralcontainers', { metadata: { resourceVersion: '999' } }, '409'],
])('%s %j', (subresource, patch, expected) => {
  const world = new RestWorld();
  world.body('POST /api/v1/namespaces/default/pods', pod);
  const before = world.body(`GET ${POD}`);
  expect(
    world.outcome(`PATCH ${POD}/${subresource}`, patch as JsonObject, { contentType: 'application/strategic-merge-patch+json' }),
  ).toContain(expected);
  expect(world.body(`GET ${POD}`)).toEqual(before);
});

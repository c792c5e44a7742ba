// What an eviction is answered with, by the budgets that cover the pod.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const budget = (name: string): JsonValue => ({ metadata: { name }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } });
const body: JsonValue = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web', namespace: 'default' } };

function check(budgets: readonly string[], expected: object) {
  const world = new RestWorld();
  const pod = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
  world.ask('POST /api/v1/namespaces/default/pods', pod);
  world.ask(
    'PATCH /api/v1/namespaces/default/pods/web/status',
    { status: { phase: 'Running' } },
    { contentType: 'application/merge-patch+json' },
  );
  for (const name of budgets) world.ask('POST /apis/policy/v1/namespaces/default/poddisruptionbudgets', budget(name));
  const { code, body: answer } = world.ask('POST /api/v1/namespaces/default/pods/web/eviction', body);
  expect({ code, ...(answer as object) }).toMatchObject(expected);
}

test('no budget', () => check([], { code: 201, status: 'Success' }));
test('a budget that nobody has counted yet', () =>
  check(['one'], {
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      retryAfterSeconds: 10,
      causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget one is still being processed by the server.' }],
    },
  }));
test('two budgets', () =>
  check(['one', 'two'], {
    code: 500,
    status: 'Failure',
    message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
  }));

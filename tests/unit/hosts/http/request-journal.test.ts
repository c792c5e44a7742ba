import { expect, test } from 'vitest';
import { RequestJournal, type SeenRequest } from '../../../../src-main/hosts/http/request-journal.ts';

const seen = (more: Partial<SeenRequest>): SeenRequest => ({
  ...{ session: 's1', command: 'kubectl get', agent: 'kubectl/v1.33', user: 'kubernetes-admin', method: 'GET', code: 200, atMs: 0 },
  path: '/api/v1/pods?limit=500',
  ...more,
});

/** `kubectl get: GET /path 200, ...`, newest run first. */
function check(requests: readonly (Partial<SeenRequest> & { readonly atRealMs?: number })[], ...expected: readonly string[]): void {
  let nowMs = 0;
  const journal = new RequestJournal(() => nowMs);
  for (const { atRealMs = nowMs, ...more } of requests) {
    nowMs = atRealMs;
    journal.note(seen(more));
  }
  const lines = journal
    .runs()
    .map(
      ({ command, requests: asked, more }) =>
        `${command}: ${asked.map(({ method, path, code }) => `${method} ${path} ${code}`).join(', ')}${more > 0 ? ` +${more}` : ''}`,
    );
  expect(lines).toEqual(expected);
}

test('the requests of one run belong together', () =>
  check(
    [
      { session: 'a', path: '/api/v1/pods' },
      { session: 'b', command: 'kubectl delete', method: 'DELETE', path: '/api/v1/nodes/n' },
      { session: 'a', path: '/api/v1/nodes', code: 403 },
    ],
    'kubectl delete: DELETE /api/v1/nodes/n 200',
    'kubectl get: GET /api/v1/pods 200, GET /api/v1/nodes 403',
  ));

test('what every client asks first is not told', () =>
  check([
    { path: '/apis' },
    { path: '/api/v1?timeout=32s' },
    { path: '/openapi/v3/apis/apps/v1?hash=A' },
    { path: '/apis/apps/v1' },
    { path: '/version' },
  ]));

test('clients that name no run are told apart by name and time', () =>
  check(
    [
      { session: '', command: '', agent: 'node-fetch', path: '/api/v1/pods' },
      { session: '', command: '', agent: 'node-fetch', path: '/api/v1/nodes', atRealMs: 1_000 },
      { session: '', command: '', agent: 'node-fetch', path: '/api/v1/pods', atRealMs: 9_000 },
    ],
    'node-fetch: GET /api/v1/pods 200',
    'node-fetch: GET /api/v1/pods 200, GET /api/v1/nodes 200',
  ));

test('a long run keeps its newest requests', () => {
  const journal = new RequestJournal(() => 0);
  for (let index = 0; index < 70; index += 1) journal.note(seen({ path: `/api/v1/nodes/n${index}` }));
  for (let index = 0; index < 200; index += 1) journal.note(seen({ session: `s${index + 2}` }));
  expect(journal.runs().length).toBe(100);
});

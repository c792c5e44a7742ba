// What a person asks the API server in so many words: evictions as `kubectl drain` makes them, and requests under another name.
import { parse } from 'yaml';
import type { RestAnswer } from '../../src-main/engine/api/rest/rest-request.ts';
import type { JsonValue } from '../../src-main/engine/meta/object.ts';
import type { FailureStatus } from '../../src-main/engine/meta/status-error.ts';
import { drainPlan } from '../../src-main/session/actions/drain-plan.ts';
import { durationMs, type TestCluster } from '../support/test-cluster.ts';
import type { Act, Call } from './story.ts';

/** upstream: kubectl pkg/drain/drain.go */
const RETRY_MS = 5_000;
const POLL = '1s';

export const requests: Readonly<Record<string, Act>> = {
  drain,
  ask: (call) => {
    const [method = '', path = ''] = call.words;
    const body = call.input.trim() === '' ? undefined : (parse(call.input) as JsonValue);
    return told(asked(call, method, path, body));
  },
  evict: (call) => {
    const [namespace, name] = [call.options['n'] ?? 'default', call.words[0] ?? ''];
    return told(evicted(call.cluster, namespace, name));
  },
};

function drain(call: Call): readonly string[] {
  const { cluster, words, options, observer } = call;
  const [node = ''] = words;
  const plan = drainPlan(cluster.world, [node], { deleteEmptyDirData: true, force: options['force'] === 'true' });
  asked(call, 'PATCH', `/api/v1/nodes/${node}`, { spec: { unschedulable: true } });
  const lines = [`node/${node} cordoned`];
  const startMs = cluster.nowMs;
  const line = (text: string): unknown => lines.push(`${((cluster.nowMs - startMs) / 1000).toFixed(1).padStart(7)}s  ${text}`);
  const untilMs = startMs + durationMs(options['timeout'] ?? '5m');
  const waiting = new Map(plan.evict.map(({ key }) => [key, { nextMs: startMs, isEvicted: false }]));
  while (waiting.size > 0 && cluster.nowMs < untilMs) {
    for (const [key, pod] of waiting) {
      const [namespace = '', name = ''] = key.split('/');
      if (cluster.world.store.get('Pod', key) === undefined) {
        waiting.delete(key);
        line(`pod/${name} evicted`);
      } else if (!pod.isEvicted && cluster.nowMs >= pod.nextMs) {
        const { code, body } = evicted(cluster, namespace, name);
        line(`evicting pod ${key}`);
        pod.isEvicted = code < 300;
        pod.nextMs = cluster.nowMs + RETRY_MS;
        const { message } = body as FailureStatus;
        if (code === 429) line(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${message}`);
      }
    }
    if (waiting.size > 0) cluster.run(POLL);
  }
  return [...lines, waiting.size === 0 ? `node/${node} drained` : 'There are pending pods.', ...observer.take()];
}

function evicted(cluster: TestCluster, namespace: string, name: string): RestAnswer {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  return send(cluster, 'POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, body, {});
}

function asked({ cluster, options }: Call, method: string, path: string, body: JsonValue | undefined): RestAnswer {
  return send(cluster, method, path, body, options);
}

function send(cluster: TestCluster, method: string, path: string, body: JsonValue | undefined, { as, apply }: Call['options']): RestAnswer {
  const [address = '', query = ''] = path.split('?');
  const request = {
    method,
    path: address,
    query: [...new URLSearchParams(query)] as [string, string][],
    accept: 'application/json',
    contentType: method !== 'PATCH' ? 'application/json' : `application/${apply === 'true' ? 'apply-patch+yaml' : 'merge-patch+json'}`,
    user: { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
    agent: 'kubectl',
    ...(body === undefined ? {} : { body }),
    ...(as === undefined ? {} : { impersonate: { user: as, groups: [] } }),
  };
  const { answer } = cluster.world.command({ type: 'request', request });
  return answer as RestAnswer;
}

function told({ code, body, warnings }: RestAnswer): readonly string[] {
  const { reason, message, kind, details } = body as FailureStatus & { readonly kind: string };
  const warned = warnings.map((warning) => `Warning: ${warning}`);
  const causes = (details?.causes ?? []).map((cause) => `  ${cause.message}`);
  const why = (reason as string | undefined) === undefined ? '' : ` (${reason})`;
  if (code >= 400) return [...warned, `Error from server${why}: ${message}`, ...(code === 429 ? causes : [])];
  return [...warned, `${code} ${kind}`];
}

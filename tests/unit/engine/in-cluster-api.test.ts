// The API server as a container meets it: with the token that lies there, without one, through policies and from a node that is cut off.
import { describe, expect, test } from 'vitest';
import { mountedToken, TOKEN_ISSUER } from '../../../src-main/engine/kinds/core/service-account-token.ts';
import { TestCluster } from '../../support/test-cluster.ts';
import { requestOf } from './api/rest/rest-world.ts';

const PLACE = '/var/run/secrets/kubernetes.io/serviceaccount';
const BEARER = `-H "Authorization: Bearer $(cat ${PLACE}/token)"`;
const API = 'https://kubernetes.default.svc';

const pod = (name: string, labels: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels } },
  spec: { containers: [{ name: 'app', image: 'curlimages/curl:8.14.1', command: ['sleep', '36000'] }] },
});

function withPods(...objects: readonly object[]): TestCluster {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  for (const object of [pod('p'), ...objects]) cluster.apply(JSON.stringify(object));
  return cluster.run('20s');
}

function run({ world }: TestCluster, script: string, name = 'p'): string {
  const words = ['sh', '-c', `${script}; echo =$?`].map((word) => `&command=${encodeURIComponent(word)}`).join('');
  const line = `POST /api/v1/namespaces/default/pods/${name}/exec?container=app&stdout=true&stderr=true${words}`;
  const body = world.command({ type: 'request', request: requestOf(line, {}, {}) }).answer?.body as { output: string; complaints: string };
  return `${body.complaints}${body.output}`;
}

/** The code, and the message or how many there are. */
function asked(cluster: TestCluster, options: string, url: string, name = 'p'): string {
  const text = run(cluster, `curl -sk -w '\\n%{http_code}' ${options} '${url}'`, name);
  const [, body = '', code] = /^([\s\S]*)\n(\d+)=0\n$/.exec(text) ?? [];
  const { message, items, metadata, status } = body.startsWith('{') ? JSON.parse(body) : { message: body.trim() };
  return `${code} ${message ?? (items === undefined ? (metadata.name ?? status) : items.map((item: any) => item.metadata.name).join())}`;
}

const reader = (verbs: readonly string[]) => [
  {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader', namespace: 'default' } },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
  },
  {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'reader', namespace: 'default' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
  },
];

const PODS = `${API}/api/v1/namespaces/default/pods`;
const forbidden = (user: string, verb = 'list') =>
  `403 pods is forbidden: User "${user}" cannot ${verb} resource "pods" in API group "" in the namespace "default"`;
const ACCOUNT = 'system:serviceaccount:default:default';

describe('without a token', () => {
  const cluster = withPods();
  test.each(['livez', 'readyz', 'healthz'])('%s', (path) => expect(asked(cluster, '', `${API}/${path}`)).toBe('200 ok'));
  test('what version it is', () => expect(run(cluster, `curl -sk ${API}/version`)).toContain('"gitVersion": "v1.33.'));
  test('anything else', () => expect(asked(cluster, '', PODS)).toBe(forbidden('system:anonymous')));
  test.each([
    ...['https://kubernetes', 'https://kubernetes.default', 'https://10.96.0.1', 'https://10.96.0.1:443'],
    'https://kubernetes.default.svc.cluster.local',
  ])('it is found by %s', (url) => expect(asked(cluster, '', `${url}/healthz`)).toBe('200 ok'));
  test('and by what the environment says', () =>
    expect(run(cluster, 'curl -sk https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT_HTTPS/healthz')).toBe('ok=0\n'));
  test('its certificate is of the authority that lies in the pod', () => {
    expect(run(cluster, `curl -s --cacert ${PLACE}/ca.crt ${API}/healthz`)).toBe('ok=0\n');
    expect(run(cluster, `curl -s ${API}/healthz`)).toBe('=60\n');
  });
  test('who speaks no TLS is told so', () =>
    expect(run(cluster, 'curl -s http://kubernetes:443/healthz')).toBe('Client sent an HTTP request to an HTTPS server.\n=0\n'));
});

describe('with the token that lies in the pod', () => {
  test('an account that may nothing', () => expect(asked(withPods(), BEARER, PODS)).toBe(forbidden(ACCOUNT)));
  test('one that may read', () => {
    const cluster = withPods(...reader(['get', 'list']));
    expect(asked(cluster, BEARER, PODS)).toBe('200 p');
    expect(asked(cluster, BEARER, `${PODS}/p`)).toBe('200 p');
    expect(asked(cluster, BEARER, `${PODS}/none`)).toBe('404 pods "none" not found');
    expect(asked(cluster, BEARER, `${PODS}?fieldSelector=metadata.name%3Dnone`)).toBe('200 ');
    expect(asked(cluster, `${BEARER} -X DELETE`, `${PODS}/p`)).toBe(
      `403 pods "p" is forbidden: User "${ACCOUNT}" cannot delete resource "pods" in API group "" in the namespace "default"`,
    );
  });
  test('one that may delete ends its own pod', () => {
    const cluster = withPods(...reader(['delete']));
    expect(asked(cluster, `${BEARER} -X DELETE`, `${PODS}/p`)).toBe('200 p');
    cluster.reopen().run('60s');
    expect(cluster.world.store.get('Pod', 'default/p')).toBeUndefined();
  });
  test('it says who asks while the pod is there, and no longer', () => {
    const cluster = withPods(pod('other'), ...reader(['list']));
    const token = run(cluster, `cat ${PLACE}/token`, 'other').replace(/=0\n$/, '');
    expect(asked(cluster, `-H "Authorization: Bearer ${token}"`, PODS)).toBe('200 other,p');
    cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/other', options: { gracePeriodSeconds: 0 } });
    expect(asked(cluster, `-H "Authorization: Bearer ${token}"`, PODS)).toBe('401 Unauthorized');
  });
  test.each([
    ['no claims', null],
    ['nobody', { aud: [TOKEN_ISSUER], exp: 9e9, 'kubernetes.io': { namespace: 'default', serviceaccount: null, pod: null } }],
    ['no names', { aud: [TOKEN_ISSUER], exp: 9e9, 'kubernetes.io': { namespace: {}, serviceaccount: { name: [] }, pod: { uid: {} } } }],
    ['no end', { aud: [TOKEN_ISSUER], exp: null, 'kubernetes.io': { namespace: 'default', serviceaccount: 1, pod: 'p' } }],
  ])('a token sealed by hand that says %s is nobody', (_, claims) =>
    expect(asked(withPods(), `-H "Authorization: Bearer ${mountedToken(claims as never)}"`, `${API}/version`)).toBe('401 Unauthorized'),
  );
  test.each(['x', 'a.b.c', '$(cat /var/run/secrets/kubernetes.io/serviceaccount/token)x'])('%s is nobody', (token) =>
    expect(asked(withPods(), `-H "Authorization: Bearer ${token}"`, `${API}/version`)).toBe('401 Unauthorized'),
  );
  test('what the lab does not do there', () => {
    const cluster = withPods(...reader(['*']));
    const not = "501 orrery: to containers the lab's API server answers GET, HEAD and DELETE, no watches and nobody in the name of others";
    expect(asked(cluster, `${BEARER} -X POST -d '{}'`, PODS)).toBe(not);
    expect(asked(cluster, BEARER, `${PODS}?watch=true`)).toBe(not);
    expect(asked(cluster, `${BEARER} -H 'Impersonate-User: somebody'`, PODS)).toBe(not);
    // A header without a name is none.
    expect(asked(cluster, `-H '' ${BEARER}`, PODS)).toBe('200 p');
    expect(asked(cluster, BEARER, `${PODS}/p/exec?command=ls`)).toBe('400 Upgrade request required');
    expect(asked(cluster, BEARER, `${API}/%zz`)).toBe('400 invalid URL escape in "/%zz"');
  });
});

describe('what lies between', () => {
  const policy = (egress: readonly object[]) => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'out' } },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress },
  });
  const timedOut = 'curl: (28) Connection timed out after 2000 milliseconds\n=28\n';
  const probe = `curl -skS -m 2 ${API}/healthz`;
  test('a policy that lets nothing out', () => expect(run(withPods(policy([])), probe)).toBe(timedOut));
  test('one that lets out to where it listens', () => {
    const ports = [{ port: 6443 }];
    expect(run(withPods(policy([{ ports }])), probe)).toBe('ok=0\n');
  });
  test('whoever asks again and again leaves time between', () => {
    const command = ['sh', '-c', `for i in $(seq 100); do ${probe} > /dev/null; done`];
    const containers = [{ name: 'app', image: 'curlimages/curl:8.14.1', command }];
    const { world } = withPods({ ...pod('loop'), spec: { restartPolicy: 'Never', containers } });
    const { terminated } = (world.store.get('Pod', 'default/loop') as any).status.containerStatuses[0].state;
    expect(Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt)).toBe(2000);
  });
  test('a node that is cut off', () => {
    const cluster = withPods({
      ...pod('loop'),
      spec: {
        containers: [
          {
            name: 'app',
            image: 'curlimages/curl:8.14.1',
            command: ['sh', '-c', `while true; do ${probe} || echo no; echo; sleep 10; done`],
          },
        ],
      },
    });
    cluster.fail('node-network-cut', 'worker-1').run('60s').heal('node-network-cut', 'worker-1');
    cluster.run('60s');
    const { answer } = cluster.world.command({
      type: 'request',
      request: requestOf('GET /api/v1/namespaces/default/pods/loop/log', {}, {}),
    });
    const lines = String(answer?.body).split('\n');
    expect([...new Set(lines)].sort()).toEqual(['', 'curl: (28) Connection timed out after 2000 milliseconds', 'no', 'ok']);
  });
});

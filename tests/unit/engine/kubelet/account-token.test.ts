// What a pod finds of its cluster: the CA, its namespace and a token bound to it under /var/run/secrets/kubernetes.io/serviceaccount, and Services in its environment.
import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

const PLACE = '/var/run/secrets/kubernetes.io/serviceaccount';
const shell = { name: 'app', image: 'busybox:1', command: ['sleep', '36000'] };

function withPod(spec: object = {}): TestCluster {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [shell], ...spec } };
  cluster.apply(JSON.stringify(pod));
  cluster.run('20s');
  return cluster;
}

function said({ world }: TestCluster, ...command: readonly string[]): string {
  const words = command.map((word) => `&command=${encodeURIComponent(word)}`).join('');
  const line = `POST /api/v1/namespaces/default/pods/p/exec?container=app&stdout=true${words}`;
  const { answer } = world.command({ type: 'request', request: requestOf(line, {}, {}) });
  return (answer?.body as { output: string } | undefined)?.output ?? '';
}

const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const uid = ({ world }: TestCluster, kind: string, key: string) => world.store.get(kind, key)?.metadata.uid;

test('all three files are there', () => expect(said(withPod(), 'ls', PLACE)).toBe('ca.crt\nnamespace\ntoken\n'));

test('the token says whose it is, and what it ends with', () => {
  const cluster = withPod();
  const { iat, ...claims } = claimsIn(said(cluster, 'cat', `${PLACE}/token`));
  expect(claims).toEqual({
    aud: ['https://kubernetes.default.svc.cluster.local'],
    exp: iat + 31_536_000,
    iss: 'https://kubernetes.default.svc.cluster.local',
    jti: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'kubernetes.io': {
      namespace: 'default',
      node: { name: 'worker-1', uid: uid(cluster, 'Node', 'worker-1') },
      pod: { name: 'p', uid: uid(cluster, 'Pod', 'default/p') },
      serviceaccount: { name: 'default', uid: uid(cluster, 'ServiceAccount', 'default/default') },
      warnafter: iat + 3607,
    },
    nbf: iat,
    sub: 'system:serviceaccount:default:default',
  });
});

test('it is the same one until four fifths of its hour are over, in a world that was saved and opened, too', () => {
  const cluster = withPod();
  const first = said(cluster, 'cat', `${PLACE}/token`);
  cluster.run('40m');
  cluster.reopen();
  expect(said(cluster, 'cat', `${PLACE}/token`)).toBe(first);
  cluster.run('10m');
  expect(claimsIn(said(cluster, 'cat', `${PLACE}/token`)).iat).toBe(claimsIn(first).iat + 2886);
});

const asked = (token: object) => ({
  containers: [{ ...shell, volumeMounts: [{ name: 'own', mountPath: '/own' }] }],
  volumes: [{ name: 'own', projected: { sources: [{ serviceAccountToken: token }] } }],
});

test('one for somebody else, for as long as was asked', () => {
  const { aud, exp, iat } = claimsIn(
    said(withPod(asked({ path: 'vault', audience: 'vault', expirationSeconds: 600 })), 'cat', '/own/vault'),
  );
  expect([aud, exp - iat]).toEqual([['vault'], 600]);
});

test.each([
  ['everybody may read it', {}, '644'],
  ['where all run as one user, that user alone', { securityContext: { runAsUser: 1000 } }, '600'],
  ['a group that volumes are for reads it, too', { securityContext: { fsGroup: 2000 } }, '640'],
])('%s', (_, spec, expected) => expect(said(withPod(spec), 'stat', '-c', '%a', `${PLACE}/token`)).toBe(`${expected}\n`));

test('an account that mounts no token has no such directory', () =>
  expect(said(withPod({ automountServiceAccountToken: false }), 'ls', PLACE)).toBe(''));

test('a shell knows the Services that the container was started beside, as env shows them', () =>
  expect(said(withPod(), 'sh', '-c', 'echo $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT[$NO_SERVICE_HOST]')).toBe(
    '10.96.0.1:443[]\n',
  ));

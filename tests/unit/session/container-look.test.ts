// The inside of a container: what it has written, in this run and the one before, and the files it sees with the volume they lie on.
import { expect, test } from 'vitest';
import { lookIntoContainer } from '../../../src-main/session/container-look.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const script = 'echo started; echo kept > /data/note; echo own > /tmp/own; sleep 5; echo ended; exit 1';
/** Every pod has its service account there. */
const CREDENTIALS = '/var/run/secrets/kubernetes.io/serviceaccount/';

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: conf, namespace: default }
data: { greeting: hello }
---
apiVersion: v1
kind: Pod
metadata: { name: job, namespace: default }
spec:
  containers:
    - name: app
      image: busybox
      command: [sh, -c, '${script}']
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: conf, mountPath: /etc/conf }
  volumes:
    - { name: data, emptyDir: {} }
    - { name: conf, configMap: { name: conf } }
`;

interface Seen {
  readonly log: readonly string[];
  readonly files?: readonly string[];
  readonly trouble?: string | RegExp;
}

function check(cluster: TestCluster, previous: boolean, { log, files, trouble = '' }: Seen): void {
  const look = lookIntoContainer(cluster.world, 'default/job', 'app', previous);
  expect(look.log.map(({ text }) => text)).toEqual(log);
  expect(look.trouble).toEqual(typeof trouble === 'string' ? trouble : expect.stringMatching(trouble));
  if (files !== undefined)
    expect(
      look.files.flatMap(({ path, content, volume }) =>
        path.startsWith(CREDENTIALS) ? [] : [`${path} ${content.trim()} ${volume}`.trim()],
      ),
    ).toEqual(files);
}

test('logs of both runs and files of the layer and of volumes', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(manifest);
  check(cluster, false, { log: [], files: [] });
  expect(cluster.until('pod/job', '1m')).toBe(true);
  cluster.run('1s');
  const files = ['/data/note kept data', '/etc/conf/greeting hello conf', '/tmp/own own'];
  check(cluster, false, { log: ['started'], files });
  check(cluster, true, { log: [], trouble: /previous terminated container "app" in pod "job" not found/ });
  cluster.run('9s');
  check(cluster, true, { log: ['started', 'ended'], files });
});

test('a node that does not answer gives no log', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(manifest).run('10s');
  cluster.fail('node-power-off', 'worker-1').run('1s');
  check(cluster, false, { log: [], trouble: /no route to host/ });
});

test('a pod that is not there', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  expect(() => lookIntoContainer(cluster.world, 'default/nobody', 'app', false)).toThrow('There is no Pod "default/nobody"');
});

// What the inspector says first of an object, and what it stands in relation to, both ways.
import { expect, test } from 'vitest';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { spoken } from '../../../src-renderer/panels/why/sentence.ts';
import { TestCluster } from '../../support/test-cluster.ts';
import { clock, english, hasWords } from './english.ts';

const speech = { t: english, span: String, stopwatch: clock };

interface Expected {
  readonly says: string | RegExp;
  readonly related: readonly (string | RegExp)[];
}

/** The first object of the kind whose key begins so: its headline, and `relation Kind key` sorted. */
function check(cluster: TestCluster, kind: string, prefix: string, { says, related }: Expected): void {
  const key = [...cluster.world.store.table(kind).keys()].find((one) => one.startsWith(prefix)) ?? '';
  const detail = objectDetail(cluster.world, kind, key);
  expect(detail.headline.map((line) => spoken('headline', line, speech)).join(' ')).toMatch(says);
  const found = detail.related.map((one) => `${one.relation} ${one.kind.split('.')[0]} ${one.key}`).sort();
  expect(found).toEqual(related.map((wanted, at) => (wanted instanceof RegExp && wanted.test(found[at] ?? '') ? found[at] : wanted)));
  expect(detail.related.filter(({ relation }) => !hasWords(`relation.${relation}`))).toEqual([]);
}

const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata: { name: conf, namespace: default }
data: { a: b }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } }, storageClassName: standard }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: default }
spec: { selector: { app: db }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: db, namespace: default, labels: { app: db }, annotations: { note: mine } }
spec:
  containers: [{ name: app, image: nginx }]
  volumes:
    - { name: data, persistentVolumeClaim: { claimName: data } }
    - { name: conf, configMap: { name: conf } }
`;

test('each kind in a sentence, with what belongs to it', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(MANIFEST);
  check(cluster, 'PersistentVolumeClaim', 'default/data', {
    says: /^Asks for 5Gi and has no volume yet\.$/,
    related: ['class StorageClass standard', 'pod Pod default/db'],
  });
  cluster.run('60s');
  check(cluster, 'Pod', 'default/db', {
    says: /^Runs on worker-1, Ready since 0:00:\d\d, with 0 restarts\.$/,
    related: [
      'claim PersistentVolumeClaim default/data',
      'mounts ConfigMap default/conf',
      /^mounts ConfigMap default\/kube-root-ca.crt$/,
      'node Node worker-1',
      'service Service default/db',
      'uses ServiceAccount default/default',
    ],
  });
  check(cluster, 'ConfigMap', 'default/conf', { says: /^$/, related: ['mountedBy Pod default/db'] });
  check(cluster, 'ServiceAccount', 'default/default', { says: /^$/, related: ['usedBy Pod default/db'] });
  check(cluster, 'Service', 'default/db', {
    says: /^1 of 1 Pods takes traffic; its address is 10\./,
    related: [/^owned EndpointSlice default\/db-/, 'pod Pod default/db'],
  });
  check(cluster, 'PersistentVolumeClaim', 'default/data', {
    says: /^Has volume pvc-\S+ of 5Gi\.$/,
    related: ['class StorageClass standard', 'pod Pod default/db', /^volume PersistentVolume pvc-/],
  });
  check(cluster, 'PersistentVolume', 'pvc-', {
    says: /^5Gi for claim default\/data; afterwards: Delete\.$/,
    related: [
      'attachedTo Node worker-1',
      /^attachment VolumeAttachment csi-/,
      'claim PersistentVolumeClaim default/data',
      'class StorageClass standard',
      'pod Pod default/db',
    ],
  });
  check(cluster, 'StorageClass.storage.k8s.io', 'standard', {
    says: /^$/,
    related: ['claim PersistentVolumeClaim default/data', /^volume PersistentVolume pvc-/],
  });
  check(cluster, 'VolumeAttachment.storage.k8s.io', '', {
    says: /^$/,
    related: ['attachedTo Node worker-1', /^volume PersistentVolume pvc-/],
  });
  const { labels, annotations } = objectDetail(cluster.world, 'Pod', 'default/db');
  expect([labels, annotations['note']]).toEqual([{ app: 'db' }, 'mine']);
});

test('a pod that waits, one that goes, and a node that takes none', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(MANIFEST).run('60s');
  cluster.edit(
    cluster.kind('node'),
    'worker-1',
    (node) => ({ ...node, spec: { ...(node as never as { spec: object }).spec, unschedulable: true } }) as never,
  );
  cluster.apply(
    'apiVersion: v1\nkind: Pod\nmetadata: { name: late, namespace: default }\nspec: { containers: [{ name: app, image: nginx }] }\n',
  );
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/db', options: {} });
  cluster.run('100ms');
  const says = (kind: string, key: string): string =>
    objectDetail(cluster.world, kind, key)
      .headline.map((line) => spoken('headline', line, speech))
      .join(' ');
  expect(says('Node', 'worker-1')).toBe('Is Ready in zone zone-a, with 1 Pod on it. It is cordoned and takes no new Pods.');
  expect(says('Pod', 'default/late')).toBe('Waits for a node.');
  expect(says('Pod', 'default/db')).toBe('Is being deleted; its node is worker-1.');
});

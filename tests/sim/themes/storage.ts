// Volumes beyond one claim for one pod: copies, clones, growth, volumes that many share or only one pod may have, and those that live as long as their pod.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { APPS, NAMESPACES } from '../workloads.ts';
import { applied, type Deed, deleted, patched, type Theme } from './theme.ts';

const DRIVER = 'block.csi.orrery.dev';
const COPIES = 'snapshot.storage.k8s.io/v1';

const storageClass = (name: string, provisioner: string, volumeBindingMode: string): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner,
  volumeBindingMode,
  reclaimPolicy: 'Delete',
  allowVolumeExpansion: true,
});

const copyClass = (name: string, deletionPolicy: string): JsonObject => ({
  apiVersion: COPIES,
  kind: 'VolumeSnapshotClass',
  metadata: { name },
  driver: DRIVER,
  deletionPolicy,
});

interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** Few, so that copies find their sources. */
const place = (random: Random): Place => ({ name: `${random.pick(APPS.slice(0, 3))}-data`, namespace: random.pick(NAMESPACES) });
const size = (random: Random): string => `${random.between(1, 5)}Gi`;

function claim(random: Random, at: Place, mode: string, storageClassName: string, source?: JsonObject): JsonObject {
  const dataSource = source === undefined ? {} : { dataSource: source };
  const spec = { accessModes: [mode], storageClassName, resources: { requests: { storage: size(random) } }, ...dataSource };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...at }, spec };
}

function deployment({ name, namespace }: Place, replicas: number, volume: JsonObject): JsonObject {
  const container = { name: 'app', image: 'nginx:1.27', volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const labels = { app: name, by: 'storage' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [container], volumes: [{ name: 'data', ...volume }] },
      },
    },
  };
}

const byName = ({ name }: Place): JsonObject => ({ persistentVolumeClaim: { claimName: name } });

/** One volume and who uses it. */
function used(random: Random): readonly Deed[] {
  const at = place(random);
  const [mode, className, replicas] = random.pick([
    ['ReadWriteOnce', 'grows', 1],
    ['ReadWriteOnce', 'grows', 1],
    ['ReadWriteMany', 'files', 3],
    ['ReadWriteOncePod', 'grows', 2],
  ] as const);
  return [applied(claim(random, at, mode, className)), applied(deployment(at, replicas, byName(at)))];
}

function ofThePod(random: Random): readonly Deed[] {
  const { name, namespace } = place(random);
  const { metadata: _name, apiVersion: _version, kind: _kind, ...template } = claim(random, { name, namespace }, 'ReadWriteOnce', 'grows');
  const volume = { ephemeral: { volumeClaimTemplate: template } };
  return [applied(deployment({ name: `${name}-own`, namespace }, random.between(1, 3), volume))];
}

function copy(random: Random): readonly Deed[] {
  const { name, namespace } = place(random);
  const volumeSnapshotClassName = random.pick(['copies', 'copies', 'kept', 'no-such']);
  const spec = { volumeSnapshotClassName, source: { persistentVolumeClaimName: name } };
  return [applied({ apiVersion: COPIES, kind: 'VolumeSnapshot', metadata: { name: `${name}-copy`, namespace }, spec })];
}

/** From a copy, or from the claim itself. */
function again(random: Random): readonly Deed[] {
  const { name, namespace } = place(random);
  const restores = random.below(2) === 0;
  const source = restores
    ? { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: `${name}-copy` }
    : { kind: 'PersistentVolumeClaim', name };
  const at = { name: `${name}-${restores ? 'restored' : 'cloned'}`, namespace };
  return [applied(claim(random, at, 'ReadWriteOnce', 'grows', source)), applied(deployment(at, 1, byName(at)))];
}

export const storageTheme: Theme = {
  name: 'storage',
  oneIn: 4,
  happeningsMax: 8,
  furniture: [
    storageClass('grows', DRIVER, 'WaitForFirstConsumer'),
    storageClass('files', 'nfs.csi.k8s.io', 'Immediate'),
    copyClass('copies', 'Delete'),
    copyClass('kept', 'Retain'),
  ],
  happenings: [
    used,
    used,
    ofThePod,
    copy,
    copy,
    again,
    (random) => [
      patched(random, 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: `${random.between(4, 12)}Gi` } } } }),
    ],
    (random) => [
      patched(random, 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: `${random.between(4, 12)}Gi` } } } }),
    ],
    (random) => [deleted(random, 'VolumeSnapshot.snapshot.storage.k8s.io')],
    (random) => [
      deleted(random, random.pick(['VolumeSnapshotContent.snapshot.storage.k8s.io', 'PersistentVolumeClaim', 'Deployment.apps'])),
    ],
    (random) => [
      applied({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIStorageCapacity',
        metadata: { name: `room-${random.below(3)}`, namespace: 'default' },
        storageClassName: 'grows',
        nodeTopology: { matchLabels: { 'topology.kubernetes.io/zone': 'zone-a' } },
        capacity: `${random.between(1, 100)}Gi`,
      }),
    ],
    (random) => [
      patched(random, random.pick(['CSIDriver.storage.k8s.io', 'CSINode.storage.k8s.io']), {
        metadata: { labels: { 'looked-at': 'yes' } },
      }),
    ],
  ],
};

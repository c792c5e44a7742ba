// Random objects around pods: what makes them, what they store, who finds them, and the classes they name.
import type { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';
import { cronJob, job } from './job-workloads.ts';
import { PRIORITIES, podDraft } from './pods.ts';
import { budget, noSecretsInMaps, quota, refusedMap } from './policy-workloads.ts';

export const NAMESPACES = ['default', 'shop'] as const;
/** Few, so that names are used again. */
export const APPS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
export const HOLD = 'example.com/hold';

const CLASSES: readonly (readonly [name: string, volumeBindingMode: string, reclaimPolicy: string])[] = [
  ['at-once', 'Immediate', 'Delete'],
  ['at-once-kept', 'Immediate', 'Retain'],
  ['later-kept', 'WaitForFirstConsumer', 'Retain'],
];

export const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

/** What a cluster's owner sets up before anybody uses it. */
export function furniture(): readonly JsonObject[] {
  const storage = CLASSES.map(([name, volumeBindingMode, reclaimPolicy]) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'block.csi.orrery.dev',
    volumeBindingMode,
    reclaimPolicy,
  }));
  const priorities = Object.entries(PRIORITIES).map(([name, value]) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...(name === 'polite' ? { preemptionPolicy: 'Never' } : {}),
  }));
  return [namespace, quota, ...noSecretsInMaps, ...storage, ...priorities];
}

/** One workload and what comes with it, in the order a person applies it. */
export function workload(random: Random): readonly JsonObject[] {
  const place = { name: random.pick(APPS), namespace: random.pick(NAMESPACES) };
  const stored = random.below(4) === 0;
  const claimName = stored ? place.name : null;
  const made: JsonObject[] = stored ? [claim(random, place)] : [];
  if (stored) made.push(refusedMap(place));
  const kind = random.below(20);
  if (kind < 6) made.push(deployment(random, place, claimName));
  else if (kind < 7) made.push(daemonSet(random, place));
  else if (kind < 10) made.push(statefulSet(random, place));
  else if (kind < 12) made.push(replicationController(random, place));
  else if (kind < 14) made.push(replicaSet(random, place));
  else if (kind < 17) made.push(job(random, place));
  else if (kind < 18) made.push(cronJob(random, place));
  else made.push(barePod(random, place, claimName));
  if (random.below(2) === 0) made.push(service(random, place));
  if (random.below(6) === 0) made.push(heldMap(place));
  if (random.below(4) === 0) made.push(budget(random, place));
  return made;
}

type Place = {
  readonly name: string;
  readonly namespace: string;
};

function deployment(random: Random, place: Place, claimName: string | null): JsonObject {
  const { annotations, spec } = podDraft(random, place.name, claimName);
  const recreates = random.below(claimName === null ? 4 : 3) < (claimName === null ? 1 : 2);
  const rolling = { maxSurge: random.pick([1, 2, '25%']), maxUnavailable: random.pick([0, 1, '50%']) };
  const strategy = recreates ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate: rolling };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: place,
    spec: {
      replicas: claimName === null ? random.below(6) : 1,
      strategy: random.below(3) === 0 && !recreates ? {} : strategy,
      ...(random.below(4) === 0 ? { minReadySeconds: random.between(1, 10) } : {}),
      ...(random.below(4) === 0 ? { progressDeadlineSeconds: random.between(20, 60) } : {}),
      ...(random.below(4) === 0 ? { revisionHistoryLimit: random.below(3) } : {}),
      selector: { matchLabels: { app: place.name } },
      template: { metadata: { labels: { app: place.name }, annotations }, spec },
    },
  };
}

function statefulSet(random: Random, place: Place): JsonObject {
  const stored = random.below(2) === 0;
  const { annotations, spec } = podDraft(random, place.name, null);
  const labels = { app: place.name, by: 'stateful' };
  const [main, ...others] = spec['containers'] as readonly JsonObject[];
  const mounted = [{ ...main, volumeMounts: [{ name: 'data', mountPath: '/data' }] }, ...others];
  const template = { metadata: { labels, annotations }, spec: stored ? { ...spec, containers: mounted } : spec };
  const storageClass = random.below(2) === 0 ? {} : { storageClassName: random.pick(CLASSES)[0] };
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...storageClass };
  const retention = { whenScaled: random.pick(['Retain', 'Delete']), whenDeleted: random.pick(['Retain', 'Delete']) };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: place,
    spec: {
      replicas: random.below(5),
      serviceName: `${place.name}-svc`,
      podManagementPolicy: random.pick(['OrderedReady', 'Parallel']),
      persistentVolumeClaimRetentionPolicy: retention,
      updateStrategy: random.below(5) === 0 ? { type: 'OnDelete' } : { rollingUpdate: { partition: random.pick([0, 0, 0, 1, 3]) } },
      ...(random.below(4) === 0 ? { minReadySeconds: random.between(1, 10) } : {}),
      ...(random.below(4) === 0 ? { revisionHistoryLimit: random.below(3) } : {}),
      selector: { matchLabels: labels },
      template,
      ...(stored ? { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }] } : {}),
    },
  };
}

function daemonSet(random: Random, place: Place): JsonObject {
  const { annotations, spec } = podDraft(random, place.name, null);
  const labels = { app: place.name, by: 'daemon' };
  const rolling = random.pick([{ maxUnavailable: 1 }, { maxUnavailable: '50%' }, { maxSurge: 1, maxUnavailable: 0 }]);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: place,
    spec: {
      updateStrategy: random.below(5) === 0 ? { type: 'OnDelete' } : { type: 'RollingUpdate', rollingUpdate: rolling },
      ...(random.below(4) === 0 ? { minReadySeconds: random.between(1, 10) } : {}),
      ...(random.below(4) === 0 ? { revisionHistoryLimit: random.below(3) } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec },
    },
  };
}

function replicaSet(random: Random, place: Place): JsonObject {
  const { annotations, spec } = podDraft(random, place.name, null);
  const labels = { app: place.name, by: 'set' };
  const template = { metadata: { labels, annotations }, spec };
  const minReady = random.below(4) === 0 ? { minReadySeconds: random.between(1, 10) } : {};
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: place,
    spec: { replicas: random.below(5), ...minReady, selector: { matchLabels: labels }, template },
  };
}

function replicationController(random: Random, place: Place): JsonObject {
  const { annotations, spec } = podDraft(random, place.name, null);
  const labels = { app: place.name, by: 'controller' };
  const template = { metadata: { labels, annotations }, spec };
  return {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: place,
    spec: { replicas: random.below(4), selector: labels, template },
  };
}

function barePod(random: Random, place: Place, claimName: string | null): JsonObject {
  const { annotations, spec } = podDraft(random, place.name, claimName);
  const finalizers = random.below(6) === 0 ? { finalizers: [HOLD] } : {};
  const deadline = random.below(8) === 0 ? { activeDeadlineSeconds: random.between(5, 60) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...place, labels: { app: place.name }, annotations, ...finalizers },
    spec: { ...spec, ...deadline, restartPolicy: random.pick(['Always', 'OnFailure', 'Never']) },
  };
}

function service(random: Random, { name, namespace: space }: Place): JsonObject {
  const type = random.pick(['ClusterIP', 'NodePort', 'headless', 'eager']);
  const kind = type === 'headless' || type === 'eager' ? { clusterIP: 'None' } : { type };
  const eager = type === 'eager' ? { publishNotReadyAddresses: true } : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-svc`, namespace: space },
    spec: { ...kind, ...eager, selector: { app: name }, ports: [{ port: 80, targetPort: random.pick([80, 6379]) }] },
  };
}

function claim(random: Random, place: Place): JsonObject {
  const name = random.pick(['', '', ...CLASSES.map(([known]) => known)]);
  const storageClass = name === '' ? {} : { storageClassName: name };
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${random.between(1, 20)}Gi` } }, ...storageClass };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: place, spec };
}

function heldMap({ name, namespace: space }: Place): JsonObject {
  const metadata = { name: `${name}-held`, namespace: space, finalizers: [HOLD] };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: name } };
}

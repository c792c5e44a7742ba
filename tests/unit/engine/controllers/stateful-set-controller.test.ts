// StatefulSets on a real API server: what is refused, who owns claims, what is adopted, how long history is, and what comes back after a restart.
import { expect, test } from 'vitest';
import { garbageCollector } from '../../../../src-main/engine/controllers/garbage-collector.ts';
import { statefulSetController } from '../../../../src-main/engine/controllers/stateful-set-controller.ts';
import { controllerRevisionKind } from '../../../../src-main/engine/kinds/apps/controller-revision.ts';
import { type StatefulSet, statefulSetKind } from '../../../../src-main/engine/kinds/apps/stateful-set.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { ControllerWorld } from './controller-world.ts';

const KEY = 'default/db';
const claimTemplate = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

function manifest(spec: object = {}, image = 'db:1'): object {
  const containers = [image === '' ? { name: 'app' } : { name: 'app', image }];
  return {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers } },
      ...spec,
    },
  };
}

function worldWith(spec: object = {}, image?: string): ControllerWorld {
  const world = new ControllerWorld({ controllers: [statefulSetController, garbageCollector] });
  world.create(statefulSetKind, manifest(spec, image));
  return world.run(10);
}

function settle(world: ControllerWorld, rounds = 10): ControllerWorld {
  for (let round = 0; round < rounds; round += 1) {
    world.settlePods();
    world.run(10);
  }
  return world;
}

function change(world: ControllerWorld, spec: object): void {
  world.change(statefulSetKind, KEY, (set) => ({ ...set, spec: { ...set.spec, ...spec } }));
}

function setImage(world: ControllerWorld, image: string): void {
  const { template } = world.get(statefulSetKind, KEY).spec;
  change(world, { template: { ...template, spec: { containers: [{ name: 'app', image }] } } });
}

const podNames = (world: ControllerWorld): string => world.list(podKind).map(({ metadata }) => metadata.name).toSorted().join(' '); // biome-ignore format: one line
const claims = (world: ControllerWorld): readonly string[] =>
  world.list(persistentVolumeClaimKind).map(({ metadata: { name, ownerReferences = [] } }) => {
    const owners = ownerReferences.map(({ kind, controller }) => `${kind}${controller === true ? '' : '?'}`);
    return [name, ...owners].join(' ');
  });

test('pods come in order, each when the one before is ready', () => {
  const world = worldWith();
  expect(podNames(world)).toBe('db-0');
  expect(podNames(settle(world, 1))).toBe('db-0 db-1');
  expect(podNames(settle(world, 1))).toBe('db-0 db-1 db-2');
  expect(world.get(statefulSetKind, KEY).status).toMatchObject({ replicas: 3, readyReplicas: 2 });
});

test('in parallel they come at once', () => {
  expect(podNames(worldWith({ podManagementPolicy: 'Parallel' }))).toBe('db-0 db-1 db-2');
  expect(podNames(worldWith({ podManagementPolicy: 'Parallel', ordinals: { start: 5 } }))).toBe('db-5 db-6 db-7');
});

test('a template that no pod can be made of is accepted, and each attempt is refused', () => {
  const world = worldWith({}, '');
  expect(podNames(world)).toBe('');
  expect(world.events()).toEqual([
    'FailedCreate: create Pod db-0 in StatefulSet db failed error: Pod "db-0" is invalid: spec.containers[0].image: Required value',
  ]);
  expect(world.get(statefulSetKind, KEY).status).toMatchObject({ replicas: 0, observedGeneration: 1 });
});

test('a claim that is refused holds its pod up', () => {
  const world = worldWith({ volumeClaimTemplates: [{ ...claimTemplate, spec: { ...claimTemplate.spec, accessModes: [] } }] });
  expect(podNames(world)).toBe('');
  const fault = 'PersistentVolumeClaim "data-db-0" is invalid: spec.accessModes: Required value: at least 1 access mode is required';
  expect(world.events()).toEqual([
    `FailedCreate: create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: ${fault}`,
    `FailedCreate: create Pod db-0 in StatefulSet db failed error: failed to create PVC data-db-0: ${fault}`,
  ]);
});

test('minReadySeconds is waited for between pods', () => {
  const world = worldWith({ minReadySeconds: 30, replicas: 2 });
  world.settlePods();
  expect(podNames(world.run(20))).toBe('db-0');
  // The look that was due after the pod got ready has merged with an earlier one, which came too early: another 30 s.
  expect(podNames(world.run(20))).toBe('db-0');
  expect(podNames(world.run(25))).toBe('db-0 db-1');
});

test('claims belong to the set when they are to go with it, and to the pod when they are to go with that', () => {
  const retention = { whenDeleted: 'Delete', whenScaled: 'Delete' };
  const world = settle(worldWith({ volumeClaimTemplates: [claimTemplate], persistentVolumeClaimRetentionPolicy: retention }));
  expect(claims(world)).toEqual(['data-db-0 StatefulSet', 'data-db-1 StatefulSet', 'data-db-2 StatefulSet']);
  change(world, { replicas: 1 });
  settle(world, 4);
  expect(claims(world)).toEqual(['data-db-0 StatefulSet']);
  world.delete(statefulSetKind, KEY);
  settle(world, 3);
  expect([podNames(world), claims(world)]).toEqual(['', []]);
});

test('claims that are to stay belong to nobody, and their pods find them again', () => {
  const world = settle(worldWith({ volumeClaimTemplates: [claimTemplate] }));
  const before = world.get(persistentVolumeClaimKind, 'default/data-db-2').metadata.uid;
  change(world, { replicas: 1 });
  settle(world, 4);
  change(world, { replicas: 3 });
  settle(world, 4);
  expect(claims(world)).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
  expect(world.get(persistentVolumeClaimKind, 'default/data-db-2').metadata.uid).toBe(before);
});

test('orphans are adopted with their revisions: the same pods go on', () => {
  const world = settle(worldWith());
  const before = world.list(podKind).map(({ metadata }) => metadata.uid);
  world.delete(statefulSetKind, KEY, { propagationPolicy: 'Orphan' });
  world.run(10);
  expect(world.list(podKind).map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined, undefined, undefined]);
  world.create(statefulSetKind, manifest());
  settle(world, 3);
  expect(world.list(podKind).map(({ metadata }) => metadata.uid)).toEqual(before);
  const set = world.get(statefulSetKind, KEY);
  expect(world.list(controllerRevisionKind).map(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid))).toEqual([
    [set.metadata.uid],
  ]);
  expect(set.status).toMatchObject({ replicas: 3, readyReplicas: 3, updatedReplicas: 3 });
});

test('old revisions go beyond the limit, but not those that pods have; a template of before is the newest again', () => {
  const world = settle(worldWith({ revisionHistoryLimit: 1 }));
  const revisions = (): readonly number[] => world.list(controllerRevisionKind).map(({ revision }) => revision).toSorted(); // biome-ignore format: one line
  for (const image of ['db:2', 'db:3', 'db:4']) {
    setImage(world, image);
    settle(world, 8);
  }
  expect(revisions()).toEqual([3, 4]);
  setImage(world, 'db:3');
  settle(world, 8);
  expect(revisions()).toEqual([4, 5]);
  expect(world.list(podKind).map(({ spec }) => spec.containers[0]?.image)).toEqual(['db:3', 'db:3', 'db:3']);
});

test('a pod that ended is made again under its name, and a lost label is put back', () => {
  const world = settle(worldWith());
  world.changeStatus(podKind, 'default/db-1', (pod) => ({ ...pod, status: { ...pod.status, phase: 'Failed' } }));
  world.change(podKind, 'default/db-0', (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: 'db' } } }));
  const before = world.get(podKind, 'default/db-1').metadata.uid;
  settle(world.run(5), 4);
  expect(world.get(podKind, 'default/db-1').metadata.uid).not.toBe(before);
  expect(world.get(podKind, 'default/db-0').metadata.labels).toMatchObject({ 'statefulset.kubernetes.io/pod-name': 'db-0' });
  expect(world.events()).toContain('SuccessfulUpdate: update Pod db-0 in StatefulSet db successful');
});

test('in the middle of an update it goes on from its JSON', () => {
  const world = settle(worldWith());
  setImage(world, 'db:2');
  settle(world, 1);
  const restored = settle(world.restored(), 8);
  const status: Partial<StatefulSet['status']> = restored.get(statefulSetKind, KEY).status;
  expect(restored.list(podKind).map(({ spec }) => spec.containers[0]?.image)).toEqual(['db:2', 'db:2', 'db:2']);
  expect(status.currentRevision).toBe(status.updateRevision);
});

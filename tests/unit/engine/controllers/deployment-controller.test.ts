// Deployments roll out through ReplicaSets as upstream's do: sizes, revisions, conditions and events.
import { expect, test } from 'vitest';
import { type DeploymentMemory, deploymentController } from '../../../../src-main/engine/controllers/deployment-controller.ts';
import { replicaSetController } from '../../../../src-main/engine/controllers/replica-set-controller.ts';
import { type Deployment, deploymentKind } from '../../../../src-main/engine/kinds/apps/deployment.ts';
import { replicaSetKind } from '../../../../src-main/engine/kinds/apps/replica-set.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { ControllerWorld } from './controller-world.ts';

const KEY = 'default/web';

function manifest(image: string, spec: object = {}): object {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } },
      ...spec,
    },
  };
}

function worldWith(spec: object = {}): ControllerWorld {
  const world = new ControllerWorld({ controllers: [replicaSetController, deploymentController] });
  world.create(deploymentKind, manifest('web:1', spec));
  return world.run(10);
}

function settle(world: ControllerWorld, rounds = 12): void {
  for (let round = 0; round < rounds; round += 1) {
    world.settlePods();
    world.run(10);
  }
}

function setImage(world: ControllerWorld, image: string): void {
  world.change(deploymentKind, KEY, (deployment): Deployment => {
    const { template } = deployment.spec;
    const containers = (template.spec?.containers ?? []).map((container) => ({ ...container, image }));
    return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } } };
  });
}

function summary(world: ControllerWorld): object {
  const { status, metadata } = world.get(deploymentKind, KEY);
  return {
    revision: metadata.annotations?.['deployment.kubernetes.io/revision'],
    pods: `${status.readyReplicas}/${status.replicas} updated ${status.updatedReplicas}`,
    conditions: (status.conditions ?? []).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`).sort(),
    sets: world
      .list(replicaSetKind)
      .map((set) => `${set.metadata.annotations?.['deployment.kubernetes.io/revision']}: ${set.spec.replicas}`)
      .sort(),
  };
}

test('a new Deployment makes a ReplicaSet, which makes its pods', () => {
  const world = worldWith();
  const [set] = world.list(replicaSetKind);
  const [pod] = world.list(podKind);
  expect(set?.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  expect(pod?.metadata.name.startsWith(`${set?.metadata.name}-`)).toBe(true);
  expect(pod?.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': set?.metadata.name.slice(4) });
  settle(world, 1);
  expect(summary(world)).toEqual({
    revision: '1',
    pods: '3/3 updated 3',
    conditions: ['Available=True MinimumReplicasAvailable', 'Progressing=True NewReplicaSetAvailable'],
    sets: ['1: 3'],
  });
  expect(world.events().filter((event) => event.startsWith('ScalingReplicaSet'))).toEqual([
    `ScalingReplicaSet: Scaled up replica set ${set?.metadata.name} from 0 to 3`,
  ]);
});

test('a new image rolls out one pod at a time and leaves the old set empty', () => {
  const world = worldWith();
  settle(world, 1);
  setImage(world, 'web:2');
  world.run(10);
  expect(summary(world)).toMatchObject({ pods: '3/4 updated 1', sets: ['1: 3', '2: 1'] });
  settle(world);
  expect(summary(world)).toMatchObject({ revision: '2', pods: '3/3 updated 3', sets: ['1: 0', '2: 3'] });
});

test('going back to an older template takes its ReplicaSet again, under a new revision', () => {
  const world = worldWith();
  settle(world, 1);
  setImage(world, 'web:2');
  settle(world);
  setImage(world, 'web:1');
  settle(world);
  expect(summary(world)).toMatchObject({ revision: '3', sets: ['2: 0', '3: 3'] });
});

test('a rollout that does not move is out of time after its deadline', () => {
  const world = worldWith({ progressDeadlineSeconds: 60 });
  settle(world, 1);
  setImage(world, 'web:broken');
  world.run(50);
  expect(summary(world)).toMatchObject({ conditions: ['Available=True MinimumReplicasAvailable', 'Progressing=True ReplicaSetUpdated'] });
  world.run(20);
  expect(summary(world)).toMatchObject({
    pods: '3/4 updated 1',
    conditions: ['Available=True MinimumReplicasAvailable', 'Progressing=False ProgressDeadlineExceeded'],
  });
});

test('Recreate starts new pods only when the old ones are gone', () => {
  const world = worldWith({ strategy: { type: 'Recreate' } });
  settle(world, 1);
  setImage(world, 'web:2');
  world.run(10);
  expect(world.list(podKind).map((pod) => pod.metadata.deletionTimestamp !== undefined)).toEqual([true, true, true]);
  settle(world, 3);
  expect(summary(world)).toMatchObject({ pods: '3/3 updated 3', sets: ['1: 0', '2: 3'] });
});

test('a paused Deployment scales but does not roll out', () => {
  const world = worldWith();
  settle(world, 1);
  world.change(deploymentKind, KEY, (deployment) => ({ ...deployment, spec: { ...deployment.spec, paused: true, replicas: 5 } }));
  setImage(world, 'web:2');
  settle(world, 2);
  expect(summary(world)).toMatchObject({
    sets: ['1: 5'],
    conditions: ['Available=True MinimumReplicasAvailable', 'Progressing=Unknown DeploymentPaused'],
  });
});

test('a Deployment that is made paused says so, and rolls out once it is resumed', () => {
  const world = worldWith({ paused: true });
  expect(summary(world)).toMatchObject({ sets: [], conditions: expect.arrayContaining(['Progressing=Unknown DeploymentPaused']) });
  world.change(deploymentKind, KEY, (deployment) => ({ ...deployment, spec: { ...deployment.spec, paused: false } }));
  settle(world, 2);
  expect(summary(world)).toMatchObject({ sets: ['1: 3'], pods: '3/3 updated 3' });
});

test('the work of a rollout goes through its chart', () => {
  const seen = (spec: object): readonly string[] => {
    const world = worldWith(spec);
    settle(world, 2);
    const works: string[] = [];
    const note = (): void => {
      const work = (world.host.memoryOf('deployment-controller') as DeploymentMemory).rollouts[KEY]?.work ?? '';
      if (works.at(-1) !== work) works.push(work);
    };
    note();
    setImage(world, 'web:2');
    for (let round = 1; round <= 4000; round += 1) {
      world.run(0.001);
      note();
      if (round % 400 === 0) world.settlePods();
    }
    return works;
  };
  expect(new Set(seen({}))).toEqual(new Set(['settled', 'rolling.growing', 'rolling.shrinking', 'rolling.waiting']));
  expect(seen({ strategy: { type: 'Recreate' } })).toEqual([
    'settled',
    'recreating.stopping',
    'recreating.waiting',
    'recreating.starting',
    'settled',
  ]);
});

test('sets beyond revisionHistoryLimit go, lowest revision first', () => {
  const world = worldWith({ revisionHistoryLimit: 1 });
  settle(world, 1);
  for (const image of ['web:2', 'web:3', 'web:4']) {
    setImage(world, image);
    settle(world);
  }
  expect(summary(world)).toMatchObject({ sets: ['3: 0', '4: 3'] });
});

test('a restored world goes on to the same end', () => {
  const world = worldWith();
  settle(world, 1);
  setImage(world, 'web:2');
  world.run(0.05);
  const restored = world.restored();
  for (const one of [world, restored]) settle(one);
  expect(restored.store.save()).toEqual(JSON.parse(JSON.stringify(world.store.save())));
});

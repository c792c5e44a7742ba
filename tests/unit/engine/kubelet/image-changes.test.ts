import { describe, expect, test } from 'vitest';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { KubeletLab } from './kubelet-lab.ts';

function lab(spec: Record<string, unknown>, annotations: Record<string, string> = {}): KubeletLab {
  const made = new KubeletLab();
  made.create({ name: 'web', spec, annotations });
  return made.run(30);
}

function setImage(world: KubeletLab, image: string, list: 'containers' | 'initContainers' = 'containers'): KubeletLab {
  world.server.patch(
    podKind,
    'default/web',
    (pod) => ({ ...pod, spec: { ...pod.spec, [list]: pod.spec[list]?.map((container) => ({ ...container, image })) } }),
    'test',
    'spec',
  );
  return world;
}

const app = { name: 'app', image: 'nginx:1.25' };
const status = (world: KubeletLab): unknown => {
  const { image, restartCount, state } = world.pod('web')?.status.containerStatuses?.[0] ?? {};
  return [image, restartCount, Object.keys(state ?? {}).join()];
};

describe('a container that runs', () => {
  test('is run anew with the other image, whatever the restart policy', () => {
    const world = lab({ containers: [app], restartPolicy: 'Never' });
    expect(status(setImage(world, 'nginx:1.26').run(10))).toEqual(['docker.io/library/nginx:1.26', 1, 'running']);
    expect(world.events('web')).toContain('Normal Killing Container app definition changed, will be restarted');
  });
  test('keeps its image until then', () => {
    const world = lab({ containers: [{ ...app, lifecycle: { preStop: { sleep: { seconds: 8 } } } }] });
    expect(status(setImage(world, 'nginx:1.26').run(5))).toEqual(['docker.io/library/nginx:1.25', 0, 'running']);
    expect(status(world.run(15))).toEqual(['docker.io/library/nginx:1.26', 1, 'running']);
  });
  test('even when its kubelet learns of it later', () => {
    const world = lab({ containers: [app] });
    world.physics.set('kubelet', 'n1', { running: false });
    setImage(world.run(5), 'nginx:1.26').run(5);
    world.restore();
    world.physics.set('kubelet', 'n1', { running: true });
    expect(status(world.run(30))).toEqual(['docker.io/library/nginx:1.26', 1, 'running']);
  });
  test('a sidecar', () => {
    const sidecar = { name: 'side', image: 'nginx:1.25', restartPolicy: 'Always' };
    const world = setImage(lab({ containers: [app], initContainers: [sidecar] }), 'nginx:1.26', 'initContainers').run(10);
    expect(world.events('web')).toContain('Normal Killing Init container side definition changed');
    expect(world.pod('web')?.status.initContainerStatuses?.[0]).toMatchObject({ image: 'docker.io/library/nginx:1.26', restartCount: 1 });
  });
});

describe('a container that waits', () => {
  test('for an image that nobody has: the other one is pulled at once', () => {
    const world = lab({ containers: [{ name: 'app', image: 'registry.invalid/x:1' }] }).run(60);
    expect(world.summary('web')).toContain('ImagePullBackOff');
    expect(status(setImage(world, 'nginx:1.26').run(8))).toEqual(['docker.io/library/nginx:1.26', 0, 'running']);
  });
  test('after crashes: the other image is tried at once', () => {
    const world = lab({ containers: [{ ...app, command: ['sh', '-c', 'exit 1'] }] }).run(120);
    expect(world.summary('web')).toContain('CrashLoopBackOff');
    const { restartCount = 0 } = world.pod('web')?.status.containerStatuses?.[0] ?? {};
    setImage(world, 'nginx:1.26').run(8);
    expect(world.pod('web')?.status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(restartCount);
  });
});

// RuntimeClasses: what a node whose containerd lacks the runtime does with a pod that asks for it.
import { expect, test } from 'vitest';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { runtimeClassKind } from '../../../../src-main/engine/kinds/node/runtime-class.ts';
import { KubeletLab } from './kubelet-lab.ts';

const RUNNING = 'Running Ready [ready] restarts=0';
const WAITING = 'Pending [ContainerCreating] restarts=0';

function lab(classes: Readonly<Record<string, string>>): KubeletLab {
  const made = new KubeletLab();
  for (const [name, handler] of Object.entries(classes))
    made.server.create(
      runtimeClassKind,
      { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler } as never,
      'test',
    );
  return made.run(1);
}

const pod = (name: string, runtimeClassName?: string) => ({
  name,
  spec: { ...(runtimeClassName && { runtimeClassName }), containers: [{ name: 'app', image: 'busybox:1', command: ['sleep', '600'] }] },
});
const install = (at: KubeletLab, handlers: string) =>
  at.server.patch(
    nodeKind,
    'n1',
    (node) => ({
      ...node,
      metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, 'orrery.dev/runtime-handlers': handlers } },
    }),
    'test',
    'spec',
  );
const handlersOf = (at: KubeletLab) => (at.store.table('Node').get('n1') as any).status.runtimeHandlers.map(({ name = '' }) => name);

test('a pod whose runtime its node does not have gets no sandbox, is tried again, and runs when the runtime is there', () => {
  const at = lab({ sandboxed: 'kata' });
  at.create(pod('boxed', 'sandboxed'));
  at.run(60);
  expect(at.summary('boxed')).toBe(WAITING);
  expect(at.pod('boxed')?.status.podIP).toBe(undefined);
  const told = at.events('boxed');
  expect(told.length).toBeGreaterThan(3);
  for (const event of told)
    expect(event).toMatch(
      /^Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "[0-9a-f]{64}": no runtime for "kata" is configured$/,
    );
  expect(handlersOf(at)).toEqual(['', 'runc']);
  install(at, 'runsc, kata');
  at.run(20);
  expect([at.summary('boxed'), handlersOf(at)]).toEqual([RUNNING, ['', 'kata', 'runc', 'runsc']]);
  install(at, '');
  at.run(60);
  expect([at.summary('boxed'), handlersOf(at)]).toEqual([RUNNING, ['', 'runc']]);
});

test('the runtime of all pods can be asked for by its name', () => {
  const at = lab({ usual: 'runc' });
  at.create(pod('plain'));
  at.create(pod('named', 'usual'));
  at.run(10);
  expect([at.summary('plain'), at.summary('named')]).toEqual([RUNNING, RUNNING]);
});

test('a pod whose RuntimeClass has gone gets no new sandbox', () => {
  const at = lab({ usual: 'runc' });
  at.create(pod('named', 'usual'));
  at.run(10);
  at.server.delete(runtimeClassKind, 'usual', {}, 'test');
  at.physics.change('machine', 'n1', { powered: false });
  at.run(60);
  at.physics.change('machine', 'n1', { powered: true, bootedAtMs: at.timeline.nowMs });
  at.run(60);
  expect(at.events('named')).toContainEqual(
    expect.stringMatching(/^Warning FailedCreatePodSandBox Failed to create pod sandbox: runtimeclass\.node\.k8s\.io "usual" not found/),
  );
  at.delete('named');
  at.run(40);
  expect(at.summary('named')).toBe('gone');
});

// Whom a kubelet lets in: pods that it hears of for the first time, and all that it finds when it starts.
import { expect, test } from 'vitest';
import { type Node, nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { KubeletLab } from './kubelet-lab.ts';

const containers = [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '3' } } }];
const change = (lab: KubeletLab, spec: (node: Node) => object) =>
  lab.server.patch(nodeKind, 'n1', (node) => ({ ...node, ...spec(node) }) as Node, 'test', 'spec');
const label = (lab: KubeletLab, labels: Record<string, string>) => change(lab, ({ metadata }) => ({ metadata: { ...metadata, labels } }));

function restart(lab: KubeletLab, meanwhile: () => void = () => {}): void {
  lab.physics.change('kubelet', 'n1', { running: false });
  lab.run(30);
  meanwhile();
  lab.run(1);
  lab.physics.change('kubelet', 'n1', { running: true });
  lab.run(30);
}

const MISFIT = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";

test('a kubelet that starts lets pods in anew: one that its node no longer fits is over, with its containers', () => {
  const lab = new KubeletLab();
  label(lab, { disk: 'fast' });
  lab.run(1);
  lab.create({ name: 'p', spec: { nodeSelector: { disk: 'fast' }, containers } });
  lab.run(20);
  expect(lab.summary('p')).toBe('Running Ready [ready] restarts=0');
  const { qosClass, startTime } = lab.pod('p')!.status;
  label(lab, { disk: 'slow' });
  lab.run(60);
  expect(lab.summary('p')).toBe('Running Ready [ready] restarts=0');
  restart(lab);
  expect(lab.pod('p')?.status).toEqual({
    phase: 'Failed',
    reason: 'NodeAffinity',
    message: `Pod was rejected: ${MISFIT}`,
    qosClass,
    startTime,
  });
  expect(lab.events('p')).toEqual(expect.arrayContaining([`Warning NodeAffinity ${MISFIT}`, 'Normal Killing Stopping container web']));
  const status = lab.pod('p')?.status;
  restart(lab);
  expect(lab.pod('p')?.status).toEqual(status);
  lab.create({ name: 'next', spec: { containers } });
  lab.run(20);
  expect(lab.summary('next')).toBe('Running Ready [ready] restarts=0');
  lab.delete('p');
  lab.run(5);
  expect(lab.summary('p')).toBe('gone');
});

test('of pods that no longer have room together, the oldest stays', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'old', spec: { containers: [{ ...containers[0], resources: { requests: { cpu: '1' } } }] } });
  lab.run(5);
  lab.create({ name: 'young', spec: { containers } });
  lab.run(20);
  const capacity = { cpu: '2', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  // The first start tells of the smaller machine, and the next one goes by what the node says of itself.
  restart(lab, () => lab.physics.change('machine', 'n1', { capacity }));
  restart(lab);
  expect([lab.summary('old'), lab.summary('young')]).toEqual(['Running Ready [ready] restarts=0', 'Failed [] restarts=0 OutOfcpu']);
});

test('a pod that does not tolerate what drives pods away is not let in', () => {
  const lab = new KubeletLab();
  change(lab, ({ spec }) => ({
    spec: {
      ...spec,
      taints: [
        { key: 'gone', effect: 'NoExecute' },
        { key: 'full', effect: 'NoSchedule' },
      ],
    },
  }));
  lab.run(1);
  lab.create({ name: 'p', spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } });
  lab.create({
    name: 'q',
    spec: { tolerations: [{ key: 'gone', operator: 'Exists' }], containers: [{ name: 'web', image: 'nginx:1.27' }] },
  });
  lab.run(20);
  expect([lab.summary('p'), lab.summary('q')]).toEqual(['Failed [] restarts=0 TaintToleration', 'Running Ready [ready] restarts=0']);
  expect(lab.events('p')).toContain(
    "Warning TaintToleration Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  );
});

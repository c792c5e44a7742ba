// An unknown way to update is shown as upstream shows it: the whole strategy in Go's notation.
import { expect, test } from 'vitest';
import { type DaemonSet, daemonSetKind } from '../../../../../src-main/engine/kinds/apps/daemon-set.ts';
import { type Deployment, deploymentKind } from '../../../../../src-main/engine/kinds/apps/deployment.ts';
import { type StatefulSet, statefulSetKind } from '../../../../../src-main/engine/kinds/apps/stateful-set.ts';

const selector = { matchLabels: { app: 'a' } };
const pod = { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30 };
const container = { name: 'a', image: 'a', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' };
const spec = { selector, template: { metadata: { labels: { app: 'a' } }, spec: { ...pod, containers: [container] } } };
const metadata = { name: 'a', namespace: 'shop' };

test('a deployment', () => {
  const deployment = { metadata, spec: { ...spec, strategy: { type: 'Recreated' } } } as unknown as Deployment;
  expect(deploymentKind.validate(deployment).map(String)).toEqual([
    'spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:"Recreated", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: "Recreate", "RollingUpdate"',
  ]);
});

test('a daemon set', () => {
  const set = { metadata, spec: { ...spec, updateStrategy: { type: 'Never' } } } as unknown as DaemonSet;
  expect(daemonSetKind.validate(set).map(String)).toEqual([
    'spec.updateStrategy: Unsupported value: apps.DaemonSetUpdateStrategy{Type:"Never", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}: supported values: "RollingUpdate", "OnDelete"',
  ]);
});

test('a stateful set', () => {
  const faults = (updateStrategy: object) =>
    statefulSetKind
      .validate({ metadata, spec: { ...spec, podManagementPolicy: 'Parallel', updateStrategy } } as unknown as StatefulSet)
      .map(String);
  expect(faults({ type: 'Never' })).toEqual([
    `spec.updateStrategy: Invalid value: apps.StatefulSetUpdateStrategy{Type:"Never", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}: must be 'RollingUpdate' or 'OnDelete'`,
  ]);
  expect(faults({ type: 'OnDelete', rollingUpdate: { partition: 2 } })).toEqual([
    `spec.updateStrategy.rollingUpdate: Invalid value: apps.RollingUpdateStatefulSetStrategy{Partition:2, MaxUnavailable:(*intstr.IntOrString)(nil)}: only allowed for updateStrategy 'RollingUpdate'`,
  ]);
});

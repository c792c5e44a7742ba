// What the window's lists say of objects: how many are ready of how many are wanted, and who is looked after by another.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { parseManifest } from '../../../../src-main/persistence/manifest.ts';
import { Projection } from '../../../../src-main/session/projection/projection.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const TEMPLATE = '{metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: "nginx:1.27"}]}}';
const SELECTED = `selector: {matchLabels: {app: a}}, template: ${TEMPLATE}`;
const ONCE = 'template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: [sh, -c, "exit 0"]}]}}';

const GROUPS: Readonly<Record<string, string>> = { Job: 'batch', CronJob: 'batch', HorizontalPodAutoscaler: 'autoscaling' };

function check(kind: string, spec: string, summary: string, owned: readonly string[] = []): void {
  test(`${kind} ${spec.slice(0, 40)}`, () => {
    const cluster = Cluster.start(builtInScenario('empty', 1));
    const group = GROUPS[kind] ?? 'apps';
    const { documents } = parseManifest(
      'a.yaml',
      `{apiVersion: ${group}/${group === 'autoscaling' ? 'v2' : 'v1'}, kind: ${kind}, metadata: {name: a}, spec: {${spec}}}`,
    );
    for (const { object } of documents) cluster.command({ type: 'apply', object });
    cluster.advance(cluster.timeline.nowMs + 90_000);
    const records = [...Projection.of(cluster).tables.rows('objects').values()].filter(({ namespace }) => namespace === 'default');
    const found = records.find((record) => record.name === 'a' && record.kind === `${kind}.${group}`);
    expect(found).toMatchObject({ summary });
    expect(found).not.toHaveProperty('owned');
    expect([...new Set(records.filter((record) => record.owned === true).map((record) => record.kind))]).toEqual(owned);
  });
}

check('Deployment', `replicas: 2, ${SELECTED}`, '2/2', ['ReplicaSet.apps']);
check('StatefulSet', `replicas: 3, serviceName: a, ${SELECTED}`, '3/3', ['ControllerRevision.apps']);
check('DaemonSet', SELECTED, '9/9', ['ControllerRevision.apps']);
check('ReplicaSet', `replicas: 2, ${SELECTED}`, '2/2');
check('Job', ONCE, 'Complete · 1/1');
check(
  'HorizontalPodAutoscaler',
  'maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: none}',
  'cpu: <unknown>/80% · 0',
);
check('CronJob', `schedule: "* * * * *", jobTemplate: {spec: {${ONCE}}}`, '* * * * *', ['Job.batch']);

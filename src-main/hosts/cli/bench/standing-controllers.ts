// What controllers cost whose objects stand over many pods: an hour in which they find little to do, and one pod that they replace.
import { podKind } from '../../../engine/kinds/core/pod.ts';
import { type JsonObject, keyOf } from '../../../engine/meta/object.ts';
import { type BenchLab, readyReplicas } from './ready-cluster.ts';
import { wallMs } from './wall-ms.ts';

const HOUR_MS = 3_600_000;
const SETTLE_MS = 120_000;
const STEP_MS = 200;
const CHANGES = 10;

/** `hourMs`: wall ms for an hour of virtual time; `replaceMs`: wall ms from a pod's deletion until another is Ready, the mean of ten. */
export function standingControllers(lab: BenchLab): { readonly hourMs: number; readonly replaceMs: number } {
  const replicas = readyReplicas(lab.cluster);
  for (const object of objectsOver(replicas)) lab.cluster.command({ type: 'apply', object });
  lab.advance(SETTLE_MS);
  const hourMs = wallMs(() => lab.advance(HOUR_MS));
  const keys = lab.cluster.server
    .list(podKind)
    .filter(({ metadata }) => metadata.labels?.['app'] === 'web')
    .map(keyOf)
    .slice(0, CHANGES);
  const changesMs = wallMs(() => {
    for (const key of keys) replace(lab, key, replicas);
  });
  return { hourMs, replaceMs: changesMs / keys.length };
}

function replace(lab: BenchLab, key: string, replicas: number): void {
  lab.cluster.command({ type: 'delete', kind: podKind.kind, key, options: { gracePeriodSeconds: 0 } });
  for (const isThere of [(ready: number) => ready < replicas, (ready: number) => ready === replicas])
    while (!isThere(readyReplicas(lab.cluster))) lab.advance(STEP_MS);
}

/** A Service, a budget, an autoscaler that is content, a quota and a policy over all pods, and a job each minute. */
function objectsOver(replicas: number): readonly JsonObject[] {
  const metadata = { name: 'web', namespace: 'default' };
  const pods = { matchLabels: { app: 'web' } };
  const tick = { name: 'tick', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 2'], resources: { requests: { cpu: '1m' } } };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector: pods } },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: replicas,
        maxReplicas: replicas,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
      },
    },
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: String(2 * replicas), 'requests.cpu': String(replicas) } } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: pods, ingress: [{}] } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tick', namespace: 'default' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { containers: [tick], restartPolicy: 'Never' } } } },
      },
    },
  ];
}

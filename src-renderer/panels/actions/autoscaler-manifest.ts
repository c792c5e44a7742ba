/**
 * The autoscaler that a person asks for, as kubectl would write it: horizontal ones as `kubectl autoscale` does, vertical ones by hand.
 */
export interface Horizontal {
  readonly least: number;
  readonly most: number;
  /** Percent of what the pods ask for. */
  readonly cpu: number;
}
export type UpdateMode = 'Off' | 'Initial' | 'Recreate';

const API_VERSIONS: Readonly<Record<string, string>> = {
  'Deployment.apps': 'apps/v1',
  'StatefulSet.apps': 'apps/v1',
  'ReplicaSet.apps': 'apps/v1',
  ReplicationController: 'v1',
};

/** JSON, which is YAML too. */
export function horizontalManifest(kind: string, key: string, { least, most, cpu }: Horizontal): string {
  const { metadata, target } = parts(kind, key);
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } }];
  return JSON.stringify({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef: target, minReplicas: least, maxReplicas: most, metrics },
  });
}

export function verticalManifest(kind: string, key: string, updateMode: UpdateMode): string {
  const { metadata, target } = parts(kind, key);
  return JSON.stringify({
    apiVersion: 'autoscaling.k8s.io/v1',
    kind: 'VerticalPodAutoscaler',
    metadata,
    spec: { targetRef: target, updatePolicy: { updateMode } },
  });
}

function parts(kind: string, key: string) {
  const [namespace, name] = key.split('/');
  return { metadata: { name, namespace }, target: { apiVersion: API_VERSIONS[kind] ?? 'v1', kind: kind.split('.')[0], name } };
}

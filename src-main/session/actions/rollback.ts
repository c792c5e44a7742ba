// The patch that brings a workload back to the template before, or why there is none.
// upstream: kubectl pkg/polymorphichelpers/rollback.go
import { equal } from '../../engine/base/equal.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { byRevision, holdsTemplate } from '../../engine/controllers/controller-revision/revisions.ts';
import { revisionOf } from '../../engine/controllers/deployment/annotations.ts';
import type { ControllerRevision } from '../../engine/kinds/apps/controller-revision.ts';
import type { Deployment } from '../../engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../engine/kinds/apps/replica-set.ts';
import type { PodTemplateSpec } from '../../engine/kinds/core/pod-spec.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../engine/meta/object.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';

export type Rollback = { readonly refused: string } | { readonly contentType: string; readonly body: JsonValue };

const HASH = 'pod-template-hash';
/** Stay as the Deployment has them. upstream: annotationsToSkip */
const KEPT: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.revisionTo',
]);
const SKIPPED = 'skipped rollback (current template already matches revision 0)';

export function rollback(cluster: Cluster, object: ApiObject): Rollback {
  return object.kind === 'Deployment' ? ofDeployment(cluster, object as Deployment) : ofRevisions(cluster, object);
}

function ofDeployment({ store }: Cluster, deployment: Deployment): Rollback {
  const { name, uid, annotations = {} } = deployment.metadata;
  const sets = [...(store.table('ReplicaSet.apps').values() as Iterable<ReplicaSet>)];
  const own = sets.filter((set) => controllerOf(set)?.uid === uid).sort((one, other) => revisionOf(other) - revisionOf(one));
  const before = own[1];
  if (before === undefined) return { refused: `no rollout history found for deployment "${name}"` };
  if (deployment.spec.paused === true) return { refused: `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/${name}' and try again` }; // biome-ignore format: upstream's words
  const template = withoutHash(before.spec.template);
  if (equal(template, withoutHash(deployment.spec.template))) return { refused: SKIPPED };
  const kept = Object.entries(annotations).filter(([key]) => KEPT.has(key));
  const old = Object.entries(before.metadata.annotations ?? {}).filter(([key]) => !KEPT.has(key));
  return {
    contentType: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...kept, ...old]) },
    ],
  };
}

/** StatefulSets and DaemonSets remember their templates as patches. */
function ofRevisions({ store }: Cluster, object: ApiObject): Rollback {
  const revisions = [...(store.table('ControllerRevision.apps').values() as Iterable<ControllerRevision>)];
  const own = revisions.filter((revision) => controllerOf(revision)?.uid === object.metadata.uid).sort(byRevision);
  const before = own.at(-2);
  if (before === undefined) return { refused: 'no last revision to roll back to' };
  const { template } = (object as unknown as { readonly spec: { readonly template: PodTemplateSpec } }).spec;
  if (holdsTemplate(before, template)) return { refused: SKIPPED };
  return { contentType: 'application/strategic-merge-patch+json', body: before.data as unknown as JsonValue };
}

function withoutHash(template: ReplicaSet['spec']['template']): JsonObject {
  const { [HASH]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } } as unknown as JsonObject;
}

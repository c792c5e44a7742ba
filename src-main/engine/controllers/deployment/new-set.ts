// Finds or makes the ReplicaSet of a Deployment's present template, and keeps its revision.
// upstream: pkg/controller/deployment/sync.go getNewReplicaSet, getAllReplicaSetsAndSyncRevision
import { equal } from '../../base/equal.ts';
import { type ReplicaSet, replicaSetKind } from '../../kinds/apps/replica-set.ts';
import { controllerOf, newControllerReference } from '../../meta/owner-references.ts';
import { isAlreadyExists, StatusError } from '../../meta/status-error.ts';
import { isNamespaceTerminating } from '../replica-set/pod-control.ts';
import { maxRevision, newSetAnnotations, revisionAnnotation } from './annotations.ts';
import type { DeploymentSync } from './deployment-sync.ts';
import { desiredReplicas } from './fenceposts.ts';
import { type ProgressEvent, type ProgressNews, stepProgress } from './progress.ts';
import { newSetReplicas } from './rolling.ts';
import { byAge, type Sets } from './sets.ts';
import { hashLabel, sameTemplate, templateHash } from './template-hash.ts';

const NAME_LENGTH_MAX = 253;

/** The set with the present template: the oldest, should there be several. upstream: FindNewReplicaSet */
export function findNewSet(sync: DeploymentSync, sets: Sets): ReplicaSet | null {
  const { template } = sync.deployment.spec;
  return sets.toSorted(byAge).find((set) => set.spec.template !== undefined && sameTemplate(set.spec.template, template)) ?? null;
}

/** The new set with its revision in order; made when `create` and there is none. */
export function syncNewSet(sync: DeploymentSync, sets: Sets, create: boolean): ReplicaSet | null {
  const found = findNewSet(sync, sets);
  const oldSets = sets.filter((set) => set !== found);
  const revision = maxRevision(oldSets) + 1;
  if (found !== null) return keepSet(sync, found, revision);
  return create ? createSet(sync, oldSets, revision) : null;
}

function keepSet(sync: DeploymentSync, set: ReplicaSet, revision: number): ReplicaSet {
  const before = set.metadata.annotations ?? {};
  const annotations = newSetAnnotations(before, sync.deployment, revision, true);
  const minReadySeconds = sync.deployment.spec.minReadySeconds ?? 0;
  if (annotations !== before || (set.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const spec = { ...set.spec, minReadySeconds };
    return sync.client.update(replicaSetKind, { ...set, metadata: { ...set.metadata, annotations }, spec });
  }
  sync.setRevision(annotations[revisionAnnotation] ?? '');
  report(sync, 'found', { set: set.metadata.name });
  return set;
}

function createSet(sync: DeploymentSync, oldSets: Sets, revision: number): ReplicaSet {
  const { deployment } = sync;
  const hash = templateHash(deployment.spec.template, deployment.status.collisionCount);
  const draft = draftOf(sync, oldSets, hash, revision);
  let set: ReplicaSet;
  try {
    set = sync.client.create(replicaSetKind, draft);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const isTaken: boolean = isAlreadyExists(error);
    if (isTaken) {
      const existing = sync.set(`${deployment.metadata.namespace}/${draft.metadata.name}`);
      // Not heard of yet: no fault to report, the next look knows it.
      if (existing === undefined) throw error;
      return useOrCollide(sync, existing, error);
    }
    if (isNamespaceTerminating(error)) throw error;
    const message = `Failed to create new replica set "${draft.metadata.name}": ${error.message}`;
    report(sync, 'createFailed', { failure: message });
    sync.event('Warning', 'ReplicaSetCreateError', message);
    throw error;
  }
  const size = desiredReplicas(set);
  if (size > 0) sync.event('Normal', 'ScalingReplicaSet', `Scaled up replica set ${set.metadata.name} from 0 to ${size}`);
  sync.setRevision(String(revision));
  report(sync, 'created', { set: set.metadata.name });
  return set;
}

/** The name is taken: by what this controller made before its cache knew, or by a hash collision. */
function useOrCollide(sync: DeploymentSync, existing: ReplicaSet, error: StatusError): ReplicaSet {
  const { deployment } = sync;
  const isOurs = controllerOf(existing)?.uid === deployment.metadata.uid;
  if (isOurs && existing.spec.template !== undefined && sameTemplate(existing.spec.template, deployment.spec.template)) return existing;
  sync.updateStatus({ ...deployment.status, collisionCount: (deployment.status.collisionCount ?? 0) + 1 });
  throw error;
}

function draftOf(sync: DeploymentSync, oldSets: Sets, hash: string, revision: number) {
  const { deployment } = sync;
  const { template, selector, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const draft = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name.slice(0, NAME_LENGTH_MAX - hash.length - 1)}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      ownerReferences: [newControllerReference(deployment)],
      annotations: newSetAnnotations({}, deployment, revision, false),
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  return { ...draft, spec: { ...draft.spec, replicas: newSetReplicas(deployment, oldSets, draft) } };
}

function report(sync: DeploymentSync, event: ProgressEvent, news: Omit<ProgressNews, 'unixMs'>): void {
  const { deployment, unixMs } = sync;
  const conditions = stepProgress(deployment, deployment.status, event, { ...news, unixMs });
  if (!equal(conditions, deployment.status.conditions ?? [])) sync.updateStatus({ ...deployment.status, conditions });
}

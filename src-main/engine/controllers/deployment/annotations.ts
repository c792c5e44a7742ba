// The annotations a Deployment writes on its ReplicaSets: revision, its history, and the sizes that proportional scaling needs.
// upstream: pkg/controller/deployment/util/deployment_util.go
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { desiredReplicas, maxSurge } from './fenceposts.ts';
import type { Sets } from './sets.ts';

export type Annotations = Readonly<Record<string, string>>;

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
const HISTORY_LENGTH_MAX = 2000;

/** Not copied from a Deployment to its sets. upstream: annotationsToSkip */
const skipped: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.revisionTo',
]);

export function desiredReplicasAnnotation(set: ReplicaSet): number | null {
  return integer(set.metadata.annotations?.[DESIRED_REPLICAS]);
}

export function maxReplicasAnnotation(set: ReplicaSet): number | null {
  return integer(set.metadata.annotations?.[MAX_REPLICAS]);
}

/** The revision of a set; 0 when it carries none. */
export function revisionOf(object: { readonly metadata: { readonly annotations?: Annotations } }): number {
  return integer(object.metadata.annotations?.[revisionAnnotation]) ?? 0;
}

/** upstream: MaxRevision */
export function maxRevision(sets: Sets): number {
  return sets.reduce((most, set) => Math.max(most, revisionOf(set)), 0);
}

/** The annotations with the Deployment's present sizes; the same value when they are up to date. upstream: SetReplicasAnnotations */
export function withSizes(annotations: Annotations, deployment: Deployment): Annotations {
  const desired = String(desiredReplicas(deployment));
  const most = String(desiredReplicas(deployment) + maxSurge(deployment));
  if (annotations[DESIRED_REPLICAS] === desired && annotations[MAX_REPLICAS] === most) return annotations;
  return { ...annotations, [DESIRED_REPLICAS]: desired, [MAX_REPLICAS]: most };
}

/** What the new set's annotations must be; the same value when they are. upstream: SetNewReplicaSetAnnotations */
export function newSetAnnotations(annotations: Annotations, deployment: Deployment, newRevision: number, exists: boolean): Annotations {
  let next = annotations;
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!skipped.has(name) && next[name] !== value) next = { ...next, [name]: value };
  const text = next[revisionAnnotation];
  const revision = text === undefined ? 0 : integer(text);
  if (revision === null) return next;
  if (revision < newRevision) {
    next = { ...next, [revisionAnnotation]: String(newRevision) };
    if (text !== undefined) next = { ...next, [REVISION_HISTORY]: history(annotations[REVISION_HISTORY], text) };
  }
  return exists ? next : withSizes(next, deployment);
}

function history(before: string | undefined, revision: string): string {
  if (before === undefined || before === '') return revision;
  let revisions = before.split(',');
  // Oldest first; room is made for the new one and its comma.
  while (revisions.length > 0 && revisions.join(',').length + revision.length + 1 > HISTORY_LENGTH_MAX) revisions = revisions.slice(1);
  return [...revisions, revision].join(',');
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}

// The revisions of a DaemonSet: the one its template is now, and the old ones, of which some are kept to go back to.
// upstream: pkg/controller/daemon/update.go constructHistory, snapshot, dedupCurHistories, cleanupHistory
import type { Client } from '../../client/component.ts';
import { type ControllerRevision, controllerRevisionKind } from '../../kinds/apps/controller-revision.ts';
import { type DaemonSet, daemonSetKind } from '../../kinds/apps/daemon-set.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { newControllerReference } from '../../meta/owner-references.ts';
import { isAlreadyExists } from '../../meta/status-error.ts';
import { byRevision, holdsTemplate, revisionLabel, revisionName, templatePatch } from '../controller-revision/revisions.ts';
import { templateHash } from '../deployment/template-hash.ts';

export interface DaemonHistory {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

export function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionLabel] ?? '';
}

/** A template that was there before is the newest again. */
export function historyOf(client: Client, set: DaemonSet, claimed: readonly ControllerRevision[], pods: Iterable<Pod>): DaemonHistory {
  const labeled = claimed.map((revision) => (hashOf(revision) === '' ? withLabel(client, revision) : revision));
  const matching = labeled.filter((revision) => holdsTemplate(revision, set.spec.template));
  const old = labeled.filter((revision) => !matching.includes(revision));
  const number = old.reduce((most, { revision }) => Math.max(most, revision ?? 0), 0) + 1;
  const kept = matching.toSorted(byRevision).at(-1);
  if (kept === undefined) return { current: snapshot(client, set, number), old };
  removeDuplicates(client, kept, matching, pods);
  if ((kept.revision ?? 0) >= number) return { current: kept, old };
  return { current: client.patch(controllerRevisionKind, keyOf(kept), (now) => ({ ...now, revision: number })), old };
}

/** Old revisions that no pod has, beyond the limit, oldest first. */
export function cleanUpHistory(client: Client, set: DaemonSet, old: readonly ControllerRevision[], pods: Iterable<Pod>): void {
  let surplus = old.length - (set.spec.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const live = new Set<string | undefined>();
  for (const { metadata } of pods) live.add(metadata.labels?.[revisionLabel]);
  for (const revision of old.toSorted(byRevision)) {
    if (surplus <= 0) return;
    if (live.has(hashOf(revision))) continue;
    client.delete(controllerRevisionKind, keyOf(revision));
    surplus -= 1;
  }
}

function withLabel(client: Client, revision: ControllerRevision): ControllerRevision {
  return client.patch(controllerRevisionKind, keyOf(revision), (now) => ({
    ...now,
    metadata: { ...now.metadata, labels: { ...now.metadata.labels, [revisionLabel]: now.metadata.name } },
  }));
}

/** A name that is taken by another template counts as a collision; the next look tries another. */
function snapshot(client: Client, set: DaemonSet, revision: number): ControllerRevision {
  const { name: owner, namespace, annotations } = set.metadata;
  const { template } = set.spec;
  const hash = templateHash(template, set.status.collisionCount);
  const name = revisionName(owner, hash);
  const metadata = {
    name,
    namespace,
    labels: { ...template.metadata?.labels, [revisionLabel]: hash },
    ...(annotations !== undefined && { annotations }),
    ownerReferences: [newControllerReference(set)],
  };
  try {
    const draft = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data: templatePatch(template), revision };
    return client.create(controllerRevisionKind, draft);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const found = client.get(controllerRevisionKind, `${namespace}/${name}`);
    if (holdsTemplate(found, template)) return found;
    const newest = client.get(daemonSetKind, keyOf(set));
    const collisionCount = (newest.status.collisionCount ?? 0) + 1;
    client.updateStatus(daemonSetKind, { ...newest, status: { ...newest.status, collisionCount } });
    throw error;
  }
}

/** Two revisions of one template become one, and their pods are relabelled first. */
function removeDuplicates(client: Client, kept: ControllerRevision, matching: readonly ControllerRevision[], pods: Iterable<Pod>): void {
  for (const duplicate of matching) {
    if (duplicate === kept) continue;
    for (const pod of pods)
      if (pod.metadata.labels?.[revisionLabel] !== hashOf(kept))
        client.patch(podKind, keyOf(pod), (now) => ({
          ...now,
          metadata: { ...now.metadata, labels: { ...now.metadata.labels, [revisionLabel]: hashOf(kept) } },
        }));
    client.delete(controllerRevisionKind, keyOf(duplicate));
  }
}

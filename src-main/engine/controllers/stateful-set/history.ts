// The revisions of a StatefulSet: the one its template is now, the one its pods had before, and how many old ones are kept.
// upstream: pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions, truncateHistory
import { assert } from '../../base/assert.ts';
import type { Client } from '../../client/component.ts';
import { type ControllerRevision, controllerRevisionKind } from '../../kinds/apps/controller-revision.ts';
import type { StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { newControllerReference } from '../../meta/owner-references.ts';
import { isAlreadyExists } from '../../meta/status-error.ts';
import { byRevision, holdsTemplate, revisionName, templatePatch } from '../controller-revision/revisions.ts';
import { templateHash } from '../deployment/template-hash.ts';
import { revisionOfPod } from './identity.ts';
import type { Revisions } from './new-pod.ts';

const hashLabel = 'controller.kubernetes.io/hash';
const COLLISIONS_MAX = 100;

export interface RevisionsOfSet extends Revisions {
  readonly collisionCount: number;
}

/** `known`: the set's revisions, oldest first. A template that was there before is the newest again. */
export function revisionsOf(client: Client, set: StatefulSet, known: readonly ControllerRevision[]): RevisionsOfSet {
  const newest = known.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  const equals = known.filter((revision) => holdsTemplate(revision, set.spec.template));
  const latest = equals.at(-1);
  let collisionCount = set.status.collisionCount ?? 0;
  let update: ControllerRevision;
  if (newest !== undefined && latest === newest) update = newest;
  else if (latest !== undefined) update = client.patch(controllerRevisionKind, keyOf(latest), (now) => ({ ...now, revision: number }));
  else ({ update, collisionCount } = createRevision(client, set, number, collisionCount));
  const current = known.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update;
  // A revision that was raised is the update, also where the list still has it as it was.
  return { current: current.metadata.name === update.metadata.name ? update : current, update, collisionCount };
}

/** Old revisions that no pod has, beyond the limit, oldest first. */
export function truncateHistory(
  client: Client,
  set: StatefulSet,
  pods: readonly Pod[],
  known: readonly ControllerRevision[],
  live: Revisions,
): void {
  const limit = set.spec.revisionHistoryLimit ?? 10;
  if (limit < 0 || known.length <= limit) return;
  const names = new Set([live.current.metadata.name, live.update.metadata.name, ...pods.map(revisionOfPod)]);
  const old = known.filter(({ metadata }) => !names.has(metadata.name));
  for (const revision of old.slice(0, Math.max(0, old.length - limit))) client.delete(controllerRevisionKind, keyOf(revision));
}

/** In the order in which they were rolled out. */
export function sortedRevisions(revisions: Iterable<ControllerRevision>): readonly ControllerRevision[] {
  return [...revisions].sort(byRevision);
}

/** A name that is taken by another template counts as a collision, and another name is tried. upstream: CreateControllerRevision */
function createRevision(
  client: Client,
  set: StatefulSet,
  number: number,
  collisions: number,
): { update: ControllerRevision; collisionCount: number } {
  const { namespace, annotations } = set.metadata;
  const { template } = set.spec;
  for (let collisionCount = collisions; ; collisionCount += 1) {
    assert(collisionCount - collisions < COLLISIONS_MAX, `no free name for a revision of ${set.metadata.name}`);
    const hash = templateHash(template, collisionCount);
    const name = revisionName(set.metadata.name, hash);
    const metadata = {
      name,
      namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(annotations !== undefined && { annotations }),
      ownerReferences: [newControllerReference(set)],
    };
    try {
      const draft = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data: templatePatch(template), revision: number };
      return { update: client.create(controllerRevisionKind, draft), collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const found = client.get(controllerRevisionKind, `${namespace}/${name}`);
      if (holdsTemplate(found, template)) return { update: found, collisionCount };
    }
  }
}

// The remembered templates of a StatefulSet or DaemonSet: what is kept of one, how it is found again, and what it is called.
// upstream: pkg/controller/history/controller_history.go, stateful_set_utils.go and daemon/update.go getPatch
import { compareText } from '../../base/compare-text.ts';
import { equal } from '../../base/equal.ts';
import type { Cache } from '../../client/component.ts';
import type { ControllerRevision } from '../../kinds/apps/controller-revision.ts';
import type { PodTemplateSpec } from '../../kinds/core/pod-spec.ts';
import { controllerOf } from '../../meta/owner-references.ts';

/** On the pods: of a StatefulSet the revision's name, of a DaemonSet its hash. */
export const revisionLabel = 'controller-revision-hash';

type Data = NonNullable<ControllerRevision['data']>;

const NAME_PREFIX_MAX = 223;

/** A strategic merge patch that puts the template back: what `kubectl rollout undo` sends. */
export function templatePatch(template: PodTemplateSpec): Data {
  let data = patches.get(template);
  if (data === undefined) {
    data = { spec: { template: { ...template, $patch: 'replace' } } } as unknown as Data;
    patches.set(template, data);
  }
  return data;
}

/** The template a revision holds. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const held = data as unknown as { readonly spec: { readonly template: PodTemplateSpec & { readonly $patch: string } } };
  const { $patch: _, ...template } = held.spec.template;
  return template;
}

/** upstream: EqualRevision */
export function holdsTemplate({ data }: ControllerRevision, template: PodTemplateSpec): boolean {
  const patch = templatePatch(template);
  return data === patch || equal(data, patch);
}

/** upstream: ControllerRevisionName */
export function revisionName(owner: string, hash: string): string {
  return `${owner.slice(0, NAME_PREFIX_MAX)}-${hash}`;
}

/** Oldest first. upstream: SortControllerRevisions */
export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  return (
    (a.revision ?? 0) - (b.revision ?? 0) ||
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

/** Indexes of the shared cache: a revision's controller by uid, and revisions without one by namespace. */
export function indexRevisionsByController(revisions: Cache<ControllerRevision>): void {
  revisions.index('controller', (revision) => {
    const uid = controllerOf(revision)?.uid;
    return uid === undefined ? [] : [uid];
  });
  revisions.index('orphan', (revision) => (controllerOf(revision) === undefined ? [revision.metadata.namespace] : []));
}

const patches = new WeakMap<PodTemplateSpec, Data>();

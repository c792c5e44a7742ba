// Suites of StatefulSets: the lab's own controller on a bench, and the rules it is made of.
import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import { byRevision, templatePatch } from '../../../engine/controllers/controller-revision/revisions.ts';
import { ownersAreUpToDate, ownersSetRight } from '../../../engine/controllers/stateful-set/claim-owners.ts';
import { wantedClaims } from '../../../engine/controllers/stateful-set/claims.ts';
import { revisionsOf } from '../../../engine/controllers/stateful-set/history.ts';
import { isMemberOf, ordinalOf, parentAndOrdinal, podNameOfClaim } from '../../../engine/controllers/stateful-set/identity.ts';
import { newPod } from '../../../engine/controllers/stateful-set/new-pod.ts';
import { statefulSetController } from '../../../engine/controllers/stateful-set-controller.ts';
import { type ControllerRevision, controllerRevisionKind } from '../../../engine/kinds/apps/controller-revision.ts';
import { type StatefulSet, statefulSetKind } from '../../../engine/kinds/apps/stateful-set.ts';
import type { PersistentVolumeClaim } from '../../../engine/kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../../../engine/kinds/core/pod.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../../engine/kinds/object-meta.ts';
import type { FieldError } from '../../../engine/meta/field-error.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import { compareWherePresent, compareWhole } from './compare.ts';
import { ControllerBench } from './controller-bench.ts';
import type { Run, Suites } from './run-conformance.ts';

interface PodOfCase {
  readonly metadata: { readonly name: string; readonly revision: 'current' | 'old' };
  readonly status: Pod['status'];
}

interface OrderingCase {
  readonly statefulSet: StatefulSet;
  readonly pods: readonly PodOfCase[];
  readonly now: string;
  readonly run: string;
}

interface Step {
  readonly set?: { readonly replicas?: number; readonly image?: string };
  readonly scale?: number;
  readonly rollback?: boolean;
}

interface OwnersCase {
  readonly statefulSet: StatefulSet;
  readonly pod: Pod;
  readonly claim: PersistentVolumeClaim;
}

interface RevisionsCase {
  readonly existing: readonly { readonly name: string; readonly template: string; readonly revision: number }[];
  readonly template: string;
  readonly currentRevision: string | null;
}

/** A bench that does not settle within so many looks is caught in a circle. */
const LOOKS_MAX = 500;

export const statefulSetSuites: Suites = {
  'validation.statefulset': {
    run: ({ object }: { object: StatefulSet }) => {
      const whole = withSelector(object);
      return summaries([...validateObjectMeta(statefulSetKind, whole.metadata), ...statefulSetKind.validate(whole)]);
    },
    compare: compareErrors,
  },
  'validation.statefulset-update': {
    run: ({ old, object }: { old: StatefulSet; object: StatefulSet }) => {
      const [next, previous] = [withSelector(object), withSelector(old)];
      return summaries([
        ...validateObjectMetaUpdate(next.metadata, previous.metadata),
        ...validateObjectMeta(statefulSetKind, next.metadata),
        ...statefulSetKind.validate(next),
        ...statefulSetKind.validateUpdate(next, previous),
      ]);
    },
    compare: compareErrors,
  },
  'statefulset.identity': (given: { check: string }) => identityChecks[given.check]?.(given as never),
  'statefulset.pvc-owners': { run: owners, compare: compareOwners },
  'statefulset.revisions': revisions,
  'statefulset.ordering': { run: ordering, compare: compareOrdering },
  'statefulset.update': ({ statefulSet, steps }: { statefulSet: StatefulSet; steps: readonly Step[] }) => {
    const bench = new StatefulSetBench(statefulSet, 0);
    bench.converge();
    return { images: steps.map((step) => bench.take(step)) };
  },
};

const identityChecks: Readonly<Record<string, Run>> = {
  parent: ({ podName }: { podName: string }) => parentAndOrdinal(podName),
  member: ({ setName, podName }: { setName: string; podName: string }) => ({ member: isMemberOf(setName, podName) }),
  claims: ({ statefulSet, podName }: { statefulSet: StatefulSet; podName: string }) => ({
    claims: wantedClaims(statefulSet, parentAndOrdinal(podName).ordinal).map(({ template, name, draft: { metadata } }) => ({
      template,
      name,
      namespace: metadata.namespace,
      labels: metadata.labels ?? {},
    })),
  }),
  claimPod: ({ setName, claimName }: { setName: string; claimName: string }) => ({ podName: podNameOfClaim(setName, claimName) }),
};

/** In the tables' source an empty selector is a nil one: through the API the two have different messages. */
function withSelector(set: StatefulSet): StatefulSet {
  const { selector, ...spec } = set.spec;
  return Object.keys(selector ?? {}).length > 0 ? set : ({ ...set, spec } as StatefulSet);
}

interface ErrorSummary {
  readonly field: string;
  readonly type: string | undefined;
}

function summaries(errors: readonly FieldError[]): readonly ErrorSummary[] {
  return errors.map((error) => ({ field: error.field, type: error.body().split(':')[0] }));
}

/** All errors, in any order. */
function compareErrors(actual: unknown, expected: unknown): readonly string[] {
  const { errors } = expected as { errors: readonly ErrorSummary[] };
  const told = (list: readonly ErrorSummary[]): readonly string[] => list.map(({ field, type }) => `${field}: ${type}`).toSorted();
  return compareWhole(told(actual as readonly ErrorSummary[]), told(errors));
}

function owners({ statefulSet, pod, claim }: OwnersCase): unknown {
  const references = claim.metadata.ownerReferences ?? [];
  const after = ownersSetRight(references, statefulSet, pod);
  const controls = (uid: string): boolean => after.some((reference) => reference.uid === uid && reference.controller === true);
  return {
    upToDate: ownersAreUpToDate(references, statefulSet, pod),
    podIsController: controls(pod.metadata.uid),
    setIsController: controls(statefulSet.metadata.uid),
    ownerReferences: after,
  };
}

/** References in any order; of each what names the owner. */
function compareOwners(actual: unknown, expected: unknown): readonly string[] {
  const named = (value: unknown): unknown => {
    const { ownerReferences, ...rest } = value as { ownerReferences?: readonly { apiVersion: string; kind: string; name: string }[] };
    const list = ownerReferences?.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`).toSorted();
    return list === undefined ? rest : { ...rest, ownerReferences: list };
  };
  return compareWherePresent(named(actual), named(expected));
}

function revisions({ existing, template, currentRevision }: RevisionsCase): unknown {
  const bench = new ControllerBench(statefulSetController, 0);
  const templateNamed = (letter: string) => ({ metadata: { labels: { template: letter } }, spec: { containers: [] } });
  for (const { name, template: letter, revision } of existing) {
    const data = templatePatch(templateNamed(letter));
    bench.place(controllerRevisionKind, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name, namespace: 'default' },
      data,
      revision,
    } as unknown as ControllerRevision);
  }
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'foo', namespace: 'default', uid: 'test' },
    spec: { template: templateNamed(template) },
    status: currentRevision === null ? {} : { currentRevision },
  } as unknown as StatefulSet;
  const known = bench.objects(controllerRevisionKind).toSorted(byRevision);
  const { current, update } = revisionsOf(bench.client, set, known);
  const told = ({ data, revision }: ControllerRevision) => {
    const { spec } = data as unknown as { spec: { template: { metadata: { labels: { template: string } } } } };
    return { template: spec.template.metadata.labels.template, revision };
  };
  return { count: bench.objects(controllerRevisionKind).length, current: told(current), update: told(update) };
}

function ordering({ statefulSet, pods, now, run }: OrderingCase): unknown {
  const bench = new StatefulSetBench(statefulSet, parseTimestamp(now) ?? 0, pods);
  const [, count] = /^syncs:(\d+)$/.exec(run) ?? [];
  if (count === undefined) bench.converge();
  else for (let left = Number(count); left > 0; left -= 1) bench.sync();
  const zeros = { replicas: 0, readyReplicas: 0, availableReplicas: 0, currentReplicas: 0, updatedReplicas: 0 };
  const at = bench.pods();
  return {
    parallel: statefulSet.spec.podManagementPolicy === 'Parallel',
    create: bench.names('create'),
    delete: bench.names('delete'),
    deleteCount: bench.names('delete').length,
    pods: at.map(({ metadata }) => metadata.name),
    labels: Object.fromEntries(at.map(({ metadata }) => [metadata.name, metadata.labels])),
    status: { ...zeros, ...bench.set.status },
  };
}

function compareOrdering(actual: unknown, expected: unknown): readonly string[] {
  const { parallel } = actual as { parallel: boolean };
  const sorted = (value: unknown): unknown => {
    const { create, delete: deleted, ...rest } = value as { create?: readonly string[]; delete?: readonly string[] };
    return { ...rest, create: create?.toSorted(), delete: deleted?.toSorted() };
  };
  return parallel ? compareWherePresent(sorted(actual), sorted(expected)) : compareWherePresent(actual, expected);
}

class StatefulSetBench {
  readonly #bench: ControllerBench;
  readonly #key: string;
  readonly #first: StatefulSet['spec']['template'];

  constructor(given: StatefulSet, unixMs: number, pods: readonly PodOfCase[] = []) {
    this.#bench = new ControllerBench(statefulSetController, unixMs);
    this.#key = keyOf(given);
    this.#first = given.spec.template;
    const before = {
      ...given,
      spec: { ...given.spec, template: withImage(this.#first, 'previous') },
      status: { replicas: 0 },
    } as StatefulSet;
    const old = pods.some(({ metadata }) => metadata.revision === 'old') ? revisionsOf(this.#bench.client, before, []).update : null;
    const update = revisionsOf(this.#bench.client, { ...before, spec: given.spec }, old === null ? [] : [old]).update;
    const current = old ?? update;
    for (const { metadata, status } of pods) {
      const revision = metadata.revision === 'old' && old !== null ? old : update;
      const made = newPod(
        { ...given, status: { replicas: 0 } },
        { current: revision, update: revision },
        parentAndOrdinal(metadata.name).ordinal,
      );
      this.#bench.place(podKind, { ...made, status });
    }
    const currentReplicas = pods.filter(({ metadata }) => metadata.revision === 'old').length;
    this.#bench.place(statefulSetKind, {
      ...given,
      metadata: { ...given.metadata, generation: 1 },
      status: { replicas: pods.length, currentReplicas, currentRevision: current.metadata.name, updateRevision: update.metadata.name },
    } as StatefulSet);
  }

  get set(): StatefulSet {
    return this.#bench.objects(statefulSetKind)[0] as StatefulSet;
  }

  pods(): readonly Pod[] {
    return this.#bench.objects(podKind).toSorted((a, b) => ordinalOf(a) - ordinalOf(b));
  }

  names(verb: 'create' | 'delete'): readonly string[] {
    return this.#bench.written.filter((one) => one.kind === 'Pod' && one.verb === verb).map(({ name }) => name);
  }

  sync(): void {
    this.#bench.reconcile(this.#key);
  }

  converge(): void {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const before = [this.set, ...this.pods()];
      this.sync();
      for (const pod of this.pods()) if (pod.status.phase === undefined) this.#bench.place(podKind, { ...pod, status: READY });
      const after = [this.set, ...this.pods()];
      if (after.length === before.length && after.every((object, index) => object === before[index])) return;
    }
    throw new Error('it does not settle');
  }

  /** Pods and their images when the step is done. */
  take({ set = {}, scale, rollback }: Step): readonly (readonly [string, string | undefined])[] {
    const { spec } = this.set;
    const replicas = set.replicas ?? scale ?? spec.replicas ?? 1;
    const template = rollback === true ? this.#first : set.image === undefined ? spec.template : withImage(spec.template, set.image);
    this.#bench.place(statefulSetKind, { ...this.set, spec: { ...spec, replicas, template } });
    this.converge();
    return this.pods().map((pod) => [pod.metadata.name, pod.spec.containers[0]?.image]);
  }
}

const READY: Pod['status'] = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

function withImage(template: StatefulSet['spec']['template'], image: string): StatefulSet['spec']['template'] {
  const containers = (template.spec?.containers ?? []).map((container) => ({ ...container, image }));
  return { ...template, spec: { ...template.spec, containers } };
}

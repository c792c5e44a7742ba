// Makes and deletes the pods of a workload, and says so in events.
// upstream: pkg/controller/controller_utils.go RealPodControl
import type { Client, EventRecorder } from '../../client/component.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { type ApiObject, keyOf } from '../../meta/object.ts';
import { newControllerReference } from '../../meta/owner-references.ts';
import { hasStatusCause, isNotFound, StatusError } from '../../meta/status-error.ts';

const SLOW_START_BATCH = 1;

/** The template as both workload kinds have it. */
export interface PodTemplate {
  readonly metadata?: Pick<Pod['metadata'], 'labels' | 'annotations' | 'finalizers'>;
  readonly spec?: Pod['spec'];
}

export interface PodControl {
  readonly client: Client;
  readonly events: EventRecorder;
}

/** The namespace goes away: its refusal is no fault of the workload. */
export function isNamespaceTerminating(error: unknown): boolean {
  return hasStatusCause(error, 'NamespaceTerminating');
}

export interface Created {
  readonly created: number;
  readonly error: StatusError | null;
}

/** Makes up to `count` pods of one template. */
export function createPods(control: PodControl, owner: ApiObject, template: PodTemplate, count: number): Generator<void, Created> {
  const draft = draftOf(owner, template);
  return slowStart(count, () => createPod(control, owner, draft));
}

/** Makes pods in batches of 1, 2, 4...: a first failure stops the flood. Returns how many were made, and the failure. upstream: slowStartBatch */
export function* slowStart(count: number, create: (index: number) => StatusError | null): Generator<void, Created> {
  let created = 0;
  for (let done = 0, batch = Math.min(count, SLOW_START_BATCH); batch > 0; batch = Math.min(2 * batch, count - done)) {
    let failure: StatusError | null = null;
    for (let index = 0; index < batch; index += 1) {
      yield;
      const error = create(done + index);
      if (error === null || isNamespaceTerminating(error)) created += 1;
      else failure = error;
    }
    if (failure !== null) return { created, error: failure };
    done += batch;
  }
  return { created, error: null };
}

/** Null when it was deleted. A pod that is gone already is not reported in an event. */
export function deletePod({ client, events }: PodControl, owner: ApiObject, pod: Pod): StatusError | null {
  try {
    client.delete(podKind, keyOf(pod));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const gone: boolean = isNotFound(error);
    if (gone) return error;
    const { message, status } = error;
    events.record(owner, 'Warning', 'FailedDelete', `Error deleting: ${message}`);
    return new StatusError(status.reason, status.code, `unable to delete pods: ${message}`);
  }
  events.record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  return null;
}

export type PodDraft = ReturnType<typeof draftOf>;

/** Null when it was made. */
export function createPod({ client, events }: PodControl, owner: ApiObject, draft: ReturnType<typeof draftOf>): StatusError | null {
  try {
    const pod = client.create(podKind, draft);
    events.record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    return null;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (!isNamespaceTerminating(error)) events.record(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    return error;
  }
}

/** One draft serves all pods of a batch: the API server copies nothing that it does not change. upstream: GetPodFromTemplate */
export function draftOf(owner: ApiObject, { metadata = {}, spec }: PodTemplate, prefix = `${owner.metadata.name}-`) {
  const { labels, annotations, finalizers } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: prefix,
      namespace: owner.metadata.namespace ?? '',
      ownerReferences: [newControllerReference(owner)],
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
    },
    spec: spec ?? { containers: [] },
  };
}

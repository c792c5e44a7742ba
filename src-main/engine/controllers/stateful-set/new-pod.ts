// The pod that a StatefulSet makes for an ordinal, from the template of the revision that this ordinal is to have.
// upstream: pkg/controller/statefulset/stateful_set_utils.go newVersionedStatefulSetPod
import type { ControllerRevision } from '../../kinds/apps/controller-revision.ts';
import type { StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodTemplateSpec } from '../../kinds/core/pod-spec.ts';
import { newControllerReference } from '../../meta/owner-references.ts';
import { revisionLabel, templateOf } from '../controller-revision/revisions.ts';
import { withClaimVolumes } from './claims.ts';
import { identityLabels, podNameOf, startOrdinal } from './identity.ts';

export interface Revisions {
  /** What the pods had before the update, and those below the partition keep. */
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

/** Not made yet: it has neither a uid nor a phase. */
export function newPod(set: StatefulSet, revisions: Revisions, ordinal: number): Pod {
  const revision = belongsToCurrent(set, ordinal) ? revisions.current : revisions.update;
  const { metadata = {}, spec = { containers: [] } }: PodTemplateSpec = templateOf(revision);
  const name = podNameOf(set, ordinal);
  const labels = { ...metadata.labels, [revisionLabel]: revision.metadata.name, ...identityLabels(set, ordinal) };
  const { annotations, finalizers } = metadata;
  const subdomain = set.spec.serviceName ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      // upstream: controller.GetPodFromTemplate sets it for every workload; the name that is given wins.
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace,
      uid: '',
      resourceVersion: '',
      creationTimestamp: '',
      labels,
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ownerReferences: [newControllerReference(set)],
    },
    spec: { ...withClaimVolumes(set, ordinal, spec), hostname: name, ...(subdomain !== '' && { subdomain }) },
    status: {},
  };
}

/** Without a partition the pods that are of the current revision are counted from below. */
function belongsToCurrent(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  const start = startOrdinal(set);
  if (rollingUpdate !== undefined) return ordinal < start + (rollingUpdate.partition ?? 0);
  return type === 'RollingUpdate' && ordinal < start + (set.status.currentReplicas ?? 0);
}

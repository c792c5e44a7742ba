// Makes the claims of generic ephemeral volumes: each is owned by its pod, lives and goes with it.
// upstream: pkg/controller/volume/ephemeral/controller.go
import { type AnyController, defineController } from '../client/component.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { claimIsForPod, claimNameOf, podClaimIndex, podClaimKeys } from '../kinds/core/pod-claims.ts';
import { type Draft, keyOf } from '../meta/object.ts';
import { newControllerReference } from '../meta/owner-references.ts';
import { internal, isAlreadyExists } from '../meta/status-error.ts';

export const ephemeralVolumeController: AnyController = defineController({
  name: 'ephemeral-volume-controller',
  workers: 5,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const pods = cache(podKind);
    const claims = cache(persistentVolumeClaimKind);
    pods.index(podClaimIndex, podClaimKeys);
    const look = (pod: Pod): void => {
      if (pod.metadata.deletionTimestamp === undefined && hasEphemeral(pod)) queue.add(keyOf(pod));
    };
    pods.onChange((next, previous) => next !== undefined && previous?.metadata.uid !== next.metadata.uid && look(next));
    claims.onChange((next, previous) => {
      if (next === undefined && previous !== undefined) for (const pod of pods.by(podClaimIndex, keyOf(previous))) look(pod);
    });
    if (!restored) for (const pod of pods.values()) look(pod);
    return {
      reconcile: (key) => {
        const pod = pods.get(key);
        if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
        for (const volume of pod.spec.volumes ?? []) {
          const { ephemeral } = volume;
          if (ephemeral === undefined) continue;
          const name = claimNameOf(pod, volume) as string;
          const known = claims.get(`${pod.metadata.namespace}/${name}`);
          if (known === undefined) create(() => client.create(persistentVolumeClaimKind, claimFor(pod, name, ephemeral)));
          else if (!claimIsForPod(pod, known)) throw taken(key, `${pod.metadata.namespace}/${name}`);
        }
      },
    };
  },
});

type EphemeralVolume = NonNullable<NonNullable<Pod['spec']['volumes']>[number]['ephemeral']>;

function claimFor(pod: Pod, name: string, { volumeClaimTemplate: template }: EphemeralVolume): Draft<PersistentVolumeClaim> {
  const { labels, annotations } = template?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: pod.metadata.namespace,
      ownerReferences: [newControllerReference(pod)],
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
    spec: template?.spec ?? {},
  } as Draft<PersistentVolumeClaim>;
}

/** Somebody else's claim has the name: the pod cannot have one until it is gone. */
function taken(pod: string, claim: string): Error {
  return internal(`PVC ${claim} was not created for pod ${pod} (pod is not owner)`);
}

function hasEphemeral({ spec }: Pod): boolean {
  return spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined) === true;
}

function create(write: () => void): void {
  try {
    write();
  } catch (error) {
    // The cache is behind; news of the claim is on its way.
    if (!isAlreadyExists(error)) throw error;
  }
}

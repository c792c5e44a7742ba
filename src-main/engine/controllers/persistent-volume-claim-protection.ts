// Keeps a claim that is being deleted until no pod uses it: the finalizer is the lock, the chart says when it comes off.
// upstream: pkg/controller/volume/pvcprotection/pvc_protection_controller.go
import { type AnyController, defineController } from '../client/component.ts';
import { persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { podClaimIndex, podClaimKeys } from '../kinds/core/pod-claims.ts';
import { claimProtectionFinalizer } from '../kinds/core/volume-annotations.ts';
import { keyOf } from '../meta/object.ts';
import { claimChart } from '../statecharts/claim.chart.ts';
import { needsProtection, protect } from './protect.ts';

const protectedClaims = { kind: persistentVolumeClaimKind, chart: claimChart, finalizer: claimProtectionFinalizer };

export const persistentVolumeClaimProtection: AnyController = defineController({
  name: 'persistentvolumeclaim-protection-controller',
  workers: 1,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const claims = cache(persistentVolumeClaimKind);
    const pods = cache(podKind);
    pods.index(podClaimIndex, podClaimKeys);
    const look = (key: string): void => {
      const claim = claims.get(key);
      if (claim !== undefined && needsProtection(claim, claimProtectionFinalizer)) queue.add(key);
    };
    claims.onChange((next) => next !== undefined && look(keyOf(next)));
    pods.onChange((next, previous) => {
      const pod = next ?? previous;
      // A pod that appears or runs on cannot free a claim.
      if (pod !== undefined && (next === undefined || !isScheduled(pod) || isShutDown(pod))) for (const key of podClaimKeys(pod)) look(key);
    });
    if (!restored) for (const claim of claims.values()) look(keyOf(claim));

    const isUsed = (key: string): boolean => {
      for (const pod of pods.by(podClaimIndex, key)) if (uses(pod, key)) return true;
      // The cache may be behind: only the server knows that nobody uses it.
      const namespace = key.slice(0, key.indexOf('/'));
      return client.list(podKind, namespace).some((pod) => podClaimKeys(pod).includes(key) && uses(pod, key));
    };
    return {
      reconcile: (key) => {
        const claim = claims.get(key);
        if (claim !== undefined) protect(client, protectedClaims, claim, () => !isUsed(key));
      },
    };
  },
});

/** A kubelet does not start a pod whose claim is going away, so only a scheduled pod uses its claims. upstream: podUsesPVC */
function isScheduled(pod: Pod): boolean {
  return (pod.spec.nodeName ?? '') !== '';
}

/** Its own claim goes before a pod that waits for its dependents to go first, and whose kubelet is done with it. upstream: podUsesPVC */
function uses(pod: Pod, key: string): boolean {
  if (!isScheduled(pod)) return false;
  const names = (pod.spec.volumes ?? []).map(
    ({ persistentVolumeClaim }) => `${pod.metadata.namespace}/${persistentVolumeClaim?.claimName}`,
  );
  return names.includes(key) || !isShutDown(pod);
}

/** upstream: podIsShutDown */
function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

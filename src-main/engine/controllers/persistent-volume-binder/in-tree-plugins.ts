// The volume plugins still compiled into the controller manager: hostPath and NFS, which can be recycled by a pod that scrubs them, and local.
// upstream: cmd/kube-controller-manager/app/plugins.go, pkg/volume/hostpath, pkg/volume/nfs, pkg/volume/util/recyclerclient
import type { ComponentContext } from '../../client/component.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import type { Draft } from '../../meta/object.ts';
import { isAlreadyExists } from '../../meta/status-error.ts';
import { type InTreePlugin, PluginError } from './binder-world.ts';

export interface SourcePlugin extends InTreePlugin {
  readonly handles: (volume: PersistentVolume) => boolean;
}

/** Pods of this name prefix scrub a volume. */
export const recyclerPrefix = 'recycler-for-';
const recyclerNamespace = 'default';
/** upstream: --pv-recycler-minimum-timeout-hostpath, -nfs, and the increments for each Gi left out, since the pod ends at once. */
const HOST_PATH_TIMEOUT_SECONDS = 60;
const NFS_TIMEOUT_SECONDS = 300;

export function inTreePlugins(context: ComponentContext<unknown>): readonly SourcePlugin[] {
  return [
    {
      name: 'kubernetes.io/host-path',
      supportsMountOptions: false,
      handles: (volume) => volume.spec.hostPath !== undefined,
      recycle: (volume) => scrub(context, volume, HOST_PATH_TIMEOUT_SECONDS),
      delete: (volume) => {
        const path = volume.spec.hostPath?.path ?? '';
        if (!/\/tmp\/.+/.test(path)) throw new PluginError(`host_path deleter only supports /tmp/.+ but received provided ${path}`);
      },
    },
    {
      name: 'kubernetes.io/nfs',
      supportsMountOptions: true,
      handles: (volume) => volume.spec.nfs !== undefined,
      recycle: (volume) => scrub(context, volume, NFS_TIMEOUT_SECONDS),
    },
    { name: 'kubernetes.io/local-volume', supportsMountOptions: true, handles: (volume) => volume.spec.local !== undefined },
  ];
}

// upstream: internalRecycleVolumeByWatchingPodUntilCompletion
function scrub(context: ComponentContext<unknown>, volume: PersistentVolume, timeoutSeconds: number): boolean {
  const key = `${recyclerNamespace}/${recyclerPrefix}${volume.metadata.name}`;
  const pod = context.cache(podKind).get(key);
  if (pod === undefined) {
    try {
      context.client.create(podKind, recyclerPod(volume, timeoutSeconds));
    } catch (thrown) {
      if (!isAlreadyExists(thrown)) throw thrown;
    }
    return false;
  }
  const { phase, message = '' } = pod.status;
  if ((phase !== 'Succeeded' && phase !== 'Failed') || pod.metadata.deletionTimestamp !== undefined) return false;
  context.client.delete(podKind, key);
  if (phase === 'Succeeded') return true;
  throw new PluginError(message === '' ? 'pod failed, pod.Status.Message unknown' : message);
}

// upstream: pkg/volume/util.go NewPersistentVolumeRecyclerPodTemplate
function recyclerPod({ metadata, spec }: PersistentVolume, activeDeadlineSeconds: number): Draft<Pod> {
  const source = spec.nfs === undefined ? { hostPath: spec.hostPath ?? { path: '' } } : { nfs: spec.nfs };
  const container = {
    name: 'pv-recycler',
    image: 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.4',
    command: ['/bin/sh'],
    args: ['-c', 'test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1'],
    volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${recyclerPrefix}${metadata.name}`, namespace: recyclerNamespace },
    spec: { activeDeadlineSeconds, restartPolicy: 'Never', volumes: [{ name: 'vol', ...source }], containers: [container] },
  };
}

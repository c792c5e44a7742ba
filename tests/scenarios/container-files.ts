// What is in a container's files, for stories about what a restart or a move keeps and what it loses.
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { Files, KubeletState } from '../../src-main/engine/kubelet/kubelet-state.ts';
import type { TestCluster } from '../support/test-cluster.ts';

type Container = Pod['spec']['containers'][number];
type Mount = NonNullable<Container['volumeMounts']>[number];

/** `path: content` of a pod's containers: their own layers, and what is mounted over them. */
export function containerFiles(cluster: TestCluster, pod: Pod): readonly string[] {
  const kubelets = cluster.world.components.memoryOf('kubelet') as KubeletState;
  const state = kubelets.pods[pod.metadata.uid];
  return pod.spec.containers.flatMap((container) => {
    const own = state?.containers[container.name]?.files ?? {};
    const mounted = (container.volumeMounts ?? []).map((mount) => at(mount, volumeFiles(cluster, pod, mount.name, state?.files ?? {})));
    const lines = [own, ...mounted].flatMap((files) => Object.entries(files)).map(([path, text]) => `${path}: ${text.trimEnd()}`);
    return lines.sort().map((line) => `${container.name} ${line}`);
  });
}

/** What is on the disk of a claim, whether anybody has mounted it or not. */
export function claimFiles(cluster: TestCluster, key: string): Files {
  const { store, physics } = cluster.world;
  const claim = store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
  const volume = store.get('PersistentVolume', claim?.spec.volumeName ?? '') as PersistentVolume | undefined;
  return { ...physics.get('disk', volume?.spec.csi?.volumeHandle ?? '')?.files };
}

function volumeFiles(cluster: TestCluster, pod: Pod, name: string, own: Readonly<Record<string, Files>>): Files {
  const claim = pod.spec.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName;
  return claim === undefined ? (own[name] ?? {}) : claimFiles(cluster, `${pod.metadata.namespace}/${claim}`);
}

function at({ mountPath }: Mount, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${mountPath}/${path}`, text]));
}

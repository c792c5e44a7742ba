/**
 * Other objects with lives of their own that the selected one hangs together with: one step from it in each direction.
 * So a person walks from a pod to its node, its rollout, its claim, and from there to the volume and its attachment.
 */
import type { ObjectDetail } from '../../../src-main/contract/bridge.ts';
import type { PodRecord } from '../../../src-main/contract/view.ts';
import type { ObjectRef } from '../../stores/selection-store.svelte.ts';

const WITH_LIVES: ReadonlySet<string> = new Set([
  'Deployment.apps',
  'Node',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'VolumeAttachment.storage.k8s.io',
  'Pod',
]);
const LINKS_MAX = 6;

export function linkedLives(
  ref: ObjectRef | null,
  detail: ObjectDetail | null,
  pods: ReadonlyMap<string, PodRecord>,
): readonly ObjectRef[] {
  if (ref === null || detail === null) return [];
  const links = new Map<string, ObjectRef>();
  const add = (kind: string, key: string): void => {
    if (WITH_LIVES.has(kind)) links.set(`${kind} ${key}`, { kind, key });
  };
  if (ref.kind === 'Pod') {
    const pod = [...pods.values()].find(({ namespace, name }) => namespace === detail.namespace && name === detail.name);
    if (pod?.workload?.kind === 'Deployment') add('Deployment.apps', `${pod.namespace}/${pod.workload.name}`);
  }
  for (const { kind, key } of detail.related) add(kind, key);
  return [...links.values()].slice(0, LINKS_MAX);
}

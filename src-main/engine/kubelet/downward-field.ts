// What a container's environment learns of its own pod through field references. upstream: pkg/fieldpath/fieldpath.go ExtractFieldPathAsString, pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue
import type { Pod } from '../kinds/core/pod.ts';
import type { PodState } from './kubelet-state.ts';

const SUBSCRIPT = /^metadata\.(labels|annotations)\['(.+)'\]$/;

export function downwardField(path: string, { metadata, spec, status }: Pod, { node, ip }: PodState): string | undefined {
  const [, map, key = ''] = SUBSCRIPT.exec(path) ?? [];
  if (map !== undefined) return (map === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace;
    case 'metadata.uid':
      return metadata.uid;
    case 'spec.nodeName':
      return node;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
      return status.hostIP ?? '';
    case 'status.podIP':
      return ip;
    default:
      return undefined;
  }
}

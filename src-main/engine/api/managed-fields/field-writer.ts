// By which name a component of the lab is known as field manager: upstream, many of them are one program, whose name its requests carry.
// upstream: client-go rest.DefaultKubernetesUserAgent, apiserver pkg/endpoints/handlers/create.go managerOrUserAgent
import type { Kind } from '../../kinds/kind.ts';

/** `user`: who makes the request, or the source of an event. */
export function fieldWriter(user: string, kind: Kind, part: string): { readonly manager: string; readonly subresource: string } {
  const name = componentOf(user);
  const manager = managerOf(name);
  if (part !== 'spec') return { manager, subresource: part };
  // upstream: the autoscaler writes scales; the deployment controller writes Deployments, with their revision, by their status alone
  if (name === 'horizontal-pod-autoscaler' && hasScale.has(kind.kind)) return { manager, subresource: 'scale' };
  if (name === 'deployment-controller' && kind.kind === 'Deployment') return { manager, subresource: 'status' };
  return { manager, subresource: '' };
}

function componentOf(user: string): string {
  if (user.startsWith(ACCOUNT)) return user.slice(ACCOUNT.length);
  return user.startsWith('system:') && !user.startsWith(KUBELET) ? user.slice('system:'.length) : user;
}

const ACCOUNT = 'system:serviceaccount:kube-system:';
const KUBELET = 'system:node:';
const hasScale: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController']);

/** Programs of their own; every other controller is a part of kube-controller-manager. */
const programs: Readonly<Record<string, string>> = {
  apiserver: 'kube-apiserver',
  'api-priority-and-fairness-config-consumer-v1': 'api-priority-and-fairness-config-consumer-v1',
  'api-priority-and-fairness-config-producer-v1': 'api-priority-and-fairness-config-producer-v1',
  'cluster-autoscaler': 'cluster-autoscaler',
  'crd-controller': 'kube-apiserver',
  'csi-attacher': 'csi-attacher',
  'csi-driver-installer': 'kubectl-client-side-apply',
  'csi-node-driver-registrar': 'kubelet',
  'default-scheduler': 'kube-scheduler',
  'external-provisioner': 'csi-provisioner',
  'external-resizer': 'csi-resizer',
  kubelet: 'kubelet',
  // A person's manifests, and those of a scenario.
  'kubernetes-admin': 'kubectl-client-side-apply',
  'kubernetes-service-cidr-controller': 'kubernetes-service-cidr-controller',
  'minikube-hostpath-provisioner': 'storage-provisioner',
  'service-cidrs-controller': 'service-cidr-controller',
  'snapshot-controller': 'snapshot-controller',
  traffic: 'traffic',
  'vpa-recommender': 'recommender',
  'vpa-updater': 'updater',
};

function managerOf(name: string): string {
  if (name.startsWith(KUBELET)) return 'kubelet';
  return Object.hasOwn(programs, name) ? (programs[name] ?? name) : 'kube-controller-manager';
}

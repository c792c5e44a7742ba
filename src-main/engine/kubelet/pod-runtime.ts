// What makes a pod's sandbox: the runtime that its RuntimeClass names, when its node has that.
import { kubeletSettings } from './kubelet-settings.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';

/** Why the sandbox of this id cannot be made for the pod now; null: it can. upstream: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go createPodSandbox */
export function runtimeFault(world: KubeletWorld, pod: PodState, sandbox = ''): string | null {
  const name = world.object(pod)?.spec.runtimeClassName ?? '';
  if (name === '') return null;
  const handler = world.runtimeClasses.get(name)?.handler;
  // upstream: pkg/kubelet/runtimeclass/runtimeclass_manager.go LookupRuntimeHandler
  if (handler === undefined) return `runtimeclass.node.k8s.io "${name}" not found`;
  if (kubeletSettings(world.nodes.get(pod.node)).runtimeHandlers.includes(handler)) return null;
  // upstream: containerd internal/cri/server/sandbox_run.go RunPodSandbox, internal/cri/config GetSandboxRuntime
  const why = `unable to get OCI runtime for sandbox "${sandbox}": no runtime for "${handler}" is configured`;
  return `rpc error: code = Unknown desc = ${why}`;
}

// Gives a new pod what the VerticalPodAutoscaler of its workload recommends, limits in proportion. Upstream does it by a webhook of the autoscaler.
// upstream: kubernetes/autoscaler vertical-pod-autoscaler/pkg/admission-controller/resource/pod
import { replicaSetKind } from '../../kinds/apps/replica-set.ts';
import {
  modeOf,
  policyOf,
  type VerticalPodAutoscaler,
  verticalPodAutoscalerKind,
} from '../../kinds/autoscaling/vertical-pod-autoscaler.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { parseQuantity, printQuantity } from '../../meta/quantity.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout, sharedChange } from './admission-plugin.ts';

export const verticalPodAutoscaling: AdmissionPlugin = {
  name: 'VerticalPodAutoscaling',
  kinds: ['Pod'],
  admit: (request, server) => {
    if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return request.object;
    const pod = request.object;
    const autoscaler = autoscalerOf(pod, request.namespace, server);
    if (autoscaler === undefined || autoscaler.status.recommendation === undefined) return pod;
    const spec = recommended(pod.spec, autoscaler);
    if (spec === pod.spec) return pod;
    const told = { vpaObservedContainers: pod.spec.containers.map(({ name }) => name).join(', ') };
    const annotations = { ...pod.metadata.annotations, ...told, vpaUpdates: `Pod resources updated by ${autoscaler.metadata.name}` };
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
  },
};

function autoscalerOf(pod: Pod, namespace: string, server: AdmissionReader): VerticalPodAutoscaler | undefined {
  const candidates = server.list(verticalPodAutoscalerKind, namespace).filter(({ spec }) => modeOf(spec) !== 'Off');
  const owner = controllerOf(pod);
  if (candidates.length === 0 || owner === undefined) return undefined;
  const set = owner.kind === 'ReplicaSet' ? server.find(replicaSetKind, `${namespace}/${owner.name}`) : undefined;
  const owners = [owner, set === undefined ? undefined : controllerOf(set)];
  return candidates.find(({ spec }) => owners.some((one) => one?.kind === spec.targetRef.kind && one.name === spec.targetRef.name));
}

const recommended = sharedChange<PodSpec, VerticalPodAutoscaler>(
  (spec, autoscaler) => {
    const recommendations = autoscaler.status.recommendation?.containerRecommendations ?? [];
    const containers = spec.containers.map((container) => {
      const found = recommendations.find(({ containerName }) => containerName === container.name);
      return found === undefined
        ? container
        : withTarget(container, found.target, policyOf(autoscaler.spec, container.name)?.controlledValues);
    });
    return containers.every((container, index) => container === spec.containers[index]) ? spec : { ...spec, containers };
  },
  ({ metadata, status }) => `${metadata.uid} ${JSON.stringify(status.recommendation)}`,
);

type Container = PodSpec['containers'][number];

function withTarget(container: Container, target: Readonly<Record<string, string>>, values = 'RequestsAndLimits'): Container {
  const { requests = {}, limits } = (container.resources ?? {}) as { requests?: Record<string, string>; limits?: Record<string, string> };
  const raised: Record<string, string> = { ...limits };
  for (const [name, wanted] of Object.entries(target)) {
    const [limit, request] = [limits?.[name], requests[name] ?? limits?.[name]];
    if (limit !== undefined && request !== undefined && values === 'RequestsAndLimits') raised[name] = proportional(limit, request, wanted);
  }
  return {
    ...container,
    resources: { ...container.resources, requests: { ...requests, ...target }, ...(limits === undefined ? {} : { limits: raised }) },
  };
}

/** The limit keeps its ratio to the request. upstream: pkg/utils/vpa/limit_and_request_scaling.go */
function proportional(limit: string, request: string, wanted: string): string {
  const [most, asked, next] = [limit, request, wanted].map((text) => parseQuantity(text).value);
  if (most === undefined || asked === undefined || next === undefined || asked.nanos === 0n) return limit;
  return printQuantity({ nanos: (most.nanos * next.nanos) / asked.nanos, format: most.format });
}

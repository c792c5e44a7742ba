// Gives a pod what its RuntimeClass says: the overhead of its sandbox, and the nodes that have the runtime. upstream: plugin/pkg/admission/runtimeclass/admission.go
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import type { PodSpec, ResourceList } from '../../kinds/core/pod-spec.ts';
import { type RuntimeClass, runtimeClassKind } from '../../kinds/node/runtime-class.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { compareQuantities, parseQuantity } from '../../meta/quantity.ts';
import { forbidden, type StatusError } from '../../meta/status-error.ts';
import { mergeTolerations } from '../../meta/tolerations.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout, nameBeforeCreation, sharedChange, withSpec } from './admission-plugin.ts';

export const runtimeClass: AdmissionPlugin = { name: 'RuntimeClass', kinds: ['Pod'], admit: admitPod, validate: validatePod };

function admitPod(request: AdmissionRequest, reader: AdmissionReader): AdmissionRequest['object'] {
  if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return request.object;
  const pod = request.object;
  const found = classOf(pod, reader);
  if (found === undefined) return pod;
  if (found.overhead !== undefined && pod.spec.overhead !== undefined && !sameAmounts(found.overhead.podFixed, pod.spec.overhead))
    throw refusal(pod, OTHER_OVERHEAD);
  const clash = Object.entries(found.scheduling?.nodeSelector ?? {}).find(
    ([key, value]) => (pod.spec.nodeSelector?.[key] ?? value) !== value,
  );
  if (clash !== undefined) {
    const [key, value] = clash;
    const own = pod.spec.nodeSelector?.[key] ?? '';
    throw refusal(pod, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
  }
  return withSpec(pod, inClass(pod.spec, found));
}

/** What other plugins did since is judged, too. upstream: validateOverhead */
function validatePod(request: AdmissionRequest, reader: AdmissionReader): void {
  if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return;
  const pod = request.object;
  const found = classOf(pod, reader);
  if (found?.overhead !== undefined) {
    if (!sameAmounts(found.overhead.podFixed, pod.spec.overhead)) throw refusal(pod, OTHER_OVERHEAD);
  } else if (pod.spec.overhead !== undefined) {
    throw refusal(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
}

const OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** upstream: prepareObjects */
function classOf(pod: Pod, reader: AdmissionReader): RuntimeClass | undefined {
  const { runtimeClassName } = pod.spec;
  if (runtimeClassName === undefined) return undefined;
  const found = reader.find(runtimeClassKind, runtimeClassName);
  if (found === undefined) throw refusal(pod, `pod rejected: RuntimeClass ${goQuote(runtimeClassName)} not found`);
  return found;
}

function refusal(pod: Pod, why: string): StatusError {
  return forbidden({ group: '', resource: 'pods' }, nameBeforeCreation(pod), why);
}

/** upstream: setOverhead, setScheduling */
const inClass = sharedChange<PodSpec, RuntimeClass>(
  (spec, { overhead, scheduling }) => {
    const { nodeSelector = {}, tolerations = [] } = scheduling ?? {};
    const merged = scheduling === undefined ? [] : mergeTolerations(spec.tolerations ?? [], tolerations);
    return {
      ...spec,
      ...(overhead?.podFixed !== undefined && { overhead: overhead.podFixed }),
      ...(Object.keys(nodeSelector).length > 0 && { nodeSelector: { ...spec.nodeSelector, ...nodeSelector } }),
      ...(merged.length > 0 && { tolerations: merged }),
    };
  },
  ({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`,
);

/** Are the amounts the same, however they are written? Nothing at all is as good as an empty list. */
function sameAmounts(one: ResourceList = {}, other: ResourceList = {}): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => sameAmount(one[name], other[name]));
}

function sameAmount(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [left, right] = [parseQuantity(String(one)).value, parseQuantity(String(other)).value];
  return left !== undefined && right !== undefined && compareQuantities(left, right) === 0;
}

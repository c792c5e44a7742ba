// pods/resize: asks for other resources for the containers of a pod that runs. Its node carries it out, or says why it does not.
// upstream: pkg/registry/core/pod/storage/storage.go ResizeREST
import { type Pod, podKind } from '../../../kinds/core/pod.ts';
import { validateResize, withWantedResources } from '../../../kinds/core/pod-resize.ts';
import type { ApiObject, JsonObject } from '../../../meta/object.ts';
import { invalid } from '../../../meta/status-error.ts';
import { updateOwners } from '../../managed-fields/field-owners.ts';
import { asEncoded, type Call, keyOfCall, writerOf } from '../call.ts';
import { jsonAnswer } from '../rest-request.ts';
import { maybeDry } from '../write.ts';
import { sentPod } from './sent-pod.ts';
import type { SubresourceHandler } from './subresource.ts';

export const resize: SubresourceHandler = {
  name: 'resize',
  methods: ['GET', 'PUT', 'PATCH'],
  answer: (call) => {
    const pod = call.server.get(podKind, keyOfCall(call));
    if (call.request.method === 'GET') return jsonAnswer(200, asEncoded(call, pod));
    const { sent, warnings } = sentPod(call, pod);
    const next = podKind.defaults(withWantedResources(pod, sent));
    const errors = validateResize(next, pod);
    if (errors.length > 0) throw invalid(podKind, pod.metadata.name, errors);
    const written = maybeDry(call, () => write(call, next));
    return jsonAnswer(200, asEncoded(call, written), [...warnings, ...call.server.takeWarnings()]);
  },
};

function write(call: Call, next: Pod): Pod {
  const change = (current: Pod): Pod =>
    updateOwners(call.kind, asJson(current), asJson({ ...current, spec: next.spec } as Pod), writerOf(call)) as unknown as Pod;
  return call.server.patch(podKind, keyOfCall(call), change, call.request.user.name, 'resize');
}

const asJson = (object: ApiObject): JsonObject => object as unknown as JsonObject;

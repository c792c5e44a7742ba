// pods/ephemeralcontainers: puts a container into a pod that runs already, as `kubectl debug` does. They can be added, and never changed or taken away.
// upstream: pkg/registry/core/pod/storage/storage.go EphemeralContainersREST, pkg/apis/core/validation ValidatePodEphemeralContainersUpdate
import { equal } from '../../../base/equal.ts';
import { validateEphemeralContainers } from '../../../kinds/core/container-validation.ts';
import { type Pod, podKind } from '../../../kinds/core/pod.ts';
import { defaultPodSpec } from '../../../kinds/core/pod-defaults.ts';
import { validateVolumes } from '../../../kinds/core/volume-validation.ts';
import { type FieldError, FieldPath, fieldForbidden } from '../../../meta/field-error.ts';
import type { ApiObject, JsonObject } from '../../../meta/object.ts';
import { invalid } from '../../../meta/status-error.ts';
import { updateOwners } from '../../managed-fields/field-owners.ts';
import { asEncoded, type Call, keyOfCall, writerOf } from '../call.ts';
import { jsonAnswer } from '../rest-request.ts';
import { maybeDry } from '../write.ts';
import { sentPod } from './sent-pod.ts';
import type { SubresourceHandler } from './subresource.ts';

type Ephemeral = NonNullable<Pod['spec']['ephemeralContainers']>;

export const ephemeralContainers: SubresourceHandler = {
  name: 'ephemeralcontainers',
  methods: ['GET', 'PUT', 'PATCH'],
  answer: (call) => {
    const pod = call.server.get(podKind, keyOfCall(call));
    if (call.request.method === 'GET') return jsonAnswer(200, asEncoded(call, pod));
    const { sent, warnings } = sentPod(call, pod);
    const list = (sent.spec?.ephemeralContainers ?? []).map(withDefaults);
    const errors = validate(list, pod);
    if (errors.length > 0) throw invalid(podKind, pod.metadata.name, errors);
    const written = maybeDry(call, () => write(call, list));
    return jsonAnswer(200, asEncoded(call, written), [...warnings, ...call.server.takeWarnings()]);
  },
};

function write(call: Call, list: Ephemeral): Pod {
  const change = (current: Pod): Pod => {
    const next = { ...current, spec: { ...current.spec, ephemeralContainers: list } };
    return updateOwners(call.kind, asJson(current), asJson(next), writerOf(call)) as unknown as Pod;
  };
  return call.server.patch(podKind, keyOfCall(call), change, call.request.user.name, 'ephemeralcontainers');
}

const asJson = (object: ApiObject): JsonObject => object as unknown as JsonObject;

/** What any container gets. */
function withDefaults(container: Ephemeral[number]): Ephemeral[number] {
  return defaultPodSpec({ containers: [container] }).containers[0] as Ephemeral[number];
}

function validate(list: Ephemeral, { spec }: Pod): readonly FieldError[] {
  const path = new FieldPath('spec', 'ephemeralContainers');
  const scope = {
    volumes: validateVolumes(spec.volumes, new FieldPath('spec', 'volumes')).sound,
    graceSeconds: spec.terminationGracePeriodSeconds ?? 0,
    restartPolicy: spec.restartPolicy ?? '',
  };
  const errors = [...validateEphemeralContainers(list, [...spec.containers, ...(spec.initContainers ?? [])], scope, path)];
  for (const old of spec.ephemeralContainers ?? []) {
    const next = list.find(({ name }) => name === old.name);
    if (next === undefined)
      errors.push(fieldForbidden(path, `existing ephemeral containers ${JSON.stringify(old.name)} may not be removed\n`));
    else if (!equal(next, old))
      errors.push(fieldForbidden(path, `existing ephemeral containers ${JSON.stringify(old.name)} may not be changed\n`));
  }
  return errors;
}

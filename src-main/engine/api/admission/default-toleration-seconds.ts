// Lets every pod stay for five minutes on a node that is not ready or cannot be reached, unless the pod says otherwise.
// upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go
import { podKind } from '../../kinds/core/pod.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import type { Toleration } from '../../meta/tolerations.ts';
import { type AdmissionPlugin, isAbout, sharedChange, withSpec } from './admission-plugin.ts';

const TOLERATION_SECONDS = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  kinds: ['Pod'],
  admit: (request) => {
    if (request.operation === 'DELETE' || !isAbout(request, podKind)) return request.object;
    const pod = request.object;
    const spec = tolerating(pod.spec, '');
    return withSpec(pod, spec);
  },
};

const tolerating = sharedChange<PodSpec, string>(
  (spec) => {
    const given = spec.tolerations ?? [];
    const added = keys
      .filter((key) => !given.some((toleration) => covers(toleration, key)))
      .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: TOLERATION_SECONDS }));
    return added.length === 0 ? spec : { ...spec, tolerations: [...given, ...added] };
  },
  (input) => input,
);

function covers(toleration: Toleration, key: string): boolean {
  const sameKey = (toleration.key ?? '') === '' || toleration.key === key;
  return sameKey && ((toleration.effect ?? '') === '' || toleration.effect === 'NoExecute');
}

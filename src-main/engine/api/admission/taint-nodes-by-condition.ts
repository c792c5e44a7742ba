// A new node takes no pods until the node controller has seen it ready. upstream: plugin/pkg/admission/nodetaint/admission.go
import { nodeKind } from '../../kinds/core/node.ts';
import { type AdmissionPlugin, isAbout } from './admission-plugin.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  kinds: ['Node'],
  admit: (request) => {
    if (request.operation !== 'CREATE' || !isAbout(request, nodeKind)) return request.object;
    const node = request.object;
    const taints = node.spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node;
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
  },
};

// pods/portforward: without a body it says whether the pod runs; with one it is an exchange with what listens on a port of it. Hosts turn connections into such exchanges.
// upstream: pkg/registry/core/pod/rest/subresources.go PortForwardREST; containerd pkg/cri portforward
import { podKind } from '../../../kinds/core/pod.ts';
import { badRequest, internal } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { keyOfCall } from '../call.ts';
import { jsonAnswer } from '../rest-request.ts';
import { judgeConnection } from './connection.ts';
import { requireReachable } from './pod-container.ts';
import type { SubresourceHandler } from './subresource.ts';

/** What the answer's body holds: what the other side wrote, or why there is none. */
export interface PortForwardResult {
  readonly answer: string;
  readonly error: string;
}

export const portForward: SubresourceHandler = {
  name: 'portforward',
  methods: ['GET', 'POST'],
  connects: true,
  answer: (call, { containers }) => {
    const pod = call.server.get(podKind, keyOfCall(call));
    const { body } = call.request;
    if (body === undefined) judgeConnection(call);
    requireReachable({ pod, container: '' }, containers);
    if (pod.status.phase !== 'Running')
      throw internal(`unable to forward port because pod is not running. Current status=${pod.status.phase}`);
    if (body === undefined) return jsonAnswer(200, {});
    if (!isObject(body) || typeof body['port'] !== 'number') throw badRequest('port is required');
    const answer = containers.converse(pod.metadata.uid, body['port'], typeof body['input'] === 'string' ? body['input'] : '');
    if (answer !== null) return jsonAnswer(200, { answer, error: '' } satisfies PortForwardResult);
    const refused = `dial tcp4 127.0.0.1:${body['port']}: connect: connection refused`;
    const error = `error forwarding port ${body['port']} to pod ${pod.metadata.name}, uid : failed to connect to localhost:${body['port']} inside namespace of the pod, IPv4: ${refused}`;
    return jsonAnswer(200, { answer: '', error } satisfies PortForwardResult);
  },
};

// pods/attach: without a body it says whether there is a process to attach to; with one it ends a process that waited for its input. What it writes is read from its log.
// upstream: pkg/registry/core/pod/rest/subresources.go AttachREST
import { badRequest, internal } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { jsonAnswer } from '../rest-request.ts';
import { judgeConnection } from './connection.ts';
import { podContainer, requireReachable } from './pod-container.ts';
import type { SubresourceHandler } from './subresource.ts';

/** What is attached to. */
export interface AttachTarget {
  readonly container: string;
  readonly command: readonly string[];
  /** Does the process read what is sent to it? */
  readonly stdin: boolean;
}

export const attach: SubresourceHandler = {
  name: 'attach',
  methods: ['GET', 'POST'],
  connects: true,
  answer: (call, { containers }) => {
    const target = podContainer(call);
    const { body } = call.request;
    if (body === undefined) judgeConnection(call);
    const { spec, status, metadata } = target.pod;
    if (status.phase === 'Succeeded' || status.phase === 'Failed')
      throw badRequest(`cannot attach a container in a completed pod; current phase is ${status.phase}`);
    requireReachable(target, containers);
    const all = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
    const found = all.find(({ name }) => name === target.container);
    if (body === undefined)
      return jsonAnswer(200, {
        container: target.container,
        command: [...(found?.command ?? []), ...(found?.args ?? [])],
        stdin: found?.stdin === true,
      } satisfies AttachTarget);
    const { status: code = 0, written = '' } = (isObject(body) ? body : {}) as { status?: number; written?: string };
    if (!containers.leave(metadata.uid, target.container, Number(code) & 255, String(written)))
      throw internal(`unable to upgrade connection: container ${target.container} not found in pod ${metadata.name}_${metadata.namespace}`);
    return jsonAnswer(200, {});
  },
};

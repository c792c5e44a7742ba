// POST pods/eviction: deletes a pod as `kubectl drain` asks for it. upstream: pkg/registry/core/pod/storage/eviction.go
import { badRequest } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { type Call, keyOfCall } from '../call.ts';
import { jsonAnswer } from '../rest-request.ts';
import { deleteOptions, maybeDry } from '../write.ts';
import type { SubresourceHandler } from './subresource.ts';

export const eviction: SubresourceHandler = {
  name: 'eviction',
  methods: ['POST'],
  answer: (call) => {
    const { body } = call.request;
    if (body === undefined || !isObject(body)) throw badRequest('not an Eviction object');
    const metadata = body['metadata'];
    const name = metadata !== undefined && isObject(metadata) ? metadata['name'] : undefined;
    if (name !== undefined && name !== call.name)
      throw badRequest(`name in URL does not match name in Eviction object: ${JSON.stringify(name)}`);
    const given = body['deleteOptions'] ?? {};
    const options = deleteOptions({ ...call, request: { ...call.request, body: isObject(given) ? given : {} } } as Call);
    const dryRuns = isObject(given) && Array.isArray(given['dryRun']) ? given['dryRun'] : [];
    maybeDry(call, () => call.server.delete(call.kind, keyOfCall(call), options, call.request.user.name), dryRuns);
    return jsonAnswer(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  },
};

// pods/exec: without a body it says whether there is a container to run in, whatever method the connection is opened with; with one it runs a command from
// its start to its end. Hosts turn the streams of a connection into such requests, and send those with bodies in their own name.
// upstream: pkg/registry/core/pod/rest/subresources.go ExecREST
import { sha256 } from '../../../base/sha256.ts';
import { badRequest, internal } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import type { ShellMemory } from '../container-access.ts';
import { jsonAnswer, parameters } from '../rest-request.ts';
import { judgeConnection } from './connection.ts';
import { podContainer, requireReachable } from './pod-container.ts';
import type { SubresourceHandler } from './subresource.ts';

/** What the answer's body holds. */
export interface ExecResult {
  readonly status: number;
  readonly output: string;
  readonly complaints: string;
  /** To be given back with the next line that is typed into the same shell. */
  readonly memory?: ShellMemory;
}

export const exec: SubresourceHandler = {
  name: 'exec',
  methods: ['GET', 'POST'],
  connects: true,
  answer: (call, { containers }) => {
    const command = parameters(call.request, 'command');
    if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
    const target = podContainer(call);
    const { body } = call.request;
    if (body === undefined) judgeConnection(call);
    const { uid } = target.pod.metadata;
    const { phase } = target.pod.status;
    if (phase === 'Succeeded' || phase === 'Failed')
      throw badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    requireReachable(target, containers);
    if (body === undefined) return jsonAnswer(200, { container: target.container });
    const input = isObject(body) && typeof body['input'] === 'string' ? body['input'] : '';
    const memory = isObject(body) && body['memory'] !== undefined ? (body['memory'] as unknown as ShellMemory) : undefined;
    const result = containers.execute(uid, target.container, command, input, memory);
    if (result === null) throw internal(`unable to upgrade connection: container not found (${JSON.stringify(target.container)})`);
    if (result.status === 127 && result.complaints === `sh: ${command[0] ?? ''}: not found\n`)
      throw internal(notFound(command[0] ?? '', sha256(`${uid}/${target.container}`)));
    const { status, output, complaints } = result;
    const kept = memory === undefined || result.memory === undefined ? {} : { memory: result.memory };
    return jsonAnswer(200, { status, output, complaints, ...kept } satisfies ExecResult);
  },
};

/** As containerd and runc word it. */
function notFound(program: string, id: string): string {
  const named = JSON.stringify(program);
  const why = program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH';
  return `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: exec: ${named}: ${why}: unknown`;
}

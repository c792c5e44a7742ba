// A person at the process of a container: at its shell when it is one, else at what it reads and writes. Over the same channels as exec.
// upstream: apimachinery pkg/util/remotecommand/constants.go; kubelet pkg/cri streaming ServeAttach
import type { ShellMemory } from '../../engine/api/rest/container-access.ts';
import { isSet, type RestAnswer, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { AttachTarget } from '../../engine/api/rest/subresources/attach.ts';
import type { ExecResult } from '../../engine/api/rest/subresources/exec.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { type ChannelSocket, STDOUT } from './channel-socket.ts';
import { Channels } from './exec-stream.ts';
import { DOOR } from './identity.ts';
import { lookAtLog } from './look-at-log.ts';
import { TerminalSession } from './terminal-session.ts';

export function attachToSocket(socket: ChannelSocket, request: RestRequest, target: AttachTarget, api: ApiAccess): void {
  const channels = new Channels(socket, isSet(request, 'tty'));
  if (!target.stdin || !isSet(request, 'stdin')) {
    followOutput(socket, channels, request, target, api);
    return;
  }
  const on = (subresource: string, query: RestRequest['query'], body: RestRequest['body']): RestAnswer =>
    api.answer({
      ...request,
      method: 'POST',
      path: request.path.replace(/attach$/, subresource),
      query: [['container', target.container], ...query],
      user: DOOR,
      body: body ?? {},
    });
  const run = (argv: readonly string[], input: string, memory?: ShellMemory): RestAnswer =>
    on(
      'exec',
      argv.map((word) => ['command', word] as const),
      { input, ...(memory === undefined ? {} : { memory: { ...memory } }) },
    );
  const leave = (status: number, written: string): void => {
    on('attach', [], { status, written });
    channels.end({ metadata: {}, status: 'Success' });
  };
  if (isSet(request, 'tty')) {
    const session = new TerminalSession(
      { variables: {}, status: 0 },
      (line, memory) => run(['sh', '-c', line], '', memory),
      (text) => channels.send(STDOUT, text),
      (status) => leave(status, ''),
    );
    channels.onInput((text) => session.type(text));
    return;
  }
  channels.onWholeInput((input) => {
    const [program = 'sh'] = target.command;
    const answer = /(^|\/)(ba|da|a)?sh$/.test(program) ? run(['sh', '-c', input], '') : run(target.command, input);
    const { status, output = '', complaints = '' } = answer.code === 200 ? (answer.body as ExecResult) : { status: 1 };
    channels.send(STDOUT, output + complaints);
    leave(status, output + complaints);
  });
}

/** What the process writes from now on, until it ends. */
function followOutput(socket: ChannelSocket, channels: Channels, request: RestRequest, { container }: AttachTarget, api: ApiAccess): void {
  const query = [['container', container] as const, ['tailLines', '0'] as const];
  const path = request.path.replace(/attach$/, 'log');
  const { impersonate: _impersonate, ...plain } = request;
  const follower = api.followLog({ ...plain, method: 'GET', path, query, user: DOOR });
  const stop = lookAtLog(follower, (text) => {
    if (text === null) channels.end({ metadata: {}, status: 'Success' });
    else channels.send(STDOUT, text);
  });
  socket.onClose(stop);
}

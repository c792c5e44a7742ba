// What admission is asked of a connection into a pod: the options of the request, as an object of their own.
// upstream: apiserver pkg/endpoints/handlers/rest.go ConnectResource, core/v1 PodExecOptions, PodAttachOptions, PodPortForwardOptions
import type { Call } from '../call.ts';
import { isSet, parameter, parameters } from '../rest-request.ts';

const KINDS: Readonly<Record<string, string>> = {
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
};

/** Throws StatusError when a policy refuses the connection. */
export function judgeConnection({ kind, name, namespace, request, server, subresource }: Call): void {
  const sent = { group: '', version: 'v1', kind: KINDS[subresource] ?? '', name };
  const object: Record<string, unknown> = { apiVersion: 'v1', kind: sent.kind };
  for (const option of ['stdin', 'stdout', 'stderr', 'tty'] as const) if (isSet(request, option)) object[option] = true;
  const [container, command, ports] = [parameter(request, 'container'), parameters(request, 'command'), parameters(request, 'ports')];
  if (container !== undefined && container !== '') object['container'] = container;
  if (command.length > 0) object['command'] = command;
  if (ports.length > 0) object['ports'] = ports.map(Number);
  const judging = (): void => server.judge(kind, { operation: 'CONNECT', subresource, namespace, object, kind: sent }, request.user.name);
  server.onBehalfOf(request.user.groups, judging);
}

// What one probe of a container answers now, with the words its event carries.
import type { ContainerRuntime, Instance } from './container-runtime.ts';
import { containerKey, type KubeletWorld } from './kubelet-world.ts';
import type { Probe, ProbeType } from './pod-types.ts';

export interface ProbeAnswer {
  readonly success: boolean;
  readonly message: string;
}

const FINE: ProbeAnswer = { success: true, message: '' };

/** upstream: pkg/kubelet/prober/prober.go runProbe, pkg/probe/{http,tcp,grpc,exec} */
export function askProbe(world: KubeletWorld, runtime: ContainerRuntime, instance: Instance, type: ProbeType, probe: Probe): ProbeAnswer {
  const ailment = world.context.physics.get('ailment', containerKey(instance.pod, instance.spec.name));
  const silent = ailment?.failingProbes.includes(type) === true;
  const timeoutSeconds = probe.timeoutSeconds ?? 1;
  if (probe.exec !== undefined) return askCommand(runtime, instance, probe.exec.command ?? [], timeoutSeconds, silent);
  const port = portOf(instance, probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port ?? 0);
  const host = probe.httpGet?.host ?? probe.tcpSocket?.host ?? instance.pod.ip;
  const open = runtime.answers(instance, port);
  if (open && !silent) {
    const fails = probe.httpGet !== undefined && runtime.failsRequests(instance);
    return fails ? failure('HTTP probe failed with statuscode: 500') : FINE;
  }
  const dial = `dial tcp ${host}:${port}: connect: connection refused`;
  if (probe.grpc !== undefined)
    return failure(
      silent
        ? `rpc error: code = DeadlineExceeded desc = context deadline exceeded`
        : `timeout: failed to connect service "${host}:${port}" within ${timeoutSeconds}s: context deadline exceeded`,
    );
  if (probe.tcpSocket !== undefined) return failure(silent ? `dial tcp ${host}:${port}: i/o timeout` : dial);
  const url = urlOf(probe.httpGet ?? {}, host, port);
  return failure(
    silent ? `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` : `Get "${url}": ${dial}`,
  );
}

interface WebAddress {
  readonly path?: string;
  readonly port: number | string;
  readonly host?: string;
  readonly scheme?: string;
}

/** What a request to the container finds when nothing listens there; '' when something does. */
export function refusedConnection(runtime: ContainerRuntime, instance: Instance, address: WebAddress): string {
  const port = portOf(instance, address.port);
  if (runtime.answers(instance, port)) return '';
  const host = address.host ?? instance.pod.ip;
  return `Get "${urlOf(address, host, port)}": dial tcp ${host}:${port}: connect: connection refused`;
}

function urlOf({ scheme = 'HTTP', path = '/' }: Omit<WebAddress, 'port'>, host: string, port: number): string {
  return `${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
}

function askCommand(
  runtime: ContainerRuntime,
  instance: Instance,
  command: readonly string[],
  timeoutSeconds: number,
  silent: boolean,
): ProbeAnswer {
  const result = silent ? null : runtime.execute(instance, command);
  if (result === null || result.tookMs > timeoutSeconds * 1000)
    return failure(`command timed out: "${command.join(' ')}" timed out after ${timeoutSeconds}s`);
  return result.status === 0 ? FINE : failure((result.output + result.complaints).trimEnd());
}

function portOf({ spec }: Instance, port: number | string): number {
  if (typeof port === 'number') return port;
  return spec.ports?.find((declared) => declared.name === port)?.containerPort ?? (Number(port) || 0);
}

function failure(message: string): ProbeAnswer {
  return { success: false, message };
}

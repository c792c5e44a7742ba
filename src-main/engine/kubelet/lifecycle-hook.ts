// What a container's postStart or preStop hook does: how long it takes, and in which words it fails.
import { goQuote } from '../meta/go-quote.ts';
import type { ContainerRuntime, Instance } from './container-runtime.ts';
import type { Container } from './pod-types.ts';
import { refusedConnection } from './probe-answer.ts';
import { TIMINGS } from './timings.ts';

export type HookName = 'postStart' | 'preStop';

/** JSON: of the timer that waits for its end. */
export type HookEnd = {
  readonly hook: HookName;
  /** The run of the container that it belongs to. */
  readonly id: string;
  /** '' when it went well. */
  readonly fault: string;
};

export interface HookRun {
  readonly tookMs: number;
  readonly fault: string;
}

interface Handler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly host?: string; readonly scheme?: string };
  readonly sleep?: { readonly seconds: number };
}

export function hookOf({ lifecycle }: Container, hook: HookName): Handler | undefined {
  return lifecycle?.[hook] as Handler | undefined;
}

/** upstream: pkg/kubelet/lifecycle/handlers.go Run */
export function runHook(runtime: ContainerRuntime, instance: Instance, { exec, httpGet, sleep }: Handler): HookRun {
  const { pod, object, spec } = instance;
  const whose = `for Container "${spec.name}" in Pod "${object.metadata.name}_${object.metadata.namespace}(${pod.uid})" failed - error:`;
  if (exec !== undefined) {
    const { command = [] } = exec;
    const { status, output, complaints, tookMs } = runtime.execute(instance, command);
    const exit = `command '${command.join(' ')}' exited with ${status}: ${complaints}`;
    const fault = `Exec lifecycle hook ([${command.join(' ')}]) ${whose} ${exit}, message: ${goQuote(output + complaints)}`;
    return { tookMs: tookMs + TIMINGS.hookMs, fault: status === 0 ? '' : fault };
  }
  if (httpGet !== undefined) {
    const refused = refusedConnection(runtime, instance, httpGet);
    return { tookMs: TIMINGS.hookMs, fault: refused === '' ? '' : `HTTP lifecycle hook (${httpGet.path ?? ''}) ${whose} ${refused}` };
  }
  return { tookMs: (sleep?.seconds ?? 0) * 1000 + TIMINGS.hookMs, fault: '' };
}

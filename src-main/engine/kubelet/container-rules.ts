// Two small rules about one container: may it be (re)started, and does it count as started and ready.
import type { ContainerStateValue } from './pod-types.ts';

/** One run of a container as the runtime remembers it. */
export interface ContainerRun {
  readonly state: 'created' | 'running' | 'exited' | 'unknown';
  readonly exitCode?: number;
}

export type ProbeResult = 'success' | 'failure' | 'unknown';

/** Only the newest run decides; back-off is another matter. upstream: pkg/kubelet/container/helpers.go ShouldContainerBeRestarted */
export function shouldRestart(restartPolicy: string | undefined, deleting: boolean, newest: ContainerRun | undefined): boolean {
  if (deleting) return false;
  if (newest === undefined) return true;
  if (newest.state === 'running') return false;
  if (newest.state !== 'exited') return true;
  if (restartPolicy === 'Never') return false;
  return restartPolicy !== 'OnFailure' || newest.exitCode !== 0;
}

/** What is asked about one container: its kind, its state, which probes it has and what they last stored (null: nothing). */
export interface Readiness {
  readonly kind: 'main' | 'init' | 'sidecar';
  readonly state: ContainerStateValue;
  readonly hasReadiness: boolean;
  readonly hasStartup: boolean;
  readonly readiness: ProbeResult | null;
  readonly startup: ProbeResult | null;
}

/** upstream: pkg/kubelet/prober/prober_manager.go UpdatePodStatus, isContainerStarted */
export function readyAndStarted(container: Readiness): { readonly ready: boolean; readonly started: boolean } {
  const { kind, state, startup, readiness } = container;
  const running = state.running !== undefined;
  const started = running && (startup === null ? !container.hasStartup : startup === 'success');
  if (kind === 'init') return { started, ready: state.terminated?.exitCode === 0 };
  return { started, ready: started && (readiness === 'success' || !container.hasReadiness) };
}

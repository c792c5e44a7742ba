// Runs probes when their outcome can have changed, on the grid of their own period: a probe that goes on succeeding is not ticked.

import { extended } from '../base/extended.ts';
import { BEAT_PREFIX } from '../time/timeline.ts';
import { type ProbeResult, readyAndStarted } from './container-rules.ts';
import type { ContainerRuntime, Instance } from './container-runtime.ts';
import type { ContainerState, PodState, ProbeState } from './kubelet-state.ts';
import { containerKey, type KubeletWorld } from './kubelet-world.ts';
import { phaseOf } from './pod-life.ts';
import { type Container, isSidecar, type Probe, type ProbeType } from './pod-types.ts';
import { askProbe, type ProbeAnswer } from './probe-answer.ts';
import { newProbeWorker, tickProbe } from './probe-worker.ts';

export const PROBE_TIMER = BEAT_PREFIX;

const TYPES: readonly ProbeType[] = ['startup', 'liveness', 'readiness'];
const TITLES: Readonly<Record<ProbeType, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export interface ProbeEffects {
  /** A stored result changed what the pod's status says. */
  resultChanged(pod: PodState): void;
  /** Too many failures: the container is to be stopped. */
  failed(instance: Instance, graceSeconds: number | undefined, type: ProbeType): void;
}

export class Probes {
  readonly #world: KubeletWorld;
  readonly #runtime: ContainerRuntime;
  readonly #effects: ProbeEffects;

  constructor(world: KubeletWorld, runtime: ContainerRuntime, effects: ProbeEffects) {
    this.#world = world;
    this.#runtime = runtime;
    this.#effects = effects;
  }

  /** The container's status was published: its probes begin, and one for readiness that waits is run at once. upstream: prober_manager.go UpdatePodStatus */
  observe(instance: Instance): void {
    const { spec, state } = instance;
    if (state.process === null || !hasProbes(spec)) return;
    for (const type of TYPES) {
      const probe = probeOf(spec, type);
      if (probe === undefined) continue;
      const worker = this.#workerOf(instance, type);
      if (type === 'readiness' && isStarted(spec, state) && resultOf(state, type) !== 'success' && !this.#inDelay(instance, probe)) {
        worker.anchorMs = this.#world.nowMs;
        this.#world.context.time.cancel(worker.timer);
        worker.timer = 0;
        this.#tick(instance, type, probe, worker);
      } else this.#arm(instance, type, probe, worker);
    }
  }

  onTimer(type: ProbeType, instance: Instance): void {
    const probe = probeOf(instance.spec, type);
    const worker = instance.state.probes?.[type];
    if (probe === undefined || worker === undefined) return;
    worker.timer = 0;
    this.#tick(instance, type, probe, worker);
  }

  /** A fact that probes depend on changed: the next period of each looks again. */
  poke(instance: Instance): void {
    for (const type of TYPES) {
      const probe = probeOf(instance.spec, type);
      const worker = instance.state.probes?.[type];
      if (probe !== undefined && worker?.timer === 0) this.#arm(instance, type, probe, worker, true);
    }
  }

  stop({ probes }: ContainerState): void {
    for (const type of TYPES) {
      const worker = probes?.[type];
      if (worker === undefined) continue;
      this.#world.context.time.cancel(worker.timer);
      worker.timer = 0;
    }
  }

  #workerOf({ pod, state }: Instance, type: ProbeType): ProbeState {
    state.probes ??= {};
    const known = state.probes[type];
    if (known !== undefined) return known;
    const made: ProbeState = extended(newProbeWorker(), { anchorMs: pod.seenMs, timer: 0 });
    state.probes[type] = made;
    return made;
  }

  #tick(instance: Instance, type: ProbeType, probe: Probe, worker: ProbeState): void {
    const { pod, object, spec, state } = instance;
    const { nowMs } = this.#world;
    const wasStarted = isStarted(spec, state);
    const wasReady = resultOf(state, type) === 'success';
    let answer: ProbeAnswer | null = null;
    const view = {
      whose: () => `${pod.uid}/${spec.name}`,
      phase: phaseOf(pod),
      containerId: state.id,
      running: state.process !== null,
      terminated: state.ended !== null,
      started: wasStarted,
      runningForMs: nowMs - state.startedMs,
      deleting: object.metadata.deletionTimestamp !== undefined,
      restartable: object.spec.restartPolicy !== 'Never' || isSidecar(spec),
      outcome: () => {
        answer = askProbe(this.#world, this.#runtime, instance, type, probe);
        return answer.success ? ('success' as const) : ('failure' as const);
      },
    };
    const goesOn = tickProbe(worker, type, probe, view, nowMs);
    const given = answer as ProbeAnswer | null;
    if (given?.success === false)
      this.#world.containerEvent(pod, spec.name, 'Warning', 'Unhealthy', `${TITLES[type]} probe failed: ${given.message}`);
    if (worker.life.value === 'held' && worker.result === 'failure' && type !== 'readiness')
      this.#effects.failed(instance, probe.terminationGracePeriodSeconds, type);
    if (goesOn) this.#arm(instance, type, probe, worker);
    const changed = type === 'readiness' ? (resultOf(state, type) === 'success') !== wasReady : isStarted(spec, state) !== wasStarted;
    if (changed) this.#effects.resultChanged(pod);
  }

  #arm(instance: Instance, type: ProbeType, probe: Probe, worker: ProbeState, anyway = false): void {
    if (worker.timer !== 0 || !this.#matters(instance, type, worker, anyway)) return;
    const { pod, spec, state } = instance;
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    const { nowMs } = this.#world;
    const ticking = this.#world.state.probeTicking;
    const earliestMs = ticking ? nowMs : Math.max(nowMs, state.startedMs + (probe.initialDelaySeconds ?? 0) * 1000 - 1);
    const dueMs = worker.anchorMs + (Math.floor((earliestMs - worker.anchorMs) / periodMs) + 1) * periodMs;
    const arc = type === 'startup' ? this.#world.countdown(pod, 'startup-probe') : undefined;
    worker.timer = this.#world.after(dueMs - nowMs, PROBE_TIMER + type, containerKey(pod, spec.name), arc);
  }

  /** Can the next period change anything? */
  #matters({ spec, state }: Instance, type: ProbeType, worker: ProbeState, anyway: boolean): boolean {
    const { value } = worker.life;
    if (state.process === null || value === 'ended') return false;
    if (value === 'held' && worker.containerId === state.id) return false;
    if (this.#world.state.probeTicking) return true;
    if (isStarted(spec, state) === (type === 'startup')) return false;
    return anyway || value !== 'passing' || worker.result !== 'success' || worker.containerId !== state.id;
  }

  #inDelay({ state }: Instance, probe: Probe): boolean {
    return Math.floor((this.#world.nowMs - state.startedMs) / 1000) < (probe.initialDelaySeconds ?? 0);
  }
}

export function probeOf(spec: Container, type: ProbeType): Probe | undefined {
  return type === 'liveness' ? spec.livenessProbe : type === 'readiness' ? spec.readinessProbe : spec.startupProbe;
}

/** The stored result for the container that runs now; null: none. */
export function resultOf(state: ContainerState, type: ProbeType): ProbeResult | null {
  const worker = state.probes?.[type];
  return worker === undefined || worker.containerId !== state.id ? null : worker.result;
}

export function isStarted(spec: Container, state: ContainerState): boolean {
  if (state.process === null) return false;
  if (spec.startupProbe === undefined) return true;
  return readyAndStarted({
    kind: 'main',
    state: { running: {} },
    hasReadiness: false,
    hasStartup: true,
    readiness: null,
    startup: resultOf(state, 'startup'),
  }).started;
}

function hasProbes(spec: Container): boolean {
  return spec.readinessProbe !== undefined || spec.livenessProbe !== undefined || spec.startupProbe !== undefined;
}

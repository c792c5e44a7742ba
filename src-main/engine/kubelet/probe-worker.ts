// One prober: counts outcomes against thresholds and stores a result, by the probe chart; quiet or ticked, every period goes through here.
import { interpret, type Life, type LifeHost } from '../statecharts/interpreter.ts';
import { probeChart } from '../statecharts/probe.chart.ts';
import type { ProbeResult } from './container-rules.ts';
import type { Probe, ProbeType } from './pod-types.ts';

/** A prober's memory: JSON. */
export interface ProbeWorker {
  readonly life: Life;
  /** '' before the first container was seen. */
  containerId: string;
  /** The stored result; null: nothing is stored. */
  result: ProbeResult | null;
  /** The outcome that was met `run` times in a row. */
  last: 'success' | 'failure' | null;
  run: number;
}

/** The world as one tick sees it. */
export interface ProbeView {
  /** Names pod and container. */
  whose(): string;
  /** null: no status of the pod is known yet. */
  readonly phase: string | null;
  /** Newest container's id; '' while there is none. */
  readonly containerId: string;
  readonly running: boolean;
  readonly terminated: boolean;
  readonly started: boolean;
  readonly runningForMs: number;
  readonly deleting: boolean;
  /** Will a terminated container be started again? */
  readonly restartable: boolean;
  /** Runs the probe; null: no answer either way (an error of the prober itself). Called at most once. */
  outcome(): 'success' | 'failure' | null;
}

export function newProbeWorker(): ProbeWorker {
  return { life: { value: 'waiting', sinceMs: 0, timers: {} }, containerId: '', result: null, last: null, run: 0 };
}

/** Result of a container that no probe of this type has judged. upstream: pkg/kubelet/prober/worker.go newWorker */
export function initialResult(type: ProbeType): ProbeResult {
  return type === 'liveness' ? 'success' : type === 'readiness' ? 'failure' : 'unknown';
}

/** One period. False: the prober's life is over. */
export function tickProbe(worker: ProbeWorker, type: ProbeType, probe: Probe, view: ProbeView, nowMs: number): boolean {
  interpret(probeChart, worker.life, 'tick', new Tick(worker, type, probe, view, nowMs));
  return worker.life.value !== 'ended';
}

class Tick implements LifeHost {
  readonly nowMs: number;
  readonly #worker: ProbeWorker;
  readonly #type: ProbeType;
  readonly #probe: Probe;
  readonly #view: ProbeView;
  #outcome: 'success' | 'failure' | null | undefined;

  constructor(worker: ProbeWorker, type: ProbeType, probe: Probe, view: ProbeView, nowMs: number) {
    this.#worker = worker;
    this.#type = type;
    this.#probe = probe;
    this.#view = view;
    this.nowMs = nowMs;
  }

  whose(): string {
    return `${this.#view.whose()}/${this.#type}`;
  }

  guard(name: string): boolean {
    const view = this.#view;
    switch (name) {
      case 'podUnknown':
        return view.phase === null;
      case 'podFinished':
        return view.phase === 'Failed' || view.phase === 'Succeeded';
      case 'containerUnknown':
        return view.containerId === '';
      case 'containerReplaced':
        return view.containerId !== this.#worker.containerId;
      case 'containerGoneForGood':
        return !view.running && view.terminated && !view.restartable;
      case 'containerDown':
        return !view.running;
      case 'stopsGracefully':
        return view.deleting && this.#type !== 'readiness';
      case 'inInitialDelay':
        return Math.floor(view.runningForMs / 1000) < (this.#probe.initialDelaySeconds ?? 0);
      case 'gated':
        return view.started === (this.#type === 'startup');
      case 'answered':
        return this.#ask() !== null;
      case 'succeeds':
        return this.#ask() === 'success';
      case 'reachesThreshold':
        return this.#count() >= this.#threshold();
      default:
        return this.#type !== 'readiness';
    }
  }

  action(name: string): void {
    const worker = this.#worker;
    switch (name) {
      case 'adoptContainer':
        worker.containerId = this.#view.containerId;
        worker.result = initialResult(this.#type);
        break;
      case 'count':
        worker.run = this.#count();
        worker.last = this.#ask();
        break;
      case 'clearCount':
        worker.run = 0;
        break;
      case 'storeSuccess':
        worker.result = 'success';
        break;
      case 'storeFailure':
        worker.result = 'failure';
        break;
    }
  }

  delayMs(): number {
    return 0;
  }

  after(): number {
    return 0;
  }

  cancel(): void {}

  #ask(): 'success' | 'failure' | null {
    if (this.#outcome === undefined) this.#outcome = this.#view.outcome();
    return this.#outcome;
  }

  #count(): number {
    return this.#worker.last === this.#ask() ? this.#worker.run + 1 : 1;
  }

  #threshold(): number {
    return this.#ask() === 'success' ? (this.#probe.successThreshold ?? 1) : (this.#probe.failureThreshold ?? 3);
  }
}

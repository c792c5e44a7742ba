// What all kubelets and the container runtimes under them remember: plain JSON, small for each pod.

import type { Pod } from '../kinds/core/pod.ts';
import type { Process } from '../runtime/process.ts';
import type { Life } from '../statecharts/interpreter.ts';
import type { PressureState } from './evictions.ts';
import type { ImageGarbageState } from './image-garbage.ts';
import type { ResizeState } from './pod-resize.ts';
import type { ProbeType } from './pod-types.ts';
import type { ProbeWorker } from './probe-worker.ts';

export interface KubeletState {
  /** Run every probe on every period instead of only when its outcome can change: the same history, slower. */
  readonly probeTicking: boolean;
  /** Renew every lease on every beat instead of only telling the rhythm: the same history, slower. */
  readonly heartbeatTicking?: boolean;
  /** By node; kept by heartbeat.ts. */
  beats?: Record<string, BeatState>;
  /** By node; kept by evictions.ts. */
  pressures?: Record<string, PressureState>;
  nodes: Record<string, NodeState>;
  /** By uid. */
  pods: Record<string, PodState>;
  /** Pods whose volumes are not ready, in the order they began to wait. */
  waiting: string[];
}

/** One node's beats: JSON, part of the kubelet's memory. */
export interface BeatState {
  firstMs: number;
  periodMs: number;
  timer: number;
  /** Beats since the status was posted; -1: it must be posted at the next one. */
  sinceStatus: number;
}

/** Path to content. */
export type Files = Record<string, string>;

/** What no file's name can end with: with it at its end, the name of a file leads to the file's mode. */
export const MODE_MARK = '\0';

export interface NodeState {
  /** Does the kubelet process work? Follows the physical facts by its own boot time. */
  running: boolean;
  /** Power-on this state belongs to. */
  bootedAtMs: number;
  starting: number;
  /** Image reference in full to bytes. */
  images: Record<string, number>;
  /** When each of them came, as far as the kubelet that runs has seen it. */
  pulledMs?: Record<string, number>;
  /** Kept by image-garbage.ts; absent while the disk has room. */
  garbage?: ImageGarbageState;
  pulls: Pull[];
  pullTimer: number;
  /** Pods by the host number of their address. */
  addresses: Record<string, string>;
  lastAddress: number;
  /** Pods whose containers changed since the last relist. */
  changed: string[];
  relist: number;
  statusTimer: number;
  /** Pods whose status could not be sent. */
  unsent: string[];
  /** What the API server was told last; not there when it could not be told. */
  volumesInUse?: readonly string[];
  files: Files;
  /** The machine is to shut down, and waits for its pods. */
  shutdown?: ShutdownState;
}

/** Kept by node-shutdown.ts. */
export interface ShutdownState {
  /** Critical pods are stopped after the others. */
  critical: boolean;
  timer: number;
}

export interface Pull {
  readonly uid: string;
  readonly container: string;
  readonly image: string;
  readonly queuedMs: number;
  startedMs: number;
  error: string;
}

export interface PodState {
  readonly key: string;
  readonly uid: string;
  readonly node: string;
  life: Life;
  readonly seenMs: number;
  readonly startTime: string;
  sandbox: string;
  ip: string;
  containers: Record<string, ContainerState>;
  /** emptyDir volumes. */
  files: Record<string, Files> | null;
  /** The object, when the API server no longer has it. */
  orphan: Pod | null;
  /** Kept for good once the pod was refused or its time was over. */
  verdict: PodVerdict | null;
  /** In place of its own, when its node ends it. */
  graceMs?: number;
  deadline: number;
  /** Tries of a volume that failed, and the timer of the next one. */
  volumeTries: number;
  volumeRetry: number;
  /** Timer of the next look at a pod whose containers wait; absent while none does. */
  resync?: number;
  /** Revision of the newest status that it told, or found told; absent before the first one of a running kubelet. */
  told?: number;
  /** Kept by pod-resize.ts; absent while the pod has what it wants. */
  resize?: ResizeState;
}

/** Why the kubelet ended a pod; told when its containers have stopped. */
export interface PodVerdict {
  readonly reason: string;
  readonly message: string;
  /** The node's doing, not the pod's: its DisruptionTarget condition says so. */
  readonly disrupted?: true;
}

export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly containerID: string;
}

/** One line of a container's output, without its end. */
export interface LogLine {
  /** Virtual milliseconds. */
  readonly atMs: number;
  readonly text: string;
}

/** A wait that doubles. */
export interface BackOff {
  readonly waitMs: number;
  readonly sinceMs: number;
}

export interface ContainerState {
  life: Life;
  /** '' until it was created the first time. */
  id: string;
  restarts: number;
  startedAt: string;
  startedMs: number;
  finishedMs: number;
  /** How its newest run ended; null while it runs. */
  ended: Ended | null;
  /** How the run before ended. */
  previous: Ended | null;
  process: Process | null;
  /** When the process answered that its machine lost its power under: whoever measured it remembers it. Absent while it runs. */
  lostUpMs?: number;
  wake: number;
  files: Files | null;
  /** What config maps and secrets said of its environment when it was started; absent where it asks none. */
  environment?: Readonly<Record<string, string>>;
  /** The image of its newest run, where its pod has been told another one since. */
  madeOf?: string;
  /** What this run has written, and the run before it; absent while there is nothing. */
  log?: readonly LogLine[];
  previousLog?: readonly LogLine[];
  /** Lines that this run has written in all. */
  logged?: number;
  crash: BackOff | null;
  image: BackOff | null;
  /** Why it waits, in words. */
  trouble: string;
  /** Its postStart hook failed, in words: the run is ended for it. Absent when it went well. */
  hookFault?: string;
  /** Timer of the end of its hook; absent while none runs. */
  hook?: number;
  stopGraceMs: number;
  stopMs: number;
  /** A probe failed, or it is to run with another image or other resources, and one look at the pod stops it and starts it anew; when the run before this one ended, null if there was none. */
  replacing?: { readonly beforeMs: number | null };
  probes: Partial<Record<ProbeType, ProbeState>> | null;
}

export interface ProbeState extends ProbeWorker {
  anchorMs: number;
  timer: number;
}

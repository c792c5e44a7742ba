// The resource metrics of the cluster as components and clients read them (metrics.k8s.io), and what a kubelet gives to make them.
import type { Node } from '../core/node.ts';
import type { Pod } from '../core/pod.ts';

/** What a container of a pod used. */
export interface ContainerUse {
  readonly name: string;
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export interface PodUse {
  /** Virtual milliseconds of the measurement. */
  readonly atMs: number;
  readonly windowMs: number;
  readonly containers: readonly ContainerUse[];
  /** Since when every measurement has found the same; infinite while it changes by itself. */
  readonly steadyFromMs: number;
}

export interface NodeUse {
  readonly atMs: number;
  readonly windowMs: number;
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

/** null: nothing has been measured. */
export interface ResourceMetrics {
  ofPod(pod: Pod): PodUse | null;
  ofNode(node: Node): NodeUse | null;
}

/** A run of a container's process, in closed form. */
export interface ContainerRun {
  readonly name: string;
  readonly startedMs: number;
  /** Since when its use has been the same; infinite while it grows. */
  readonly steadyFromMs: number;
  readonly cpuMillisBetween: (fromMs: number, toMs: number) => number;
  readonly cpuMillisAt: (atMs: number) => number;
  readonly memoryBytesAt: (atMs: number) => number;
}

export interface PodRun {
  readonly uid: string;
  readonly containers: readonly ContainerRun[];
}

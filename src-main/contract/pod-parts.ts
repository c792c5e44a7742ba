// What is inside a pod, for whoever looks at it from near: its containers and how their probes are.

export type ProbeType = 'startup' | 'liveness' | 'readiness';

export interface ProbePart {
  readonly type: ProbeType;
  /** `over`: it asks no more, as a startup probe that has succeeded. */
  readonly state: 'waiting' | 'passing' | 'failing' | 'over';
}

export interface ContainerPart {
  readonly name: string;
  readonly isInit: boolean;
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed';
  /** Why it waits or has ended, in Kubernetes' word; ''. */
  readonly reason: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Those that it has, in the order startup, liveness, readiness. */
  readonly probes: readonly ProbePart[];
}

export interface PodParts {
  readonly key: string;
  readonly containers: readonly ContainerPart[];
}

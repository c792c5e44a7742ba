// How the API server reaches into containers: through the kubelet of the pod's node, which may not answer.
import type { Pod } from '../../kinds/core/pod.ts';

export interface LogLine {
  /** Virtual milliseconds since the world's start. */
  readonly atMs: number;
  readonly text: string;
}

/** What one run of a container has written: its newest lines, and how many there were in all. */
export interface ContainerLog {
  /** Tells runs apart. */
  readonly run: string;
  readonly lines: readonly LogLine[];
  readonly total: number;
  readonly running: boolean;
}

/** What a shell that somebody types into keeps from one line to the next. */
export interface ShellMemory {
  readonly directory?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface CommandResult {
  readonly status: number;
  readonly output: string;
  readonly complaints: string;
  readonly memory?: ShellMemory;
}

export interface ContainerAccess {
  /** undefined when the pod's kubelet answers, else why it cannot be reached. */
  readonly unreachable: (pod: Pod) => string | undefined;
  /** null: there was no such run. */
  readonly logOf: (uid: string, container: string, previous: boolean) => ContainerLog | null;
  /** null: the container does not run. */
  readonly execute: (
    uid: string,
    container: string,
    command: readonly string[],
    input: string,
    memory?: ShellMemory,
  ) => CommandResult | null;
  /** Ends a container that waits for somebody at its terminal, or for its input; what it wrote until then goes to its log. False: it does not run. */
  readonly leave: (uid: string, container: string, status: number, written: string) => boolean;
  /** What listens on a port of the pod is sent something, and answers; null: nothing listens. */
  readonly converse: (uid: string, port: number, input: string) => string | null;
  /** Unix milliseconds of the world's start. */
  readonly epochMs: number;
}

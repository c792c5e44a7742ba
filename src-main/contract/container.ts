// What a window shows of the inside of a container: what it has written, and the files it sees.

export interface ContainerLook {
  readonly log: readonly ContainerLine[];
  /** Why there is no log, as `kubectl logs` says it; ''. */
  readonly trouble: string;
  readonly files: readonly ContainerFile[];
}

export interface ContainerLine {
  readonly atMs: number;
  readonly text: string;
}

export interface ContainerFile {
  readonly path: string;
  readonly content: string;
  /** So many bytes of it are zero and not in `content`; absent: none. */
  readonly zeros?: number;
  /** Name of the volume it lies on; '' for the container's own layer. */
  readonly volume: string;
}

// What the window shows of the kubectl door, and what it can ask of it.

export interface DoorRecord {
  readonly on: boolean;
  /** Why it is not open though it should be; ''. */
  readonly trouble: string;
  /** `https://127.0.0.1:16443`; '' while it is closed. */
  readonly address: string;
  /** The file that lets kubectl in. */
  readonly kubeconfig: string;
  /** What a person types into a shell. */
  readonly command: string;
  readonly canOpenTerminal: boolean;
  /** Who came, newest first. */
  readonly runs: readonly ClientRun[];
}

/** One run of a client, with what it asked for. */
export interface ClientRun {
  readonly id: number;
  /** Virtual milliseconds since the world's start, of its first request. */
  readonly atMs: number;
  /** `kubectl get`, or the name of another client. */
  readonly command: string;
  readonly user: string;
  readonly requests: readonly ClientRequest[];
  /** Older requests of the same run that are no longer told. */
  readonly more: number;
}

export interface ClientRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly code: number;
  /** The object it is about, if it names one. */
  readonly about?: { readonly kind: string; readonly key: string };
}

// The table of one kind's objects, as kubectl shows them: its columns once, then the rows that changed, at most once a frame.

/** A kind that can be shown as a table. */
export interface KindCount {
  /** `Pod`, `Deployment.apps`. */
  readonly kind: string;
  readonly namespaced: boolean;
  readonly simulated: boolean;
  readonly count: number;
}

export interface ObjectColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** Shown with `-o wide` only. */
  readonly wide: boolean;
}

export interface ObjectRow {
  /** `namespace/name`, or `name`. */
  readonly key: string;
  readonly id: string;
  /** Milliseconds since the scenario's start: what ages are sorted by. */
  readonly createdMs: number;
  readonly deleting: boolean;
  /** One for each column. */
  readonly cells: readonly (string | number | boolean)[];
}

export interface ObjectTableDelta {
  readonly kind: string;
  /** Set when the table begins: forget all rows first. */
  readonly columns?: readonly ObjectColumn[];
  readonly put: readonly ObjectRow[];
  /** Keys. */
  readonly remove: readonly string[];
  /** False while more rows are on their way in the next frames. */
  readonly complete: boolean;
  /** Set when a count has changed. */
  readonly kinds?: readonly KindCount[];
}

// The statechart of a life, as the window draws it.
/** A life's chart as the engine runs it. */
export interface ChartRecord {
  readonly id: string;
  /** The outermost states live side by side. */
  readonly parallel: boolean;
  readonly states: readonly ChartStateRecord[];
  /** Moves that start anywhere. */
  readonly moves: readonly ChartMoveRecord[];
  readonly ways: readonly ChartWayRecord[];
}
export interface ChartStateRecord {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** Path of the state inside that an arrival enters; ''. */
  readonly initial: string;
  /** Left in the same step as it is entered. */
  readonly passing: boolean;
  readonly states: readonly ChartStateRecord[];
  readonly moves: readonly ChartMoveRecord[];
  /** The same moves one by one, in the order in which they are tried. */
  readonly ways: readonly ChartWayRecord[];
}
export interface ChartWayRecord {
  /** Name of the event or delay; '' for a choice that is made at once. */
  readonly on: string;
  readonly isDelay: boolean;
  /** Name of the guard that must agree; ''. */
  readonly guard: string;
  /** Path of the target as the chart names it; '' where it stays. */
  readonly to: string;
}
export interface ChartMoveRecord {
  /** Name of an event or of a delay. */
  readonly on: string;
  readonly isDelay: boolean;
  /** Paths of the states where it may come to rest. */
  readonly to: readonly string[];
}

// What a lab is and can do: all that a window knows of it beside its records.
import type { ChartRecord } from './chart.ts';

/** A failure that can be applied, as the palette lists it. */
export interface FailureKind {
  readonly name: string;
  readonly target: 'node' | 'zone' | 'disk' | 'container' | 'registry' | 'component';
}

export interface LabInfo {
  readonly version: string;
  readonly kubernetes: string;
  readonly seed: number;
  readonly scenario: string;
  /** It goes on where a lab that did not end properly stopped, and stands still until somebody lets it run. */
  readonly recovered: boolean;
  /** It is saved as it goes on, so that the next start finds it where it was. */
  readonly kept: boolean;
  readonly failures: readonly FailureKind[];
  /** Names of those that a lab can begin with. */
  readonly scenarios: readonly string[];
  readonly charts: readonly ChartRecord[];
}

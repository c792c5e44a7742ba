// What nodes and pods use, as the metrics server last measured it: computed when a window asks, and only for what it names.

import type { ContainerAmounts } from './object-action.ts';

/** null: nothing has been measured. */
export interface UsageRecord {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/** What a pod asks for, and what it may use; null: nothing, or without a limit. */
export interface PodResources {
  readonly requests: { readonly cpuMillis: number | null; readonly memoryBytes: number | null };
  readonly limits: { readonly cpuMillis: number | null; readonly memoryBytes: number | null };
  /** Those that can be resized while they run. */
  readonly containers: readonly ContainerAmounts[];
}

export interface UsageReport {
  readonly nodes: Readonly<Record<string, UsageRecord | null>>;
  /** By `namespace/name`. */
  readonly pods: Readonly<Record<string, UsageRecord | null>>;
}

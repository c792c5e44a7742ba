// What happened, as the timeline tells it: one step for each thing that a person would want to know of, with when, why and to what.
import type { WhySetting } from './why.ts';

export type StepLane = 'actions' | 'events' | 'nodes' | 'pods' | 'storage' | 'workloads' | 'services';
export type StepTone = 'good' | 'plain' | 'bad';

export interface StepRecord {
  readonly id: number;
  readonly atMs: number;
  /** After `atMs` only where steps of long ago were merged. */
  readonly untilMs: number;
  readonly lane: StepLane;
  readonly tone: StepTone;
  /** Message key `step.<what>`, and the rule with that name. */
  readonly what: string;
  /** Kind key and key of what it happened to; '' where it has no object. */
  readonly kind: string;
  readonly key: string;
  /** Fill the message. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Who did it, and which entry of the queue made it act; 'command' when a person did. */
  readonly actor: string;
  readonly trigger: string;
  /** More than 1: so many steps of its kind were merged. */
  readonly count: number;
}

/** How many endpoints of a Service were ready, from each moment on. */
export interface AvailabilityRecord {
  /** `namespace/name` of the Service. */
  readonly key: string;
  readonly points: readonly AvailabilityPoint[];
}
export type AvailabilityPoint = readonly [atMs: number, ready: number, all: number];

/** How far somebody has read; all 0 before the beginning. */
export interface TimelinePlace {
  /** Changes when everything that was read before is void: another world, or old steps were merged. */
  readonly edition: number;
  readonly nextId: number;
  readonly nextPoint: number;
}

/** What a reader has missed, and the place after it. */
export interface TimelineNews extends TimelinePlace {
  /** There is more to read at once. */
  readonly more: boolean;
  readonly steps: readonly StepRecord[];
  /** Those that changed, with all their points. */
  readonly services: readonly AvailabilityRecord[];
}

/** The rule behind a step: the numbers in it, and the page that explains it. */
export interface RuleRecord {
  readonly settings: readonly WhySetting[];
  /** Path below https://kubernetes.io/ */
  readonly page: string;
}

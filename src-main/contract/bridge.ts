// The one narrow contract between the main process and the window: named requests with typed parameters and results, and pushed frames; only text crosses.

import type { ContainerLook } from './container.ts';
import type { ActionResult, Consequence, DrainPlan, ObjectAction, ObjectName } from './object-action.ts';
import type { PodMove, PodPlacement, VolumeLook, VolumePlacement } from './placement.ts';
import type { PodParts } from './pod-parts.ts';
import type { RuleRecord, TimelineNews, TimelinePlace } from './timeline.ts';
import type { PodResources, UsageReport } from './usage.ts';
import type { Frame, GroupRecord } from './view.ts';
import type { WhyAnswer, WhyLine } from './why.ts';
import type { FieldTable, YamlEdit, YamlReport } from './yaml.ts';

/** One document of a manifest and what became of it. */
export interface ApplyResult {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly outcome: 'created' | 'configured' | 'unchanged' | 'refused';
  /** The Status message when refused. */
  readonly message: string;
  readonly warnings: readonly string[];
}

/** A fault in the text of a file. Nothing was applied. */
export interface ParseFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ApplyReport {
  readonly faults: readonly ParseFault[];
  readonly results: readonly ApplyResult[];
}

/** What the inspector shows of one object. */
export interface ObjectDetail {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly simulated: boolean;
  /** How it is, in a sentence or two; message keys `why.headline.<says>`. */
  readonly headline: readonly WhyLine[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Label and value pairs, as kubectl's columns have them; labels are message keys `inspector.field.<label>`. */
  readonly summary: readonly { readonly label: string; readonly value: string }[];
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly sinceMs: number;
  }[];
  readonly events: readonly {
    readonly type: string;
    readonly reason: string;
    readonly message: string;
    readonly count: number;
    readonly lastMs: number;
    readonly source: string;
  }[];
  /** Of a pod: names of its containers, init containers first. */
  readonly containers: readonly string[];
  /** Objects it stands in relation to, both ways. */
  readonly related: readonly { readonly relation: string; readonly kind: string; readonly key: string }[];
  readonly lives: readonly LifeRecord[];
  /** Why it is not as somebody wants it; empty when all is well. */
  readonly why: readonly WhyAnswer[];
  readonly yaml: string;
  /** Of a pod: what it asks for and what it may use. */
  readonly resources: PodResources | null;
}

/** Where one life of an object is. */
export interface LifeRecord {
  /** Id of its chart. */
  readonly chart: string;
  readonly title: string;
  /** Paths of the active leaves: `running.up`, or `phase.Bound|protection.protected` where regions live side by side. */
  readonly state: string;
  /** Null where nothing tells. */
  readonly sinceMs: number | null;
  /** Delays that run. */
  readonly waits: readonly { readonly name: string; readonly fromMs: number; readonly dueMs: number }[];
  /** What is known of its way here, oldest first; the last of them may be one that guards refused. */
  readonly steps: readonly LifeStepRecord[];
}

/** One step of a life: what happened, what the guards said, and where it led. */
export interface LifeStepRecord {
  readonly atMs: number;
  /** States as in `LifeRecord.state`; equal where the life stayed. */
  readonly from: string;
  readonly to: string;
  /** Name of the event or delay; '' where only the result is known. */
  readonly on: string;
  /** How the guards that were asked answered, in order. */
  readonly guards: readonly { readonly name: string; readonly said: boolean }[];
  /** What the object itself says of it: a condition's reason and message; ''. */
  readonly cause: string;
}

/** What a fork of the lab, run ahead with the failure applied, found. Times are milliseconds after the failure. */
export interface Prediction {
  readonly horizonMs: number;
  readonly steps: readonly PredictionStep[];
}
export interface PredictionStep {
  readonly afterMs: number;
  /** Message key `prediction.<what>`; `values` fill it. */
  readonly what:
    | 'node-unknown'
    | 'endpoints-drop'
    | 'pods-deleted'
    | 'pods-created'
    | 'pods-replaced'
    | 'pods-ready-again'
    | 'pods-failed'
    | 'pods-unready'
    | 'pods-restart'
    | 'pods-recover'
    | 'pods-ready'
    | 'pods-stay'
    | 'pods-stuck'
    | 'pods-leaving'
    | 'pods-refused'
    | 'pods-unscheduled'
    | 'volume-stuck'
    | 'nothing';
  readonly values: Readonly<Record<string, string | number>>;
  /** When the same comes without the failure; absent where it comes only with it. */
  readonly otherwiseMs?: number;
  /** It comes only without the failure. */
  readonly isMissing?: boolean;
}

/** How many machines of a zone there may be, and of what size. */
export type NodeGroupWish = Omit<GroupRecord, 'id' | 'machines'>;

/** Every request the window can make: name -> [parameters, result]. A refusal is an error with a message for a person. */
export interface Requests {
  'lab.new': [params: { readonly scenario: string; readonly seed?: number }, result: Record<never, never>];
  'clock.play': [params: Record<never, never>, result: Record<never, never>];
  'clock.pause': [params: Record<never, never>, result: Record<never, never>];
  'clock.speed': [params: { readonly speed: number | 'max' }, result: Record<never, never>];
  /** Runs one entry of the queue. */
  'clock.step': [params: Record<never, never>, result: Record<never, never>];
  /** Runs to the next change that shows on screen, or an hour when nothing that shows changes in it: then `found` is false. */
  'clock.next': [params: Record<never, never>, result: { readonly found: boolean }];
  'failure.apply': [params: { readonly failure: string; readonly target: string }, result: { readonly id: string }];
  'failure.heal': [params: { readonly id: string }, result: Record<never, never>];
  /** `others` are struck at the same moment. */
  'failure.predict': [
    params: { readonly failure: string; readonly target: string; readonly others?: readonly string[] },
    result: Prediction,
  ];
  /** What the scheduler's filters say of every node about this pod. */
  'pod.placement': [params: { readonly key: string }, result: PodPlacement];
  /** Evicts the pod and makes one like it that asks for the node by name. */
  'pod.move': [params: { readonly key: string; readonly node: string }, result: PodMove];
  /** Takes a move back: evicts the pod that was put on a node, and makes the one that was moved as its manifest says; '' where its controller does. */
  'pod.moveBack': [params: { readonly key: string; readonly manifest: string }, result: PodMove];
  /** What is inside pods that are seen from near. */
  'pods.parts': [params: { readonly keys: readonly string[] }, result: readonly PodParts[]];
  'volume.placement': [params: { readonly name: string }, result: VolumePlacement];
  /** Its files, and the history of who had it. */
  'volume.look': [params: { readonly name: string }, result: VolumeLook];
  /** Requests a second that come to a Service (`namespace/name`) from outside; 0 ends it. */
  'load.set': [params: { readonly service: string; readonly requestsPerSecond: number }, result: Record<never, never>];
  /** Lets the cluster autoscaler have more or fewer machines of a zone; null takes the group away, its machines stay. */
  'group.set': [params: { readonly name: string; readonly group: NodeGroupWish | null }, result: Record<never, never>];
  /** What the named nodes and pods use; what is not named costs nothing. */
  'usage.read': [params: { readonly nodes: readonly string[]; readonly pods: readonly string[] }, result: UsageReport];
  'object.get': [params: { readonly kind: string; readonly key: string }, result: ObjectDetail];
  /** Logs and files of one container. */
  'container.look': [params: { readonly key: string; readonly container: string; readonly previous: boolean }, result: ContainerLook];
  'yaml.fields': [params: { readonly kind: string; readonly key: string }, result: FieldTable];
  /** Would the change do? Nothing is kept. */
  'yaml.check': [params: YamlEdit, result: YamlReport];
  'yaml.apply': [params: YamlEdit, result: YamlReport];
  /** Does one thing to several objects; each answers for itself. */
  'object.act': [params: { readonly action: ObjectAction; readonly names: readonly ObjectName[] }, result: readonly ActionResult[]];
  /** What a deletion would do beyond the objects themselves. */
  'object.weigh': [
    params: { readonly action: Extract<ObjectAction, { do: 'delete' }>; readonly names: readonly ObjectName[] },
    result: readonly Consequence[],
  ];
  'drain.plan': [
    params: { readonly nodes: readonly string[]; readonly deleteEmptyDirData: boolean; readonly force: boolean },
    result: DrainPlan,
  ];
  /** Shows the objects of a kind as a table: its rows come with the frames until it is closed or another is opened. */
  'table.open': [params: { readonly kind: string }, result: Record<never, never>];
  /** The rows that are on screen, so that their ages go on. */
  'table.look': [params: { readonly keys: readonly string[] }, result: Record<never, never>];
  'table.close': [params: Record<never, never>, result: Record<never, never>];
  'manifest.apply': [params: { readonly files: readonly { readonly name: string; readonly text: string }[] }, result: ApplyReport];
  /** What has happened since a place in the timeline was read. */
  'timeline.read': [params: TimelinePlace, result: TimelineNews];
  /** The rules behind the steps, by the name of the step. */
  'timeline.rules': [params: Record<never, never>, result: Readonly<Record<string, RuleRecord>>];
  /** Shows this window the world as it was; nothing can be done to it there. Time stands still until `past.leave`. */
  'past.show': [params: { readonly atMs: number }, result: Record<never, never>];
  /** So many steps of the timeline before (less than 0) or after the moment that is shown. */
  'past.step': [params: { readonly by: number }, result: Record<never, never>];
  /** Back to the present, which goes on as it did. */
  'past.leave': [params: Record<never, never>, result: Record<never, never>];
  /** The snapshot file (gzip) in base64. */
  'snapshot.export': [params: Record<never, never>, result: { readonly name: string; readonly base64: string }];
  'snapshot.open': [params: { readonly name: string; readonly base64: string }, result: Record<never, never>];
}
export type RequestName = keyof Requests;
export type Params<K extends RequestName> = Requests[K][0];
export type Result<K extends RequestName> = Requests[K][1];
export type Handlers = { [K in RequestName]: (params: Params<K>) => Result<K> | Promise<Result<K>> };

/** What the preload exposes as `window.lab`, and what the browser host makes out of a WebSocket. Text only. */
export interface Pipe {
  readonly host: 'electron' | 'browser';
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
}

export interface ToMain {
  readonly id: number;
  readonly method: RequestName;
  readonly params: unknown;
}
export type ToWindow =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string }
  | { readonly frame: Frame }
  /** A menu item of the desktop shell was chosen, or a snapshot was given to the program (`host.givenFiles`): the window acts. */
  | { readonly menu: 'open-manifest' | 'open-snapshot' | 'save-snapshot' | 'open-given' };

export const CHANNEL = 'lab';
/** The WebSocket's close code when the lab ends on purpose (RFC 6455: going away). */
export const LAB_ENDED = 1001;
/** Longest text either side accepts: a snapshot of a large cluster fits. */
export const MAX_MESSAGE = 256 * 1024 * 1024;

// What the window draws: small flat records, kept up to date by deltas. The main process decides every state; the window only shows it.
import type { LabInfo } from './lab-info.ts';
import type { ObjectTableDelta } from './object-table.ts';

/** A pod's one visible state. Decided by the main process from the pod's API object alone. */
export type PodLook = 'unscheduled' | 'creating' | 'not-ready' | 'ready' | 'back-off' | 'failed' | 'succeeded' | 'terminating' | 'unknown';

export interface NodeRecord {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly controlPlane: boolean;
  readonly ready: 'True' | 'False' | 'Unknown';
  /** Since when it is so; null: nobody has said. */
  readonly readySinceMs: number | null;
  /** kubectl's STATUS column. */
  readonly status: string;
  readonly cordoned: boolean;
  /** `key=value:Effect` each. */
  readonly taints: readonly string[];
  readonly pressures: readonly ('memory' | 'disk' | 'pid')[];
  readonly allocatable: { readonly cpuMillis: number; readonly memoryBytes: number; readonly pods: number };
  readonly requested: { readonly cpuMillis: number; readonly memoryBytes: number; readonly pods: number };
  /** Physical facts, which the API does not know: for the trays. */
  readonly powered: boolean;
  readonly kubeletRunning: boolean;
  readonly linkCut: boolean;
}

export interface PodRecord {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** '' while unscheduled. */
  readonly node: string;
  readonly look: PodLook;
  /** kubectl's STATUS column: `Running`, `CrashLoopBackOff`, `Init:0/1`... */
  readonly status: string;
  readonly readyContainers: number;
  readonly containers: number;
  readonly restarts: number;
  /** The top-most owner: kind and name, or null. */
  readonly workload: { readonly kind: string; readonly name: string } | null;
  /** Keys (`namespace/name`) of the claims it mounts. */
  readonly claims: readonly string[];
  /** Why it waits, in one line (the scheduler's or kubelet's last message); '' when it does not. */
  readonly waiting: string;
  readonly createdMs: number;
}

export interface ClassRecord {
  readonly id: string;
  readonly name: string;
  readonly provisioner: string;
  readonly reclaimPolicy: string;
  readonly bindingMode: string;
  readonly isDefault: boolean;
}

export interface VolumeRecord {
  readonly id: string;
  readonly name: string;
  readonly phase: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
  readonly capacity: string;
  readonly accessModes: readonly string[];
  readonly reclaimPolicy: string;
  readonly storageClass: string;
  /** `namespace/name` of the claim it is bound to or reserved for; ''. */
  readonly claim: string;
  /** '' when every zone reaches it. */
  readonly zone: string;
  readonly terminating: boolean;
  readonly diskLost: boolean;
}

export interface ClaimRecord {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase: 'Pending' | 'Bound' | 'Lost';
  readonly requested: string;
  readonly storageClass: string;
  readonly volume: string;
  readonly accessModes: readonly string[];
  readonly terminating: boolean;
  readonly waiting: string;
}

/** A rope between a volume and a node. */
export interface AttachmentRecord {
  readonly id: string;
  readonly volume: string;
  readonly node: string;
  readonly state: 'attaching' | 'attached' | 'detaching';
  /** The node is not ready: the rope holds on to a ghost. */
  readonly stuck: boolean;
}

/** Deployment, ReplicaSet, ReplicationController, Service and kinds that are stored only: what is listed, not drawn one by one. */
export interface ObjectRecord {
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** kubectl's main columns, in short: `3/3` are ready, `10.96.0.12`. */
  readonly summary: string;
  /** false: "stored, not simulated". */
  readonly simulated: boolean;
  /** A Job or CronJob that is suspended, a Deployment that is paused. */
  readonly suspended?: true;
  /** Another object made it and looks after it. */
  readonly owned?: true;
}

/** An arc: something that will happen to `subject` at `dueMs` unless the cause goes away. */
export interface CountdownRecord {
  readonly id: string;
  /** Kind (`Node`, `Pod`, `PersistentVolume`) and key of what it is drawn around. */
  readonly subjectKind: string;
  readonly subjectKey: string;
  /** `node-monitor-grace`, `toleration`, `termination-grace`, `crash-back-off`, `image-back-off`, `force-detach`, `image-pull`...: a message exists for each. */
  readonly name: string;
  readonly fromMs: number;
  readonly dueMs: number;
}

export interface EventRecord {
  readonly id: string;
  readonly atMs: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly regardingKind: string;
  readonly regardingKey: string;
  readonly count: number;
  readonly source: string;
}

/** A failure that is in force. */
export interface FailureRecord {
  readonly id: string;
  /** Name in the failures registry: `node-power-off`. */
  readonly failure: string;
  /** What it struck: `worker-2`, `zone-b`, `default/web-1/app`. */
  readonly target: string;
  readonly sinceMs: number;
}

/** Requests that somebody outside sends to a Service; `id` is its key. */
export interface LoadRecord {
  readonly id: string;
  readonly requestsPerSecond: number;
}

/** Machines of one sort in a zone, which the cluster autoscaler may have more or fewer of; `id` is its name. */
export interface GroupRecord {
  readonly id: string;
  readonly zone: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** Quantities of one machine. */
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  /** Those under power. */
  readonly machines: number;
}

/** All tables of the picture; each is keyed by `id`. */
export interface Tables {
  readonly nodes: NodeRecord;
  readonly pods: PodRecord;
  readonly classes: ClassRecord;
  readonly volumes: VolumeRecord;
  readonly claims: ClaimRecord;
  readonly attachments: AttachmentRecord;
  readonly objects: ObjectRecord;
  readonly countdowns: CountdownRecord;
  readonly events: EventRecord;
  readonly failures: FailureRecord;
  readonly loads: LoadRecord;
  readonly groups: GroupRecord;
}
export type TableName = keyof Tables;

/** Changes since the last frame; a record in `put` replaces the one with its id. */
export type ViewDelta = { readonly [Name in TableName]?: { readonly put: readonly Tables[Name][]; readonly remove: readonly string[] } };

/** The clock as the window shows it. */
export interface ClockRecord {
  /** Virtual milliseconds since the scenario's start, and as Unix time. */
  readonly nowMs: number;
  readonly unixMs: number;
  readonly playing: boolean;
  /** Virtual seconds per real second that were asked for; 'max' = as fast as the machine can. */
  readonly speed: number | 'max';
  /** Virtual seconds per real second reached in the last second. */
  readonly achieved: number;
}

/** One push: at most one a frame. */
export interface Frame {
  /** Set in a window's first frame, and when another world was opened: forget all records first. */
  readonly opened?: LabInfo;
  readonly clock: ClockRecord;
  readonly delta: ViewDelta;
  /** Some object was written since the last frame, even where no record says anything else: who shows whole objects asks again. */
  readonly written?: true;
  /** Set while this window shows the past: where the present stands, and how far back one can look. `clock` is the moment that is shown. */
  readonly past?: { readonly presentMs: number; readonly fromMs: number };
  /** News of the table that this window has open. */
  readonly table?: ObjectTableDelta;
  /** Set when the world has stopped on a broken assertion: the report that replays it. */
  readonly crash?: string;
}

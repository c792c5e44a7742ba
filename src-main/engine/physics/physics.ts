// The closed list of physical facts: what is powered, connected, intact. Failures change facts; components consult them and are told of changes.
import { assert } from '../base/assert.ts';
import type { Pulse } from '../time/pulse.ts';
import type { Timeline } from '../time/timeline.ts';

/** A computer, by node name. */
export interface Machine {
  readonly powered: boolean;
  /** It was told to shut down; power goes when what holds it up lets go. */
  readonly shuttingDown?: boolean;
  readonly zone: string;
  readonly region: string;
  /** Virtual milliseconds at which it lost its power. */
  readonly offMs?: number;
  /** Virtual milliseconds of the last power-on. */
  readonly bootedAtMs: number;
  /** Bytes a second that an image pull gets. */
  readonly downloadBytesPerSecond: number;
  readonly controlPlane: boolean;
  /** What the kubelet reports as capacity, as quantities. */
  readonly capacity: { readonly cpu: string; readonly memory: string; readonly pods: string; readonly 'ephemeral-storage': string };
}

/** The kubelet process of a node, apart from its containers. */
export interface KubeletProcess {
  readonly running: boolean;
  /** Virtual milliseconds at which it stopped. */
  readonly stoppedMs?: number;
}

/** The node's network link; cut means nothing reaches it and it reaches nothing. */
export interface Link {
  readonly cut: boolean;
  /** Virtual milliseconds at which it was cut. */
  readonly cutMs?: number;
}

/** A block device or file share of a storage backend, by backend handle. */
export interface Disk {
  readonly backend: string;
  /** '' for a disk that every zone reaches. */
  readonly zone: string;
  readonly bytes: number;
  readonly lost: boolean;
  /** What keeps it to its size, where it is no device that ends there: a quota, or nothing. */
  readonly bound?: 'quota' | 'none';
  /** Nodes it is attached to, in order of attachment. */
  readonly attachedTo: readonly string[];
  /** Path within the volume to content. */
  readonly files: Readonly<Record<string, string>>;
}

/** An image registry, by host name (`docker.io`); one that is not listed is up. */
export interface Registry {
  readonly up: boolean;
}

/** A process of the control plane, by its name. */
export interface ControlPlaneProcess {
  readonly running: boolean;
  /** It has been elected and acts. */
  readonly leads: boolean;
}

/** What ails a container's process, by `<pod uid>/<container>`: facts that no manifest tells. */
export interface Ailment {
  /** Probes of these types get no answer in time. */
  readonly failingProbes: readonly ('liveness' | 'readiness' | 'startup')[];
  /** The process dies once, at this moment; a process started later lives. */
  readonly crash?: { readonly exitCode: number; readonly atMs: number };
}

/** The rhythm in which a node's kubelet renews its Lease and repeats its status, by node name: known in closed form, so that nobody ticks. */
export interface Heartbeat {
  readonly lease: Pulse;
  readonly status: Pulse;
}

/** Requests that somebody outside sends to a Service, by `namespace/name`. */
export interface Load {
  readonly requestsPerSecond: number;
}

/** A process that goes on sending requests, one after the other, by `<pod uid>/<container>`. */
export interface Caller {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  /** As the process calls it: `web`, `web.shop`, an address. */
  readonly host: string;
  readonly port: number;
  /** From an answer to the next request. */
  readonly pauseMs: number;
}

/** Since when how many requests a second reach a container, by `<pod uid>/<container>`; oldest first, as far back as metrics look. */
export type Traffic = readonly TrafficSpan[];

export interface TrafficSpan {
  readonly fromMs: number;
  readonly requestsPerSecond: number;
}

/** Machines of one sort in a zone, of which the cluster autoscaler may have more or fewer; by name. */
export interface NodeGroup {
  readonly zone: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** Quantities. */
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
}

/** A number that somebody outside of the cluster measures, as the length of a queue, by `namespace/name`. */
export interface Measurement {
  readonly value: number;
}

export interface Facts {
  machine: Machine;
  kubelet: KubeletProcess;
  link: Link;
  disk: Disk;
  registry: Registry;
  component: ControlPlaneProcess;
  ailment: Ailment;
  heartbeat: Heartbeat;
  load: Load;
  caller: Caller;
  traffic: Traffic;
  measurement: Measurement;
  nodeGroup: NodeGroup;
}
export type FactName = keyof Facts;

export type PhysicsState = { readonly [Name in FactName]: Readonly<Record<string, Facts[Name]>> };

const NAMES: readonly FactName[] = [
  'machine',
  'kubelet',
  'link',
  'disk',
  'registry',
  'component',
  'ailment',
  'heartbeat',
  'load',
  'caller',
  'traffic',
  'measurement',
  'nodeGroup',
];

/** What no window draws of itself. */
const NOT_SHOWN: ReadonlySet<FactName> = new Set(['heartbeat', 'caller', 'traffic', 'measurement']);

/** Facts by name and key. A change is told to each listener by a queue entry named `physics/<fact>` due at once. */
export class Physics {
  /** Told at once of any change that a window shows. */
  onChange: (() => void) | null = null;
  readonly #timeline: Timeline;
  readonly #facts: { [Name in FactName]: Map<string, Facts[Name]> };
  readonly #listeners: { readonly owner: string; readonly facts: ReadonlySet<FactName> }[] = [];

  constructor(timeline: Timeline, state: Partial<PhysicsState> = {}) {
    this.#timeline = timeline;
    this.#facts = {
      machine: new Map(),
      kubelet: new Map(),
      link: new Map(),
      disk: new Map(),
      registry: new Map(),
      component: new Map(),
      ailment: new Map(),
      heartbeat: new Map(),
      load: new Map(),
      caller: new Map(),
      traffic: new Map(),
      measurement: new Map(),
      nodeGroup: new Map(),
    };
    for (const name of NAMES)
      for (const [key, fact] of Object.entries(state[name] ?? {})) (this.#facts[name] as Map<string, unknown>).set(key, fact);
  }

  get<Name extends FactName>(name: Name, key: string): Facts[Name] | undefined {
    return this.#facts[name].get(key);
  }

  all<Name extends FactName>(name: Name): ReadonlyMap<string, Facts[Name]> {
    return this.#facts[name];
  }

  /** Makes a fact true; undefined removes it. */
  set<Name extends FactName>(name: Name, key: string, fact: Facts[Name] | undefined): void {
    const facts = this.#facts[name];
    if (fact === undefined) facts.delete(key);
    else facts.set(key, fact);
    if (!NOT_SHOWN.has(name)) this.onChange?.();
    for (const listener of this.#listeners)
      if (listener.facts.has(name)) this.#timeline.schedule(listener.owner, `physics/${name}`, key, 0);
  }

  /** Changes some fields of a fact that exists. */
  change<Name extends FactName>(name: Name, key: string, fields: Partial<Facts[Name]>): void {
    const fact = this.get(name, key);
    assert(fact !== undefined, `unknown fact: ${name} ${key}`);
    this.set(name, key, { ...fact, ...fields });
  }

  listen(owner: string, ...facts: FactName[]): void {
    this.#listeners.push({ owner, facts: new Set(facts) });
    // Told in order of their names, whoever began first: one that stops and begins again has its old place.
    this.#listeners.sort((a, b) => (a.owner < b.owner ? -1 : 1));
  }

  /** Tells the owner nothing any more. */
  unlisten(owner: string): void {
    for (let index = this.#listeners.length - 1; index >= 0; index -= 1)
      if (this.#listeners[index]?.owner === owner) this.#listeners.splice(index, 1);
  }

  powered(node: string): boolean {
    return this.get('machine', node)?.powered === true;
  }

  /** Can processes on this node talk to the API server? */
  connected(node: string): boolean {
    return this.powered(node) && this.get('link', node)?.cut !== true;
  }

  /** Is the kubelet of this node alive (powered machine, running process)? */
  kubeletRuns(node: string): boolean {
    return this.powered(node) && this.get('kubelet', node)?.running === true;
  }

  save(): PhysicsState {
    const save = <Name extends FactName>(name: Name): Record<string, Facts[Name]> => Object.fromEntries(this.#facts[name]);
    return {
      machine: save('machine'),
      kubelet: save('kubelet'),
      link: save('link'),
      disk: save('disk'),
      registry: save('registry'),
      component: save('component'),
      ailment: save('ailment'),
      heartbeat: save('heartbeat'),
      load: save('load'),
      caller: save('caller'),
      traffic: save('traffic'),
      measurement: save('measurement'),
      nodeGroup: save('nodeGroup'),
    };
  }
}

// Folds the engine's deltas into the records the window draws. Work follows changes: what no delta touched is never looked at.

import type { PodRecord, Tables } from '../../contract/view.ts';
import type { Delta } from '../../engine/api/store.ts';
import { fail } from '../../engine/base/assert.ts';
import { inOneGo, type Steps } from '../../engine/base/in-one-go.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Event } from '../../engine/kinds/core/event.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { podRequests } from '../../engine/kinds/core/pod-requests.ts';
import type { StorageClass } from '../../engine/kinds/storage/storage-class.ts';
import type { VolumeAttachment } from '../../engine/kinds/storage/volume-attachment.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';
import { groupRecords } from '../node-group.ts';
import { failureRecord } from './failure-record.ts';
import { nodeRecord, type Requested, readyOf } from './node-record.ts';
import { countdownRecord, eventRecord, objectRecord } from './object-record.ts';
import { podRecord } from './pod-record.ts';
import { attachmentRecord, claimRecord, classRecord, volumeRecord } from './storage-records.ts';
import { TableSet } from './table-set.ts';

const RECORDS_PER_STEP = 16;
/** Events the window keeps. */
export const EVENTS_MAX = 500;
/** Kinds whose objects only carry machinery: they are not listed beside what somebody brought, the table shows them. */
const NOT_LISTED = new Set([
  'Event',
  'Lease.coordination.k8s.io',
  'APIService.apiregistration.k8s.io',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
]);
/** Kinds whose records tell the last warning. */
const TELLS_WARNING: ReadonlySet<string> = new Set(['Pod', 'PersistentVolumeClaim']);
const NOTHING: Requested = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

interface Share {
  readonly node: string;
  readonly requested: Requested;
}

export class Projection {
  readonly tables = new TableSet();
  readonly #cluster: Cluster;
  /** Objects that changed since the last refresh, by kind and key: the uid they were last heard of with. */
  readonly #dirty = new Map<string, Map<string, string>>();
  /** What each pod adds to its node, by pod key. */
  readonly #shares = new Map<string, Share>();
  readonly #requested = new Map<string, Requested>();
  #workloadBefore: PodRecord['workload'] = null;
  /** What the latest pod asked for. */
  #latest: Requested = { cpuMillis: 0, memoryBytes: 0, pods: 1 };
  /** Last warning by `Kind key`. */
  readonly #warnings = new Map<string, string>();
  /** Nodes whose readiness changed since the last refresh. */
  readonly #turnedNodes = new Set<string>();

  #factsChanged = true;

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.store.onEveryChange((delta) => this.#hear(delta));
    cluster.physics.onChange = () => {
      this.#factsChanged = true;
    };
    cluster.timeline.onCountdown = (entry, begins) => this.#countdown(entry, begins);
  }

  static of(cluster: Cluster): Projection {
    return inOneGo(Projection.inSteps(cluster));
  }

  /** The cluster must not run meanwhile. */
  static *inSteps(cluster: Cluster): Generator<void, Projection> {
    const projection = new Projection(cluster);
    yield* projection.#readAll();
    while (!projection.refresh(RECORDS_PER_STEP)) yield;
    return projection;
  }

  *#readAll(): Steps {
    const { store, timeline } = this.#cluster;
    yield* store.fill();
    for (const kind of store.kinds()) {
      if (kind === 'Event') continue;
      for (const object of store.table(kind).values()) yield this.#mark(kind, keyOf(object), object.metadata.uid);
    }
    for (const event of inOrder([...store.table('Event').values()] as Event[])) yield this.#event(event);
    for (const entry of timeline.countdowns()) this.#countdown(entry, true);
  }

  /** Brings the records up to date with what was heard, at most so many of them. True when nothing is left to do. */
  refresh(recordsMax = Number.POSITIVE_INFINITY): boolean {
    if (this.#factsChanged) this.#refreshFacts();
    this.#markPodsOfNodes();
    let left = recordsMax;
    // A pod makes its node dirty, which then has its turn behind what is dirty already.
    for (const [kind, objects] of this.#dirty) {
      for (const [key, uid] of objects) {
        if (left <= 0) return false;
        left -= 1;
        objects.delete(key);
        if (kind === 'Pod') this.#refreshShare(key);
        this.#refresh(kind, key, uid);
      }
      this.#dirty.delete(kind);
    }
    return true;
  }

  #hear(delta: Delta): void {
    const { kind, key, object, previous } = delta;
    if (kind === 'Event') {
      if (delta.type === 'DELETED') this.tables.remove('events', object.metadata.uid);
      else this.#event(object as Event);
      return;
    }
    // Deleted and made again under the same name between two frames: the old record must go by its own id.
    if (previous !== null && previous.metadata.uid !== object.metadata.uid) this.#removed(kind, previous.metadata.uid);
    const waiting = this.#dirty.get(kind)?.get(key);
    if (waiting !== undefined && waiting !== object.metadata.uid) this.#removed(kind, waiting);
    this.#mark(kind, key, object.metadata.uid);
    if (kind === 'Node' && readyChanged(object as Node, previous as Node | null)) this.#turnedNodes.add(object.metadata.name);
  }

  #mark(kind: string, key: string, uid: string): void {
    const objects = this.#dirty.get(kind);
    if (objects === undefined) this.#dirty.set(kind, new Map([[key, uid]]));
    else objects.set(key, uid);
  }

  /** A node that goes or comes back changes how its pods and ropes look; a zone's nodes go together. */
  #markPodsOfNodes(): void {
    const nodes = this.#turnedNodes;
    if (nodes.size === 0) return;
    const { store } = this.#cluster;
    for (const [id, pod] of this.tables.rows('pods')) if (nodes.has(pod.node)) this.#mark('Pod', `${pod.namespace}/${pod.name}`, id);
    for (const [key, attachment] of store.table('VolumeAttachment.storage.k8s.io'))
      if (nodes.has((attachment as VolumeAttachment).spec.nodeName))
        this.#mark('VolumeAttachment.storage.k8s.io', key, attachment.metadata.uid);
    nodes.clear();
  }

  #refresh(kind: string, key: string, uid: string): void {
    const { store, physics, timeline, kinds } = this.#cluster;
    const object = store.get(kind, key);
    if (object === undefined) {
      this.#removed(kind, uid);
      this.#warnings.delete(`${kind} ${key}`);
      return;
    }
    const { tables } = this;
    if (kind === 'Pod') tables.put('pods', this.#pod(object as Pod, key));
    else if (kind === 'Node')
      tables.put(
        'nodes',
        nodeRecord(object as Node, this.#requested.get(object.metadata.name) ?? NOTHING, { physics, epochMs: timeline.epochMs }),
      );
    else if (kind === 'PersistentVolume') tables.put('volumes', this.#volume(object as PersistentVolume));
    else if (kind === 'PersistentVolumeClaim')
      tables.put('claims', claimRecord(object as PersistentVolumeClaim, this.#warnings.get(`${kind} ${key}`) ?? ''));
    else if (kind === 'StorageClass.storage.k8s.io') tables.put('classes', classRecord(object as StorageClass));
    else if (kind === 'VolumeAttachment.storage.k8s.io') {
      const attachment = object as VolumeAttachment;
      tables.put('attachments', attachmentRecord(attachment, this.#nodeReady(attachment.spec.nodeName)));
    } else if (!NOT_LISTED.has(kind)) {
      const rules = kinds.byKey(kind);
      if (rules === undefined) fail(`object of unknown kind: ${kind} ${key}`);
      tables.put('objects', objectRecord(rules, object, timeline.unixMs));
    }
  }

  #removed(kind: string, uid: string): void {
    const { tables } = this;
    if (kind === 'Pod') tables.remove('pods', uid);
    else if (kind === 'Node') tables.remove('nodes', uid);
    else if (kind === 'PersistentVolume') tables.remove('volumes', uid);
    else if (kind === 'PersistentVolumeClaim') tables.remove('claims', uid);
    else if (kind === 'StorageClass.storage.k8s.io') tables.remove('classes', uid);
    else if (kind === 'VolumeAttachment.storage.k8s.io') tables.remove('attachments', uid);
    else tables.remove('objects', uid);
  }

  #pod(pod: Pod, key: string): PodRecord {
    const node = pod.spec.nodeName ?? '';
    return podRecord(pod, {
      epochMs: this.#cluster.timeline.epochMs,
      workload: this.#workload(pod),
      warning: this.#warnings.get(`Pod ${key}`) ?? '',
      nodeLost: node !== '' && !this.#nodeReady(node),
    });
  }

  #workload(object: ApiObject): PodRecord['workload'] {
    let top: ReturnType<typeof controllerOf>;
    let at: ApiObject | undefined = object;
    while (at !== undefined) {
      const owner = controllerOf(at);
      if (owner === undefined) break;
      top = owner;
      const group: string = owner.apiVersion.includes('/') ? `.${owner.apiVersion.slice(0, owner.apiVersion.indexOf('/'))}` : '';
      at = this.#cluster.store.get(`${owner.kind}${group}`, `${object.metadata.namespace}/${owner.name}`);
    }
    if (top === undefined) return null;
    // Pods of one workload come one after the other and share it.
    if (this.#workloadBefore?.kind !== top.kind || this.#workloadBefore.name !== top.name)
      this.#workloadBefore = { kind: top.kind, name: top.name };
    return this.#workloadBefore;
  }

  #nodeReady(name: string): boolean {
    const node = this.#cluster.store.get('Node', name) as Node | undefined;
    return node !== undefined && readyOf(node) !== 'Unknown';
  }

  #volume(volume: PersistentVolume) {
    const handle = volume.spec.csi?.volumeHandle;
    return volumeRecord(volume, handle !== undefined && this.#cluster.physics.get('disk', handle)?.lost === true);
  }

  /** Pods that have ended hold nothing any more. upstream: scheduler and `kubectl describe node` count non-terminal pods */
  #refreshShare(key: string): void {
    const pod = this.#cluster.store.get('Pod', key) as Pod | undefined;
    const before = this.#shares.get(key);
    const ended = pod === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    const node = ended ? '' : (pod.spec.nodeName ?? '');
    if (before === undefined && node === '') return;
    const { cpuMillis, memoryBytes } = pod === undefined ? NOTHING : podRequests(pod);
    // A pod that is resized, or made again under its name, may ask for something else where it is.
    if (before?.node === node && before.requested.cpuMillis === cpuMillis && before.requested.memoryBytes === memoryBytes) return;
    if (before !== undefined) this.#add(before.node, before.requested, -1);
    this.#shares.delete(key);
    if (node === '') return;
    // Pods of one template come one after the other and share it.
    if (this.#latest.cpuMillis !== cpuMillis || this.#latest.memoryBytes !== memoryBytes)
      this.#latest = { cpuMillis, memoryBytes, pods: 1 };
    const requested = this.#latest;
    this.#shares.set(key, { node, requested });
    this.#add(node, requested, 1);
  }

  #add(node: string, share: Requested, sign: 1 | -1): void {
    const sum = this.#requested.get(node) ?? NOTHING;
    this.#requested.set(node, {
      cpuMillis: sum.cpuMillis + sign * share.cpuMillis,
      memoryBytes: sum.memoryBytes + sign * share.memoryBytes,
      pods: sum.pods + sign * share.pods,
    });
    const object = this.#cluster.store.get('Node', node);
    if (object !== undefined) this.#mark('Node', node, object.metadata.uid);
  }

  /** Facts the API does not know change without deltas; there are few machines and failures, so they are simply compared. */
  #refreshFacts(): void {
    this.#factsChanged = false;
    const { physics, store, failures } = this.#cluster;
    for (const record of this.tables.rows('nodes').values()) {
      const kubeletRunning = physics.get('kubelet', record.name)?.running === true;
      const linkCut = physics.get('link', record.name)?.cut === true;
      if (record.powered !== physics.powered(record.name) || record.kubeletRunning !== kubeletRunning || record.linkCut !== linkCut)
        this.#mark('Node', record.name, record.id);
    }
    for (const record of this.tables.rows('volumes').values()) {
      const volume = store.get('PersistentVolume', record.name) as PersistentVolume | undefined;
      if (volume !== undefined && this.#volume(volume).diskLost !== record.diskLost) this.#mark('PersistentVolume', record.name, record.id);
    }
    this.#matchFacts(
      'loads',
      [...physics.all('load')].map(([id, { requestsPerSecond }]) => ({ id, requestsPerSecond })),
    );
    this.#matchFacts('groups', groupRecords(this.#cluster));
    const active = failures.active;
    for (const id of [...this.tables.rows('failures').keys()])
      if (!active.some((failure) => failure.id === id)) this.tables.remove('failures', id);
    const log = this.#cluster.log();
    for (const failure of active)
      this.tables.put('failures', failureRecord(store, failure, this.tables.rows('failures').get(failure.id), log));
  }

  /** There are few of them, so all are told anew; those that are as they were count for nothing. */
  #matchFacts<Name extends 'loads' | 'groups'>(table: Name, records: readonly Tables[Name][]): void {
    const known = new Set(records.map(({ id }) => id));
    for (const id of [...this.tables.rows(table).keys()]) if (!known.has(id)) this.tables.remove(table, id);
    for (const record of records) this.tables.put(table, record);
  }

  #event(event: Event): void {
    const record = eventRecord(event, this.#cluster.timeline.epochMs);
    this.tables.put('events', record);
    const rows = this.tables.rows('events');
    if (rows.size > EVENTS_MAX) this.tables.remove('events', rows.keys().next().value as string);
    if (!TELLS_WARNING.has(record.regardingKind)) return;
    if (record.type !== 'Warning' && record.regardingKind !== 'PersistentVolumeClaim') return;
    this.#warnings.set(`${record.regardingKind} ${record.regardingKey}`, record.message);
    if (this.#dirty.get(record.regardingKind)?.has(record.regardingKey) !== true)
      this.#mark(record.regardingKind, record.regardingKey, event.involvedObject.uid ?? '');
  }

  #countdown(entry: Parameters<typeof countdownRecord>[0], begins: boolean): void {
    const record = countdownRecord(entry);
    if (record === null) return;
    if (begins) this.tables.put('countdowns', record);
    else this.tables.remove('countdowns', record.id);
  }
}

function readyChanged(next: Node, previous: Node | null): boolean {
  return previous === null || (readyOf(next) === 'Unknown') !== (readyOf(previous) === 'Unknown');
}

/** By when they were last seen, as they would have been heard. */
function inOrder(events: readonly Event[]): readonly Event[] {
  return events.toSorted((one, other) => Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion));
}

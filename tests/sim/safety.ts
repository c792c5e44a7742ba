// Looks at every change of a world while it runs and tells at once what must never be. Work is proportional to what changes.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podRequests } from '../../src-main/engine/kinds/core/pod-requests.ts';
import { type ApiObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { quantityMilliValue } from '../../src-main/engine/meta/quantity.ts';
import { podFaults } from './pod-rules.ts';

interface Share {
  readonly node: string;
  readonly cpuMillis: number;
}

export class Broken extends Error {
  override readonly name = 'Broken';
}

export class Safety {
  readonly #cluster: Cluster;
  readonly #mirror = new Map<string, Map<string, ApiObject>>();
  readonly #shares = new Map<string, Share>();
  readonly #used = new Map<string, number>();
  readonly #addresses = new Map<string, string>();
  readonly #volumeOfClaim = new Map<string, string>();
  #revision: number;
  #facts = true;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { store, physics } = cluster;
    this.#revision = store.revision;
    for (const kind of store.kinds())
      for (const object of store.table(kind).values())
        this.#fold({ type: 'ADDED', kind, key: keyOf(object), object, previous: null } as Delta);
    store.onEveryChange((delta) => this.#hear(delta));
    physics.onChange = () => {
      this.#facts = true;
    };
  }

  /** After each entry of the queue. */
  afterEntry(): void {
    if (!this.#facts) return;
    this.#facts = false;
    for (const [handle, { attachedTo }] of this.#cluster.physics.all('disk'))
      this.#must(attachedTo.length <= 1, `disk ${handle} is attached to ${attachedTo}`);
  }

  /** The dear ones, now and then. */
  thorough(): void {
    const { store, components } = this.#cluster;
    for (const kind of store.kinds()) this.#mustHoldSame(`folded ${kind}`, this.#mirror.get(kind) ?? new Map(), store.table(kind));
    for (const [id, cache] of components.caches()) {
      const { lanes } = cache.save();
      if (Object.keys(lanes).length > 0) continue;
      const kind = id.slice(id.indexOf('/') + 1);
      const held = new Map([...cache.values()].map((object) => [keyOf(object), object]));
      const byNode = id.startsWith('kubelet/') && kind === 'Pod';
      const wanted = [...store.table(kind)].filter(([, object]) => !byNode || ((object as Pod).spec.nodeName ?? '') !== '');
      this.#mustHoldSame(`cache ${id}`, held, new Map(wanted));
    }
  }

  #hear(delta: Delta): void {
    const { revision, object, type, kind, key } = delta;
    this.#must(revision === this.#revision + 1, `revision ${revision} after ${this.#revision}`);
    this.#revision = revision;
    this.#must(type === 'DELETED' || object.metadata.resourceVersion === String(revision), `${kind} ${key} has a wrong resourceVersion`);
    this.#fold(delta);
  }

  #fold(delta: Delta): void {
    const { kind, key, type, object } = delta;
    const table = this.#mirror.get(kind) ?? new Map<string, ApiObject>();
    this.#mirror.set(kind, table);
    this.#must((type === 'ADDED') === !table.has(key), `${type} of ${kind} ${key}`);
    if (type === 'DELETED') table.delete(key);
    else table.set(key, object);
    if (kind === 'Pod') this.#pod(delta);
    else if (kind === 'PersistentVolumeClaim') this.#claim(delta);
  }

  #pod({ key, type, object, previous }: Delta): void {
    const pod = object as Pod;
    if (type !== 'DELETED') for (const fault of podFaults(pod, previous as Pod | null)) this.#must(false, fault);
    const ended = type === 'DELETED' || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    this.#share(key, ended ? null : pod);
    this.#address(pod, ended);
  }

  #share(key: string, pod: Pod | null): void {
    const before = this.#shares.get(key);
    const node = pod?.spec.nodeName ?? '';
    if (before?.node === node) return;
    if (before !== undefined) {
      this.#used.set(before.node, (this.#used.get(before.node) ?? 0) - before.cpuMillis);
      this.#shares.delete(key);
    }
    if (pod === null || node === '') return;
    const { cpuMillis } = podRequests(pod);
    const used = (this.#used.get(node) ?? 0) + cpuMillis;
    this.#shares.set(key, { node, cpuMillis });
    this.#used.set(node, used);
    const object = this.#cluster.store.get('Node', node) as Node | undefined;
    const cpu = object?.status.allocatable?.['cpu'];
    if (cpu !== undefined) this.#must(used <= quantityMilliValue(cpu), `node ${node} has ${used}m of ${cpu} cpu requested`);
  }

  #address({ metadata, status, spec }: Pod, ended: boolean): void {
    const ip = status.podIP ?? '';
    if (ip === '' || spec.hostNetwork === true) return;
    const holder = this.#addresses.get(ip);
    if (ended) {
      if (holder === metadata.uid) this.#addresses.delete(ip);
      return;
    }
    this.#must(holder === undefined || holder === metadata.uid, `address ${ip} of ${metadata.name} belongs to another pod`);
    this.#addresses.set(ip, metadata.uid);
  }

  /** A bound claim has one volume for good, which names it and no other claim has. */
  #claim({ type, object }: Delta): void {
    const claim = object as PersistentVolumeClaim;
    const { uid, name } = claim.metadata;
    if (type === 'DELETED') {
      this.#volumeOfClaim.delete(uid);
      return;
    }
    const volumeName = claim.spec.volumeName ?? '';
    const known = this.#volumeOfClaim.get(uid);
    this.#must(known === undefined || known === volumeName, `claim ${name} went from volume ${known} to ${volumeName}`);
    if (volumeName === '' || claim.status.phase !== 'Bound') return;
    if (known === undefined)
      for (const [other, volume] of this.#volumeOfClaim)
        this.#must(volume !== volumeName || other === uid, `volume ${volumeName} has two claims`);
    this.#volumeOfClaim.set(uid, volumeName);
    const volume = this.#cluster.store.get('PersistentVolume', volumeName) as PersistentVolume | undefined;
    if (known === undefined) this.#must(volume?.spec.claimRef?.uid === uid, `volume ${volumeName} does not know its claim ${name}`);
  }

  #mustHoldSame(what: string, held: ReadonlyMap<string, ApiObject>, wanted: ReadonlyMap<string, ApiObject>): void {
    for (const [key, object] of wanted)
      this.#must(
        held.get(key) === object,
        `${what}: ${key} is at ${held.get(key)?.metadata.resourceVersion}, the store at ${object.metadata.resourceVersion}`,
      );
    for (const key of held.keys()) this.#must(wanted.has(key), `${what}: ${key} is not in the store`);
  }

  #must(holds: boolean, fault: string): asserts holds {
    if (!holds) throw new Broken(`${fault} (at ${this.#cluster.timeline.nowMs} ms, revision ${this.#cluster.store.revision})`);
  }
}

// A small world for storage: the real API server, caches and storage parts, nodes written down by hand and kubelets that mount what is attached.

import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { Store, type StoreState } from '../../../../src-main/engine/api/store.ts';
import { defineComponent } from '../../../../src-main/engine/client/component.ts';
import { ComponentHost, type ComponentHostState } from '../../../../src-main/engine/client/component-host.ts';
import { attachDetach } from '../../../../src-main/engine/controllers/attach-detach.ts';
import { persistentVolumeBinder } from '../../../../src-main/engine/controllers/persistent-volume-binder.ts';
import { persistentVolumeClaimProtection } from '../../../../src-main/engine/controllers/persistent-volume-claim-protection.ts';
import { persistentVolumeProtection } from '../../../../src-main/engine/controllers/persistent-volume-protection.ts';
import { eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { type Node, nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { persistentVolumeKind } from '../../../../src-main/engine/kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import {
  claimProtectionFinalizer,
  selectedNodeAnnotation,
  withAnnotation,
} from '../../../../src-main/engine/kinds/core/volume-annotations.ts';
import { csiDriverKind } from '../../../../src-main/engine/kinds/storage/csi-driver.ts';
import { storageClassKind } from '../../../../src-main/engine/kinds/storage/storage-class.ts';
import { volumeAttachmentKind } from '../../../../src-main/engine/kinds/storage/volume-attachment.ts';
import { Physics, type PhysicsState } from '../../../../src-main/engine/physics/physics.ts';
import { storageComponents, storageObjects } from '../../../../src-main/engine/storage/registry.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

const USER = 'kubernetes-admin';
const EPOCH_MS = 1_748_764_800_000;

/** Mounts what is reported attached for its pods, and lets go when they are gone: the part of a kubelet that storage talks to. */
const mounts = defineComponent({
  name: 'mounts',
  initialState: () => ({}),
  start: ({ cache, clientFrom, physics }) => {
    const nodes = cache(nodeKind);
    const pods = cache(podKind);
    const look = (name: string): void => {
      if (!physics.kubeletRuns(name) || !physics.connected(name)) return;
      const wanted = [...pods.values()].some((pod) => pod.spec.nodeName === name);
      const attached = (nodes.get(name)?.status.volumesAttached ?? []).map((volume) => volume.name);
      const inUse = wanted ? attached : [];
      const known = nodes.get(name)?.status.volumesInUse ?? [];
      if (inUse.join() !== known.join())
        clientFrom(name).patchStatus(nodeKind, name, (node) => ({ ...node, status: { ...node.status, volumesInUse: inUse } }));
    };
    nodes.onChange((next) => next !== undefined && look(next.metadata.name));
    pods.onChange((next, previous) => look((next ?? previous)?.spec.nodeName ?? ''));
    return {};
  },
});

export interface LabState {
  readonly timeline: TimelineState;
  readonly store: StoreState;
  readonly physics: PhysicsState;
  readonly components: ComponentHostState;
}

export class StorageLab {
  readonly timeline: Timeline;
  readonly store: Store;
  readonly physics: Physics;
  readonly server: ApiServer;
  readonly components: ComponentHost;

  constructor(state: LabState | null = null, seed = 1) {
    this.timeline = state === null ? Timeline.start(EPOCH_MS, seed) : new Timeline(state.timeline);
    this.store = new Store(state?.store, true);
    this.physics = new Physics(this.timeline, state?.physics);
    const addresses = new ServiceAddresses(this.store, this.timeline.stream('service-addresses'));
    this.server = new ApiServer(this.store, this.timeline, noAdmission, addresses);
    this.components = new ComponentHost(this.server, this.timeline, this.physics, new KindRegistry(), state?.components ?? null);
    if (state === null) {
      const [driver, storageClass] = storageObjects();
      this.server.create(csiDriverKind, driver!, USER);
      this.server.create(storageClassKind, storageClass!, USER);
      for (const [node, zone] of Object.entries({ 'worker-1': 'zone-a', 'worker-2': 'zone-a', 'worker-3': 'zone-b' }))
        this.#addNode(node, zone);
    }
    for (const controller of [persistentVolumeBinder, attachDetach, persistentVolumeClaimProtection, persistentVolumeProtection])
      this.components.startController(controller);
    for (const component of [...storageComponents, mounts]) this.components.startComponent(component);
    this.components.started();
    if (state === null) this.run(5000);
  }

  save(): LabState {
    return { timeline: this.timeline.save(), store: this.store.save(), physics: this.physics.save(), components: this.components.save() };
  }

  run(ms: number): this {
    this.timeline.advance(this.timeline.nowMs + ms, 100_000);
    return this;
  }

  claim(name: string, spec: object = {}): this {
    const given = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'standard', ...spec };
    this.server.create(
      persistentVolumeClaimKind,
      { metadata: { name, namespace: 'default', finalizers: [claimProtectionFinalizer] }, spec: given },
      USER,
    );
    return this;
  }

  volume(name: string, spec: object = {}): this {
    const given = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' }, ...spec };
    this.server.create(persistentVolumeKind, { metadata: { name }, spec: given }, USER);
    return this;
  }

  /** What the scheduler does for a claim that waits for its first consumer. */
  select(claim: string, node: string): this {
    const current = this.server.get(persistentVolumeClaimKind, `default/${claim}`);
    this.server.update(persistentVolumeClaimKind, withAnnotation(current, selectedNodeAnnotation, node), USER);
    return this;
  }

  /** A pod on a node that uses one claim. */
  pod(name: string, node: string, claim: string): this {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: claim } }];
    const spec = { nodeName: node, containers: [{ name: 'app', image: 'postgres' }], volumes };
    this.server.create(podKind, { metadata: { name, namespace: 'default' }, spec }, USER);
    return this;
  }

  deletePod(name: string): this {
    this.server.delete(podKind, `default/${name}`, { gracePeriodSeconds: 0 }, USER);
    return this;
  }

  deleteClaim(name: string): this {
    this.server.delete(persistentVolumeClaimKind, `default/${name}`, {}, USER);
    return this;
  }

  changeNode(name: string, change: (node: Node) => Node): this {
    for (const part of ['spec', 'status'] as const) this.server.update(nodeKind, change(this.server.get(nodeKind, name)), USER, part);
    return this;
  }

  /** The machine is off, and the node controller has noticed. */
  killNode(name: string): this {
    this.physics.change('machine', name, { powered: false });
    return this.changeNode(name, (node) => ({ ...node, status: { ...node.status, conditions: [condition('Unknown')] } }));
  }

  /** Phases, who holds what, and what disks there are. */
  picture(): Readonly<Record<string, unknown>> {
    const claims = this.server.list(persistentVolumeClaimKind);
    const names = new Map(claims.map((claim) => [claim.spec.volumeName ?? '', claim.metadata.name]));
    const named = (volume: string): string => names.get(volume) ?? volume;
    return {
      claims: Object.fromEntries(claims.map(({ metadata, status }) => [metadata.name, status.phase])),
      volumes: Object.fromEntries(
        this.server.list(persistentVolumeKind).map(({ metadata, status }) => [named(metadata.name), status.phase]),
      ),
      attachments: this.server
        .list(volumeAttachmentKind)
        .map(({ spec, status }) => `${named(spec.source.persistentVolumeName ?? '')} ${spec.nodeName} ${status.attached}`),
      disks: [...this.physics.all('disk').values()].map(({ zone, attachedTo }) => `${zone}: ${attachedTo.join()}`),
    };
  }

  /** `Type Reason message` of all events, without the random part of volume names. */
  events(): readonly string[] {
    const list = this.server.list(eventKind);
    return list.map(({ type, reason, message }) =>
      `${type} ${reason} ${message}`.replace(/pvc-[0-9a-f-]{36}/g, 'pvc-1').replace(/vol-[0-9a-f]{17}/g, 'vol-1'),
    );
  }

  #addNode(name: string, zone: string): void {
    this.physics.set('machine', name, {
      powered: true,
      zone,
      region: 'region',
      bootedAtMs: 0,
      downloadBytesPerSecond: 1,
      controlPlane: false,
      capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' },
    });
    this.physics.set('kubelet', name, { running: true });
    this.physics.set('link', name, { cut: false });
    this.server.create(nodeKind, { metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } }, spec: {} }, USER);
    this.changeNode(name, (node) => ({ ...node, status: { ...node.status, conditions: [condition('True')] } }));
  }
}

function condition(status: 'True' | 'Unknown') {
  const time = '2025-06-01T08:00:00Z';
  return { type: 'Ready', status, reason: 'test', message: '', lastHeartbeatTime: time, lastTransitionTime: time };
}

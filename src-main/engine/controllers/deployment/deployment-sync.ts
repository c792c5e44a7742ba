// One look at one Deployment: what it reads, and the writes of which later steps of the same look must know.
import { equal } from '../../base/equal.ts';
import type { Cache, Client, EventRecorder } from '../../client/component.ts';
import { type Deployment, deploymentKind } from '../../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSetKind } from '../../kinds/apps/replica-set.ts';
import { keyOf } from '../../meta/object.ts';
import { revisionAnnotation, withSizes } from './annotations.ts';
import { desiredReplicas } from './fenceposts.ts';
import type { DeploymentStatus } from './status.ts';

interface Surroundings {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly sets: Cache<ReplicaSet>;
  readonly unixMs: number;
}

export class DeploymentSync {
  readonly client: Client;
  readonly unixMs: number;
  readonly #surroundings: Surroundings;
  #deployment: Deployment;

  constructor(deployment: Deployment, surroundings: Surroundings) {
    this.client = surroundings.client;
    this.unixMs = surroundings.unixMs;
    this.#surroundings = surroundings;
    this.#deployment = deployment;
  }

  /** As this look has left it. */
  get deployment(): Deployment {
    return this.#deployment;
  }

  set(key: string): ReplicaSet | undefined {
    return this.#surroundings.sets.get(key);
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#surroundings.events.record(this.#deployment, type, reason, message);
  }

  updateStatus(status: DeploymentStatus): void {
    if (equal(status, this.#deployment.status)) return;
    this.#deployment = this.client.updateStatus(deploymentKind, { ...this.#deployment, status });
  }

  /** upstream: SetDeploymentRevision, whose write goes with the status */
  setRevision(revision: string): void {
    const { metadata } = this.#deployment;
    if ((metadata.annotations?.[revisionAnnotation] ?? '') === revision) return;
    const annotations = { ...metadata.annotations, [revisionAnnotation]: revision };
    this.#deployment = this.client.update(deploymentKind, { ...this.#deployment, metadata: { ...metadata, annotations } });
  }

  /** The set as it then is; unchanged when size and annotations are right. upstream: scaleReplicaSet */
  scale(set: ReplicaSet, replicas: number): ReplicaSet {
    const before = set.metadata.annotations ?? {};
    const annotations = withSizes(before, this.#deployment);
    const size = desiredReplicas(set);
    if (size === replicas && annotations === before) return set;
    const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } };
    const updated = this.client.update(replicaSetKind, next);
    const direction = size < replicas ? 'up' : 'down';
    if (size !== replicas)
      this.event('Normal', 'ScalingReplicaSet', `Scaled ${direction} replica set ${set.metadata.name} from ${size} to ${replicas}`);
    return updated;
  }

  deleteSet(set: ReplicaSet): void {
    this.client.delete(replicaSetKind, keyOf(set));
  }
}

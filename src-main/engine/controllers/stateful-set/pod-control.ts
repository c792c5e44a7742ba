// Makes, corrects and deletes one pod of a StatefulSet together with its claims, and says so in events.
// upstream: pkg/controller/statefulset/stateful_pod_control.go
import type { Client, EventRecorder } from '../../client/component.ts';
import type { StatefulSet } from '../../kinds/apps/stateful-set.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { isAlreadyExists, StatusError } from '../../meta/status-error.ts';
import { hasStalePodOwner, hasUnexpectedController, ownersAreUpToDate, ownersSetRight, retentionOf } from './claim-owners.ts';
import { storageMatches, templatesOf, wantedClaims, withClaimVolumes } from './claims.ts';
import { claimNameOf, identityLabels, identityMatches, ordinalOf } from './identity.ts';

export interface StatefulSetWorld {
  readonly client: Client;
  readonly events: EventRecorder;
  /** As heard of, by key. */
  readonly claim: (key: string) => PersistentVolumeClaim | undefined;
  readonly unixMs: number;
}

export class StatefulPodControl {
  readonly #world: StatefulSetWorld;
  readonly #set: StatefulSet;

  constructor(world: StatefulSetWorld, set: StatefulSet) {
    this.#world = world;
    this.#set = set;
  }

  /** Claims first. upstream: CreateStatefulPod */
  create(pod: Pod): void {
    const fault = this.#createClaims(pod);
    if (fault !== null) this.#fail('create', pod, fault);
    const { uid: _uid, resourceVersion: _revision, creationTimestamp: _time, ...metadata } = pod.metadata;
    const { status: _status, ...rest } = pod;
    const refusal = attempt(() => this.#world.client.create(podKind, { ...rest, metadata }));
    if (refusal !== null && isAlreadyExists(refusal)) throw refusal;
    this.#ownClaimsOrFail(pod);
    if (refusal !== null) this.#fail('create', pod, refusal);
    this.#succeed('create', pod);
  }

  delete(pod: Pod): void {
    const refusal = attempt(() => this.#world.client.delete(podKind, keyOf(pod)));
    if (refusal !== null) this.#fail('delete', pod, refusal);
    this.#succeed('delete', pod);
  }

  /** Puts right what a person or an adoption has left different. upstream: UpdateStatefulPod */
  correct(pod: Pod): void {
    const [identity, storage, retention] = [identityMatches(this.#set, pod), storageMatches(this.#set, pod), this.claimsMatch(pod)];
    if (identity && storage && retention) return;
    if (!storage) {
      const fault = this.#createClaims(pod);
      if (fault !== null) this.#fail('update', pod, fault);
    }
    if (!retention) this.#ownClaimsOrFail(pod);
    const ordinal = ordinalOf(pod);
    const refusal = attempt(() =>
      this.#world.client.patch(podKind, keyOf(pod), (now) => {
        if (identity && storage) return now;
        const labels = { ...now.metadata.labels, ...identityLabels(this.#set, ordinal) };
        return { ...now, metadata: { ...now.metadata, labels }, spec: storage ? now.spec : withClaimVolumes(this.#set, ordinal, now.spec) };
      }),
    );
    if (refusal !== null) this.#fail('update', pod, refusal);
    this.#succeed('update', pod);
  }

  /** For a pod that waits: without its claims it would wait for ever. upstream: createMissingPersistentVolumeClaims */
  createMissingClaims(pod: Pod): void {
    const fault = this.#createClaims(pod);
    if (fault !== null) throw fault;
    this.#ownClaimsOrFail(pod);
  }

  /** upstream: ClaimsMatchRetentionPolicy */
  claimsMatch(pod: Pod): boolean {
    return this.#claimsOf(pod).every(({ metadata }) => ownersAreUpToDate(metadata.ownerReferences ?? [], this.#set, pod));
  }

  /** The claim of a pod that was scaled away and whose name is wanted again: it has to go first. upstream: PodClaimIsStale */
  claimIsStale(pod: Pod): boolean {
    if (retentionOf(this.#set).whenScaled !== 'Delete') return false;
    return this.#claimsOf(pod).some(({ metadata }) => hasStalePodOwner(metadata.ownerReferences ?? [], pod));
  }

  /** upstream: UpdatePodClaimForRetentionPolicy */
  ownClaims(pod: Pod): void {
    const fault = this.#ownClaims(pod);
    if (fault !== null) throw fault;
  }

  #ownClaimsOrFail(pod: Pod): void {
    const fault = this.#ownClaims(pod);
    if (fault !== null) this.#fail('update', pod, fault);
  }

  #ownClaims(pod: Pod): StatusError | null {
    const { client, events } = this.#world;
    for (const claim of this.#claimsOf(pod)) {
      const references = claim.metadata.ownerReferences ?? [];
      if (hasUnexpectedController(references, this.#set, pod)) {
        const text = `PersistentVolumeClaim ${claim.metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
        events.record(this.#set, 'Warning', 'ConflictingController', text);
      }
      if (ownersAreUpToDate(references, this.#set, pod)) continue;
      const refusal = attempt(() => {
        const { ownerReferences: _, ...metadata } = claim.metadata;
        const ownerReferences = ownersSetRight(references, this.#set, pod);
        client.update(persistentVolumeClaimKind, {
          ...claim,
          metadata: ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences },
        });
      });
      if (refusal === null) continue;
      const { reason, code } = refusal.status;
      return new StatusError(reason, code, `could not update claim ${claim.metadata.name} for delete policy ownerRefs: ${refusal.message}`);
    }
    return null;
  }

  /** What went wrong, told as one. upstream: createPersistentVolumeClaims */
  #createClaims(pod: Pod): StatusError | null {
    const { client } = this.#world;
    const faults: string[] = [];
    let first: StatusError | null = null;
    for (const { name, draft } of wantedClaims(this.#set, ordinalOf(pod))) {
      const found = this.#world.claim(`${this.#set.metadata.namespace}/${name}`);
      if (found?.metadata.deletionTimestamp !== undefined) faults.push(`pvc ${name} is to be deleted`);
      if (found !== undefined) continue;
      const refusal = attempt(() => client.create(persistentVolumeClaimKind, draft));
      if (refusal === null || !isAlreadyExists(refusal)) this.#claimEvent(pod, name, refusal);
      if (refusal === null) continue;
      first ??= refusal;
      faults.push(`failed to create PVC ${name}: ${refusal.message}`);
    }
    if (faults.length === 0) return null;
    const text = faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`;
    return new StatusError(first?.status.reason ?? 'InternalError', first?.status.code ?? 500, text);
  }

  #claimsOf(pod: Pod): readonly PersistentVolumeClaim[] {
    const ordinal = ordinalOf(pod);
    return templatesOf(this.#set).flatMap((template) => {
      const claim = this.#world.claim(`${this.#set.metadata.namespace}/${claimNameOf(this.#set, template, ordinal)}`);
      return claim === undefined ? [] : [claim];
    });
  }

  #succeed(verb: Verb, pod: Pod): void {
    const text = `${verb} Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name} successful`;
    this.#world.events.record(this.#set, 'Normal', `Successful${titles[verb]}`, text);
  }

  #fail(verb: Verb, pod: Pod, error: StatusError): never {
    const text = `${verb} Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name} failed error: ${error.message}`;
    this.#world.events.record(this.#set, 'Warning', `Failed${titles[verb]}`, text);
    throw error;
  }

  #claimEvent(pod: Pod, claim: string, error: StatusError | null): void {
    const { name } = this.#set.metadata;
    const { events } = this.#world;
    if (error === null)
      events.record(
        this.#set,
        'Normal',
        'SuccessfulCreate',
        `create Claim ${claim} Pod ${pod.metadata.name} in StatefulSet ${name} success`,
      );
    else {
      const text = `create Claim ${claim} for Pod ${pod.metadata.name} in StatefulSet ${name} failed error: ${error.message}`;
      events.record(this.#set, 'Warning', 'FailedCreate', text);
    }
  }
}

type Verb = 'create' | 'update' | 'delete';

const titles: Readonly<Record<Verb, string>> = { create: 'Create', update: 'Update', delete: 'Delete' };

/** The API server's refusal, if it refused; a call that did not get there is thrown on. */
function attempt(call: () => unknown): StatusError | null {
  try {
    call();
    return null;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error;
  }
}

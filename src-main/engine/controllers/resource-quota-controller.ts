// Keeps what ResourceQuotas say is used right: admission charges, this controller measures again when something goes.
// upstream: pkg/controller/resourcequota/resource_quota_controller.go, resource_quota_monitor.go
import { equal } from '../base/equal.ts';
import { type Cache, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { countsFor, isCharged } from '../kinds/core/quota-usage.ts';
import { type ResourceQuota, resourceQuotaKind } from '../kinds/core/resource-quota.ts';
import type { Service } from '../kinds/core/service.ts';
import type { Kind } from '../kinds/kind.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { QuotaTally } from './resource-quota/quota-tally.ts';

/** All quotas are measured again so often. upstream: --resource-quota-sync-period */
const RESYNC_MS = 300_000;
const RESYNC = 'resync';

interface Memory {
  /** The timer of the next resync is set: something has changed since the last. */
  isArmed: boolean;
}

type Context = ControllerContext<Memory>;

export const resourceQuotaController = defineController<Memory>({
  name: 'resourcequota-controller',
  workers: 5,
  initialState: () => ({ isArmed: false }),
  start: (context) => new ResourceQuotaController(context),
});

class ResourceQuotaController implements RunningController {
  readonly #context: Context;
  readonly #quotas: Cache<ResourceQuota>;
  /** By key of the quota; made anew in a world that is opened again. */
  readonly #tallies = new Map<string, QuotaTally>();

  constructor(context: Context) {
    this.#context = context;
    this.#quotas = context.cache(resourceQuotaKind);
    this.#quotas.onChange((next, previous) => this.#quotaChanged(next, previous));
    context.everything.onChange((kind, key, next, previous) => this.#changed(kind, key, next, previous));
    if (!context.restored) for (const quota of this.#quotas.values()) context.queue.add(keyOf(quota));
  }

  /** upstream: syncResourceQuota */
  reconcile(key: string): void {
    const quota = this.#quotas.get(key);
    if (quota === undefined) return;
    const { client, time } = this.#context;
    const tally = this.#tallyOf(key, quota);
    const hard = quota.spec.hard ?? {};
    const measured = tally.usage((name) => this.#isCounted(name), time.unixMs);
    const all: Readonly<Record<string, string>> = { ...quota.status.used, ...measured };
    const used = Object.fromEntries(
      Object.keys(hard)
        .sort()
        .flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
    );
    if (tally.hasLeaving) this.#arm();
    if (equal(quota.status.hard, hard) && equal(quota.status.used, used)) return;
    client.updateStatus(resourceQuotaKind, { ...quota, status: { hard, used } as ResourceQuota['status'] });
  }

  onTimer(): void {
    this.#context.state.isArmed = false;
    for (const quota of this.#quotas.values()) this.#context.queue.add(keyOf(quota));
  }

  /** Changes of the status are this controller's own, or admission's. upstream: UpdateFunc */
  #quotaChanged(next: ResourceQuota | undefined, previous: ResourceQuota | undefined): void {
    if (next === undefined) {
      if (previous !== undefined) this.#tallies.delete(keyOf(previous));
      return;
    }
    if (previous === undefined || !equal(previous.spec.hard, next.spec.hard)) this.#context.queue.add(keyOf(next));
    this.#arm();
  }

  #changed(kindName: string, key: string, next: ApiObject | undefined, previous: ApiObject | undefined): void {
    const namespace = (next ?? previous)?.metadata.namespace;
    if (namespace === undefined || this.#quotas.size === 0) return;
    const { kindOf, queue, time } = this.#context;
    let kind: Kind | undefined;
    for (const quota of this.#quotas.inNamespace(namespace)) {
      kind ??= kindOf(kindName);
      if (kind === undefined || !concerns(quota, kind)) continue;
      this.#tallies.get(keyOf(quota))?.set(kind, key, next, time.unixMs);
      if (replenishes(kind, next, previous, time.unixMs)) queue.add(keyOf(quota));
      this.#arm();
    }
  }

  /** At the next round of all quotas; a round in which nothing has changed would find nothing. */
  #arm(): void {
    const { state, time } = this.#context;
    if (state.isArmed) return;
    state.isArmed = true;
    time.after(RESYNC_MS - (time.nowMs % RESYNC_MS), RESYNC, '');
  }

  #tallyOf(key: string, quota: ResourceQuota): QuotaTally {
    const known = this.#tallies.get(key);
    if (known?.isOf(quota.spec) === true) return known;
    const tally = new QuotaTally(quota.spec);
    const { everything, kindOf, time } = this.#context;
    for (const [kindName, objectKey, object] of everything.values()) {
      if (object.metadata.namespace !== quota.metadata.namespace) continue;
      const kind = kindOf(kindName);
      if (kind !== undefined && concerns(quota, kind)) tally.set(kind, objectKey, object, time.unixMs);
    }
    this.#tallies.set(key, tally);
    return tally;
  }

  #isCounted(name: string): boolean {
    for (const kind of this.#context.allKinds()) if (kind.namespaced && countsFor(kind, name)) return true;
    return false;
  }
}

/** Is any entry of the quota about objects of this kind? */
function concerns({ spec }: ResourceQuota, kind: Kind): boolean {
  return Object.keys(spec.hard ?? {}).some((name) => countsFor(kind, name));
}

/** Has the change given something back? upstream: pkg/controller/resourcequota DefaultUpdateFilter */
function replenishes(kind: Kind, next: ApiObject | undefined, previous: ApiObject | undefined, unixMs: number): boolean {
  if (next === undefined) return true;
  if (previous === undefined || kind.group !== '') return false;
  switch (kind.plural) {
    case 'pods':
      return isCharged(previous as Pod, unixMs) && !isCharged(next as Pod, unixMs);
    case 'services':
      return quotaType(previous as Service) !== quotaType(next as Service);
    case 'persistentvolumeclaims':
      return !equal(allocated(previous), allocated(next));
    default:
      return false;
  }
}

function quotaType({ spec }: Service): string {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer' ? spec.type : '';
}

function allocated(claim: ApiObject): unknown {
  return (claim as PersistentVolumeClaim).status?.allocatedResources?.['storage'];
}

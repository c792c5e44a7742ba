// Keeps the status of PodDisruptionBudgets, which the Eviction API and preemption go by. upstream: pkg/controller/disruption/disruption.go
import { equal } from '../base/equal.ts';
import { parseTimestamp } from '../base/timestamp.ts';
import { type Cache, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { deploymentKind } from '../kinds/apps/deployment.ts';
import { replicaSetKind } from '../kinds/apps/replica-set.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { replicationControllerKind } from '../kinds/core/replication-controller.ts';
import { isUpToDate, withDisruptionAllowed, withSyncFailed } from '../kinds/policy/disruption-allowed.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../kinds/policy/pod-disruption-budget.ts';
import { findCondition, updatePodCondition } from '../meta/conditions.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { type ApiObject, keyOf, type OwnerReference } from '../meta/object.ts';
import { isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { BudgetPods } from './disruption/budget-pods.ts';
import { type BudgetCount, budgetCount } from './disruption/budget-status.ts';
import { type ScaleWorld, SyncFailure, scaleOf } from './disruption/controller-scale.ts';
import { isPodTerminal } from './pod-state.ts';

/** A pod that was to be disrupted and was not is told so. upstream: stalePodDisruptionTimeout */
const STALE_DISRUPTION_MS = 120_000;
const STALE = 'stale-disruption';
const RECHECK = 'recheck';

interface Memory {
  /** When the key of a budget comes back by itself, in Unix milliseconds. */
  readonly rechecks: Record<string, number>;
}

type Context = ControllerContext<Memory>;

export const disruptionController = defineController<Memory>({
  name: 'disruption-controller',
  workers: 1,
  eventSource: 'controllermanager',
  initialState: () => ({ rechecks: {} }),
  start: (context) => new DisruptionController(context),
});

class DisruptionController implements RunningController {
  readonly #context: Context;
  readonly #budgets: Cache<PodDisruptionBudget>;
  readonly #pods: Cache<Pod>;
  readonly #scales: ScaleWorld;
  /** By key of the budget; made anew from the caches in a world that is opened again. */
  readonly #covered = new Map<string, { readonly selector: PodDisruptionBudget['spec']['selector']; readonly pods: BudgetPods }>();

  constructor(context: Context) {
    this.#context = context;
    this.#budgets = context.cache(podDisruptionBudgetKind);
    this.#pods = context.cache(podKind);
    this.#scales = scaleWorld(context);
    this.#budgets.onChange((next, previous) => {
      const budget = next ?? previous;
      if (budget === undefined) return;
      if (next === undefined) this.#covered.delete(keyOf(budget));
      context.queue.add(keyOf(budget));
    });
    this.#pods.onChange((next, previous) => this.#podChanged(next, previous));
    if (context.restored) return;
    for (const budget of this.#budgets.values()) context.queue.add(keyOf(budget));
  }

  /** upstream: sync */
  reconcile(key: string): void {
    const budget = this.#budgets.get(key);
    if (budget === undefined) return;
    try {
      this.#sync(budget);
    } catch (error) {
      if (!(error instanceof SyncFailure)) throw error;
      const { events, time, client } = this.#context;
      const message = `Failed to calculate the number of expected pods: ${error.message}`;
      events.record(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      const status = withSyncFailed(budget.status, error.message, time.timestamp());
      if (!equal(status, budget.status)) client.updateStatus(podDisruptionBudgetKind, { ...budget, status });
    }
  }

  onTimer(name: string, key: string): void {
    if (name === RECHECK) {
      delete this.#context.state.rechecks[key];
      this.#context.queue.add(key);
    } else if (name === STALE) this.#resetStale(key);
  }

  /** upstream: trySync */
  #sync(budget: PodDisruptionBudget): void {
    const { events, time } = this.#context;
    const pods = this.#podsOf(budget);
    const { namespace } = budget.metadata;
    if (pods.total === 0) events.record(budget, 'Normal', 'NoPods', 'No matching pods found');
    const count = budgetCount(budget, pods, (owner) => scaleOf(owner, namespace, this.#scales), time.unixMs);
    if (count.isGuess) events.record(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget));
    for (const name of count.notDeleted) {
      const pod = this.#pods.get(`${namespace}/${name}`);
      // The namespace twice: so upstream words it.
      const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
      if (pod !== undefined) events.record(pod, 'Warning', 'NotDeleted', message);
    }
    this.#writeStatus(budget, count);
    if (count.recheckMs !== null) this.#recheckAt(keyOf(budget), count.recheckMs + 1);
  }

  #recheckAt(key: string, dueMs: number): void {
    const { state, time } = this.#context;
    if ((state.rechecks[key] ?? Number.POSITIVE_INFINITY) <= dueMs) return;
    state.rechecks[key] = dueMs;
    time.after(dueMs - time.unixMs, RECHECK, key);
  }

  /** upstream: updatePdbStatus */
  #writeStatus(budget: PodDisruptionBudget, count: BudgetCount): void {
    const { metadata, status } = budget;
    const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, disruptedPods } = count;
    const same =
      status.currentHealthy === currentHealthy &&
      status.desiredHealthy === desiredHealthy &&
      status.expectedPods === expectedPods &&
      status.disruptionsAllowed === disruptionsAllowed &&
      status.observedGeneration === metadata.generation &&
      equal(status.disruptedPods ?? {}, disruptedPods);
    if (same && isUpToDate(budget)) return;
    const next: PodDisruptionBudget['status'] = {
      ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
      ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
      disruptionsAllowed,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      ...(status.conditions === undefined ? {} : { conditions: status.conditions }),
    };
    const { client, time } = this.#context;
    client.updateStatus(podDisruptionBudgetKind, { ...budget, status: withDisruptionAllowed(next, time.timestamp()) });
  }

  #podsOf(budget: PodDisruptionBudget): BudgetPods {
    const key = keyOf(budget);
    const { selector } = budget.spec;
    const known = this.#covered.get(key);
    if (known !== undefined && (known.selector === selector || equal(known.selector, selector))) return known.pods;
    const pods = new BudgetPods();
    const matches = selectorFor(selector);
    for (const pod of this.#pods.inNamespace(budget.metadata.namespace)) if (matches(pod.metadata.labels)) pods.set(pod.metadata.name, pod);
    this.#covered.set(key, { selector, pods });
    return pods;
  }

  /** As the cache had it before this pod changed. */
  #coveredBefore(budget: PodDisruptionBudget, { metadata }: Pod, previous: Pod | undefined): BudgetPods {
    const pods = this.#podsOf(budget);
    const matched = previous !== undefined && selectorFor(budget.spec.selector)(previous.metadata.labels);
    pods.set(metadata.name, matched ? previous : undefined);
    return pods;
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    const pod = next ?? previous;
    if (pod === undefined) return;
    const matching: PodDisruptionBudget[] = [];
    let matters = false;
    for (const budget of this.#budgets.inNamespace(pod.metadata.namespace)) {
      const matches = selectorFor(budget.spec.selector)(pod.metadata.labels);
      if (matches) matching.push(budget);
      const known = this.#covered.get(keyOf(budget))?.pods ?? this.#coveredBefore(budget, pod, previous);
      if (known.set(pod.metadata.name, matches ? next : undefined)) matters = true;
    }
    const [first] = matching;
    if (first !== undefined && matters) this.#queue(first, matching, pod);
    if (next !== undefined) this.#watchForStale(next);
  }

  /** upstream: getPdbForPod */
  #queue(first: PodDisruptionBudget, matching: readonly PodDisruptionBudget[], pod: Pod): void {
    const { events, queue } = this.#context;
    const { namespace, name } = pod.metadata;
    if (matching.length > 1) {
      const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${first.metadata.name}" arbitrarily.`;
      events.record(pod, 'Warning', 'MultiplePodDisruptionBudgets', message);
    }
    queue.add(keyOf(first));
  }

  #watchForStale(pod: Pod): void {
    const dueMs = staleAtMs(pod);
    if (dueMs === null) return;
    const { time } = this.#context;
    time.after(Math.max(dueMs - time.unixMs, 0), STALE, keyOf(pod));
  }

  /** upstream: syncStalePodDisruption */
  #resetStale(key: string): void {
    const { client, time } = this.#context;
    const pod = this.#pods.get(key);
    const dueMs = pod === undefined ? null : staleAtMs(pod);
    if (dueMs === null || dueMs > time.unixMs) return;
    const isFalse = { type: 'DisruptionTarget', status: 'False' as const };
    const reset = (current: Pod): Pod => {
      const conditions = updatePodCondition(current.status.conditions ?? [], isFalse, time.timestamp());
      return { ...current, status: { ...current.status, conditions: conditions as NonNullable<Pod['status']['conditions']> } };
    };
    try {
      client.patchStatus(podKind, key, reset);
    } catch (error) {
      if (!isNotFound(error) && !isRefusedByPolicy(error)) throw error;
    }
  }
}

/** When the pod's promise of a disruption is too old; null: there is none, or it is being kept. upstream: nonTerminatingPodHasStaleDisruptionCondition */
function staleAtMs(pod: Pod): number | null {
  if (pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return null;
  const condition = findCondition(pod.status.conditions, 'DisruptionTarget');
  if (condition?.status !== 'True' || condition.reason === 'TerminationByKubelet') return null;
  return (parseTimestamp(condition.lastTransitionTime ?? '') ?? 0) + STALE_DISRUPTION_MS;
}

function unmanagedText({ spec }: PodDisruptionBudget): string {
  return `Pods selected by this PodDisruptionBudget (selector: ${selectorText(spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
}

/** As Go prints a *LabelSelector. */
function selectorText(selector: PodDisruptionBudget['spec']['selector']): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const map = labels.map(([key, value]) => `${key}: ${value},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${map}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

function scaleWorld(context: Context): ScaleWorld {
  const replicationControllers = context.cache(replicationControllerKind);
  const replicaSets = context.cache(replicaSetKind);
  const deployments = context.cache(deploymentKind);
  return {
    replicationController: (key) => replicationControllers.get(key),
    replicaSet: (key) => replicaSets.get(key),
    deployment: (key) => deployments.get(key),
    scaled: (owner, namespace) => scaledObject(context, owner, namespace),
  };
}

/** upstream: getScaleController, getPodStatefulSet */
function scaledObject({ client, kindOf }: Context, owner: OwnerReference, namespace: string): ReturnType<ScaleWorld['scaled']> {
  const group = owner.apiVersion.includes('/') ? owner.apiVersion.slice(0, owner.apiVersion.indexOf('/')) : '';
  const kind = kindOf(group === '' ? owner.kind : `${owner.kind}.${group}`);
  if (kind === undefined) throw new SyncFailure(`no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`);
  try {
    const object = client.get(kind, kind.namespaced ? `${namespace}/${owner.name}` : owner.name) as ApiObject & {
      spec?: { replicas?: unknown };
    };
    if (typeof object.spec?.replicas === 'number') return object as ReturnType<ScaleWorld['scaled']>;
    throw new SyncFailure(`${kind.plural}${group === '' ? '' : `.${group}`} does not implement the scale subresource`);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

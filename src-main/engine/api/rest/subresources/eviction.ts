// POST pods/eviction: deletes a pod as `kubectl drain` asks for it, unless a disruption budget forbids. upstream: pkg/registry/core/pod/storage/eviction.go
import { formatTimestamp } from '../../../base/timestamp.ts';
import { type Pod, podKind } from '../../../kinds/core/pod.ts';
import { withDisruptionAllowed } from '../../../kinds/policy/disruption-allowed.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../../../kinds/policy/pod-disruption-budget.ts';
import { isConditionTrue, updatePodCondition } from '../../../meta/conditions.ts';
import { selectorFor } from '../../../meta/label-selector.ts';
import type { JsonObject } from '../../../meta/object.ts';
import { badRequest, forbidden, type StatusError as Refusal, StatusError } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import type { ApiServer, DeleteCall } from '../../server.ts';
import { type Call, keyOfCall } from '../call.ts';
import { bodyObject } from '../request-body.ts';
import { jsonAnswer } from '../rest-request.ts';
import { deleteOptions, maybeDry } from '../write.ts';
import type { SubresourceHandler } from './subresource.ts';

/** upstream: MaxDisruptedPodSize */
const DISRUPTED_PODS_MAX = 2_000;
const TOO_MANY_BUDGETS = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';

export const eviction: SubresourceHandler = {
  name: 'eviction',
  methods: ['POST'],
  answer: (call, { unixMs }) => {
    const body = bodyObject(call.request, 'Eviction');
    const metadata = body['metadata'];
    const name = metadata !== undefined && isObject(metadata) ? metadata['name'] : undefined;
    if (name !== undefined && name !== call.name) throw badRequest('name in URL does not match name in Eviction object');
    const given = body['deleteOptions'] ?? {};
    const options = deleteOptions({ ...call, request: { ...call.request, body: isObject(given) ? given : {} } } as Call);
    const dryRuns = isObject(given) && Array.isArray(given['dryRun']) ? given['dryRun'] : [];
    judge(call, body);
    const allowed = maybeDry(call, () => evict(call.server, keyOfCall(call), options, call.request.user.name, unixMs), dryRuns);
    // A failure without a reason. upstream: apiserver pkg/endpoints/handlers/finisher Return
    if (!allowed) return jsonAnswer(500, { ...status('Failure'), message: TOO_MANY_BUDGETS, code: 500 });
    return jsonAnswer(201, { ...status('Success'), code: 201 });
  },
};

/** False when several budgets cover the pod. Throws StatusError (429) when its budget forbids. */
export function evict(server: ApiServer, key: string, options: DeleteCall, user: string, unixMs: number): boolean {
  const pod = server.get(podKind, key);
  if (!canIgnoreBudgets(pod)) {
    const budgets = server
      .list(podDisruptionBudgetKind, pod.metadata.namespace)
      .filter(({ spec }) => selectorFor(spec.selector)(pod.metadata.labels));
    if (budgets.length > 1) return false;
    const [budget] = budgets;
    if (budget !== undefined && !goesUncounted(pod, budget)) {
      const status = takeDisruption(budget, pod.metadata.name, formatTimestamp(unixMs));
      server.update(podDisruptionBudgetKind, { ...budget, status }, user, 'status');
    }
  }
  server.unjudged(() => {
    server.patch(podKind, key, (current) => disrupted(current, formatTimestamp(unixMs)), user, 'status');
    // A pod whose grace period has run out goes with any write.
    if (server.find(podKind, key) !== undefined) server.delete(podKind, key, options, user);
  });
  return true;
}

/** Policies are asked about the eviction, not about the deletion that follows from it. */
function judge({ kind, name, namespace, request, server }: Call, body: JsonObject): void {
  const metadata = { ...((body['metadata'] ?? {}) as JsonObject), name, namespace };
  const object = { apiVersion: 'policy/v1', kind: 'Eviction', ...body, metadata };
  const sent = { group: 'policy', version: 'v1', kind: 'Eviction', name };
  const judging = (): void =>
    server.judge(kind, { operation: 'CREATE', subresource: 'eviction', namespace, object, kind: sent }, request.user.name);
  server.onBehalfOf(request.user.groups, judging);
}

/** The budget after one more pod was let go; throws StatusError when it allows none. upstream: checkAndDecrement */
function takeDisruption({ metadata, status }: PodDisruptionBudget, pod: string, now: string): PodDisruptionBudget['status'] {
  const resource = { group: 'policy', resource: 'poddisruptionbudget' };
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw overBudget(`The disruption budget ${metadata.name} is still being processed by the server.`, 10);
  if (status.disruptionsAllowed < 0) throw forbidden(resource, metadata.name, 'pdb disruptions allowed is negative');
  const listed = status.disruptedPods ?? {};
  if (Object.keys(listed).length > DISRUPTED_PODS_MAX) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(resource, metadata.name, why);
  }
  const { disruptionsAllowed, desiredHealthy, currentHealthy } = status;
  if (disruptionsAllowed === 0)
    throw overBudget(`The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`, 0);
  const next = { ...status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods: { ...listed, [pod]: now } };
  return next.disruptionsAllowed === 0 ? withDisruptionAllowed(next, now) : next;
}

/** upstream: createTooManyRequestsError */
function overBudget(message: string, retryAfterSeconds: number): Refusal {
  const text = "Cannot evict pod as it would violate the pod's disruption budget.";
  const causes = [{ reason: 'DisruptionBudget', message }];
  return new StatusError('TooManyRequests', 429, text, { causes, ...(retryAfterSeconds > 0 && { retryAfterSeconds }) });
}

/** upstream: canIgnorePDB */
function canIgnoreBudgets({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp !== undefined || status.phase === 'Succeeded' || status.phase === 'Failed' || status.phase === 'Pending'
  );
}

/** A pod that is not ready takes nothing from a budget that is met, or that never guards such pods. */
function goesUncounted(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isConditionTrue(pod.status.conditions, 'Ready')) return false;
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
}

/** upstream: addConditionAndDeletePod */
function disrupted(pod: Pod, now: string): Pod {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True' as const,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const conditions = updatePodCondition(pod.status.conditions ?? [], condition, now);
  return conditions === pod.status.conditions
    ? pod
    : { ...pod, status: { ...pod.status, conditions: conditions as NonNullable<Pod['status']['conditions']> } };
}

function status(outcome: 'Success' | 'Failure') {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: outcome };
}

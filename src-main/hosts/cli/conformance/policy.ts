// Suites of disruption budgets: counted by the controller's own rules, and asked by the very Eviction API that the lab serves.
import { KindRegistry } from '../../../engine/api/kind-registry.ts';
import type { ContainerAccess } from '../../../engine/api/rest/container-access.ts';
import type { RestRequest } from '../../../engine/api/rest/rest-request.ts';
import { RestServer } from '../../../engine/api/rest/rest-server.ts';
import { ApiServer, noAdmission } from '../../../engine/api/server.ts';
import { ServiceAddresses } from '../../../engine/api/service-addresses.ts';
import { Store } from '../../../engine/api/store.ts';
import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import { BudgetPods } from '../../../engine/controllers/disruption/budget-pods.ts';
import { budgetCount } from '../../../engine/controllers/disruption/budget-status.ts';
import { type ScaleWorld, SyncFailure, scaleOf } from '../../../engine/controllers/disruption/controller-scale.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../../../engine/kinds/policy/pod-disruption-budget.ts';
import { findCondition } from '../../../engine/meta/conditions.ts';
import { selectorFor } from '../../../engine/meta/label-selector.ts';
import type { ApiObject, OwnerReference } from '../../../engine/meta/object.ts';
import type { FailureStatus } from '../../../engine/meta/status-error.ts';
import { Timeline } from '../../../engine/time/timeline.ts';
import { compareWherePresent } from './compare.ts';
import type { Suites } from './run-conformance.ts';
import { wholeCasePod } from './whole-object.ts';

interface StatusCase {
  readonly now: string;
  readonly pdb: Partial<PodDisruptionBudget> & Pick<PodDisruptionBudget, 'spec'>;
  readonly controllers?: readonly { readonly kind: string; readonly name: string; readonly replicas?: number | null }[];
  readonly pods?: readonly {
    readonly count: number;
    readonly name: string;
    readonly ready: boolean;
    readonly owner: string | null;
    readonly terminating?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

interface EvictionCase {
  readonly pod: Pod;
  readonly pdb: PodDisruptionBudget;
  readonly nameInUrl?: string;
}

export const policySuites: Suites = {
  'pdb.status': { run: budgetStatus, compare: compareWherePresent },
  'pdb.eviction': { run: evictionAnswer, compare: compareWherePresent },
};

const apiVersions: Readonly<Record<string, string>> = { ReplicationController: 'v1', ReplicaSet: 'apps/v1', StatefulSet: 'apps/v1' };

function budgetStatus({ now, pdb, controllers = [], pods = [] }: StatusCase): unknown {
  const covered = new BudgetPods();
  const matches = selectorFor(pdb.spec.selector);
  for (const { count, name, ready, owner, terminating = false, labels } of pods) {
    if (labels !== undefined && !matches(labels)) continue;
    for (let index = 0; index < count; index += 1) {
      const podName = count === 1 ? name : `${name}-${index}`;
      const kind = controllers.find((controller) => controller.name === owner)?.kind ?? 'ReplicaSet';
      const reference: OwnerReference = {
        apiVersion: apiVersions[kind] ?? 'example.com/v1',
        kind,
        name: owner ?? '',
        uid: owner ?? '',
        controller: true,
      };
      const metadata = {
        name: podName,
        ...(owner === null ? {} : { ownerReferences: [reference] }),
        ...(terminating ? { deletionTimestamp: now } : {}),
      };
      const status = { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] };
      covered.set(podName, { metadata, status } as unknown as Pod);
    }
  }
  const budget = { spec: pdb.spec, status: pdb.status ?? {} } as PodDisruptionBudget;
  try {
    const count = budgetCount(budget, covered, (owner) => scaleOf(owner, '', scales(controllers)), parseTimestamp(now) ?? 0);
    const event = count.isGuess ? 'UnmanagedPods' : covered.total === 0 ? 'NoPods' : undefined;
    return { ...count, disruptedPods: Object.keys(count.disruptedPods), event };
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    return { disruptionsAllowed: 0, event: 'CalculateExpectedPodCountFailed' };
  }
}

function scales(controllers: NonNullable<StatusCase['controllers']>): ScaleWorld {
  const find = (name: string): never =>
    controllers
      .filter((one) => one.name === name && typeof one.replicas === 'number')
      .map(({ replicas }) => ({ metadata: { name, uid: name }, spec: { replicas } }))[0] as never;
  const byKey = (key: string): never => find(key.slice(key.indexOf('/') + 1));
  return { replicationController: byKey, replicaSet: byKey, deployment: byKey, scaled: ({ name }) => find(name) };
}

function evictionAnswer({ pod, pdb, nameInUrl }: EvictionCase): unknown {
  const { name } = pod.metadata;
  const counters = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  const budget = { ...pdb, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', status: { ...counters, ...pdb.status } };
  const world = worldOf({ Pod: [{ ...wholeCasePod(pod), apiVersion: 'v1', kind: 'Pod' }], 'PodDisruptionBudget.policy': [budget] });
  const answer = world.rest.answer(evictionRequest(name, nameInUrl ?? name));
  const status = answer.body as FailureStatus;
  const left = world.server.get(podDisruptionBudgetKind, `default/${pdb.metadata.name}`).status;
  const allowed = answer.code === 201 && (status.status as string) === 'Success';
  return {
    allowed,
    ...(allowed ? {} : { code: answer.code, message: status.details?.causes?.[0]?.message }),
    disruptionsAllowed: left.disruptionsAllowed,
    reason: findCondition(left.conditions, 'DisruptionAllowed')?.reason,
  };
}

function evictionRequest(name: string, nameInUrl: string): RestRequest {
  return {
    method: 'POST',
    path: `/api/v1/namespaces/default/pods/${nameInUrl}/eviction`,
    query: [],
    accept: 'application/json',
    contentType: 'application/json',
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } },
    user: { name: 'kubernetes-admin', groups: ['system:masters'] },
    agent: 'conformance',
  };
}

function worldOf(objects: Readonly<Record<string, readonly ApiObject[]>>) {
  const timeline = Timeline.start(0, 1);
  const store = new Store({ revision: 1, objects, history: [] });
  const server = new ApiServer(store, timeline, noAdmission, new ServiceAddresses(store, timeline.stream('service-addresses')));
  // No eviction looks into a container.
  const nobody = {} as ContainerAccess;
  const rest = new RestServer({ server, kinds: new KindRegistry(), unixMs: () => 0, look: (object) => object, containers: nobody });
  return { server, rest };
}

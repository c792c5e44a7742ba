// Actions as the requests that kubectl sends for them: the API server decides, and the log of commands holds what was asked.
import type { ContainerAmounts, ObjectAction } from '../../contract/object-action.ts';
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import { formatTimestamp } from '../../engine/base/timestamp.ts';
import { ADMIN, type Cluster } from '../../engine/cluster.ts';
import type { CronJob } from '../../engine/kinds/batch/cron-job.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { apiVersionOf, type Kind } from '../../engine/kinds/kind.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../engine/meta/object.ts';
import { rollback } from './rollback.ts';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

type Taint = NonNullable<Node['spec']['taints']>[number];

/** There is nothing to ask the API server for: kubectl itself says why. */
export interface Refusal {
  readonly refused: string;
}

/** The request for an action on a stored object. */
export function actionRequest(
  cluster: Cluster,
  action: Exclude<ObjectAction, { do: 'create' }>,
  kind: Kind,
  object: ApiObject,
): RestRequest | Refusal {
  const path = pathOf(kind, object);
  switch (action.do) {
    case 'delete':
      return request('DELETE', path, 'application/json', {
        propagationPolicy: action.cascade,
        ...(action.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: action.gracePeriodSeconds }),
      });
    case 'evict': {
      const { name, namespace = '' } = object.metadata;
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      return request('POST', `${path}/eviction`, 'application/json', body);
    }
    case 'scale':
      return request('PATCH', `${path}/scale`, MERGE, { spec: { replicas: action.replicas } });
    case 'resize':
      return request('PATCH', `${path}/resize`, STRATEGIC, { spec: resized(object as Pod, action.containers) });
    case 'restart': {
      // upstream: kubectl pkg/polymorphichelpers/objectrestarter.go
      const annotations = { 'kubectl.kubernetes.io/restartedAt': formatTimestamp(cluster.timeline.unixMs) };
      return request('PATCH', path, STRATEGIC, { spec: { template: { metadata: { annotations } } } });
    }
    case 'rollback': {
      const back = rollback(cluster, object);
      return 'refused' in back ? back : request('PATCH', path, back.contentType, back.body);
    }
    case 'suspend':
    case 'resume': {
      const field = object.kind === 'Deployment' ? 'paused' : 'suspend';
      return request('PATCH', path, STRATEGIC, { spec: { [field]: action.do === 'suspend' ? true : null } });
    }
    case 'trigger':
      return jobOf(object as CronJob);
    case 'cordon':
      return request('PATCH', path, STRATEGIC, { spec: { unschedulable: true } });
    case 'uncordon':
      return request('PATCH', path, STRATEGIC, { spec: { unschedulable: null } });
    case 'taint':
    case 'untaint':
      return request('PATCH', path, STRATEGIC, { spec: { taints: taintsAfter(object as Node, action) as unknown as JsonValue } });
  }
}

/** The request for an object that is not there. */
export function creationRequest(kind: Kind, object: JsonObject): RestRequest {
  const { namespace } = object['metadata'] as { readonly namespace?: string };
  return request('POST', collectionOf(kind, namespace), 'application/json', object as JsonValue);
}

/** Lists of containers are merged by name. */
function resized({ spec }: Pod, wanted: readonly ContainerAmounts[]): JsonValue {
  const of = (list: readonly { readonly name: string }[] | undefined): JsonValue =>
    wanted
      .filter(({ name }) => list?.some((container) => container.name === name))
      .map(({ name, requests, limits }) => ({ name, resources: { requests, limits } }));
  return { containers: of(spec.containers), ...(spec.initContainers ? { initContainers: of(spec.initContainers) } : {}) };
}

/** upstream: kubectl pkg/cmd/create/create_job.go createJobFromCronJob */
function jobOf({ metadata: { name, namespace, uid }, spec: { jobTemplate } }: CronJob): RestRequest {
  const { annotations, labels } = jobTemplate.metadata ?? {};
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      generateName: `${name}-manual-`,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
      ...(labels === undefined ? {} : { labels }),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    },
    spec: jobTemplate.spec,
  };
  return request('POST', `/apis/batch/v1/namespaces/${namespace}/jobs`, 'application/json', job as unknown as JsonValue);
}

function request(method: string, path: string, contentType: string, body: JsonValue): RestRequest {
  const user = { name: ADMIN, groups: ['system:masters'] };
  return { method, path, query: [], accept: 'application/json', contentType, body, user, agent: 'orrery' };
}

function pathOf(kind: Kind, { metadata: { namespace, name } }: ApiObject): string {
  return `${collectionOf(kind, namespace)}/${name}`;
}

function collectionOf(kind: Kind, namespace: string | undefined): string {
  const root = kind.group === '' ? '/api' : '/apis';
  const place = kind.namespaced ? `/namespaces/${namespace ?? 'default'}` : '';
  return `${root}/${apiVersionOf(kind)}${place}/${kind.plural}`;
}

/** A taint is known by its key and effect. upstream: kubectl pkg/cmd/taint/utils.go reorganizeTaints */
function taintsAfter(node: Node, action: Extract<ObjectAction, { do: 'taint' | 'untaint' }>): readonly Taint[] {
  const others = (node.spec.taints ?? []).filter(({ key, effect }) => key !== action.key || effect !== action.effect);
  if (action.do === 'untaint') return others;
  return [{ key: action.key, effect: action.effect, ...(action.value === '' ? {} : { value: action.value }) }, ...others];
}

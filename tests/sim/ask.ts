// Requests to a world's API server, as kubectl and other clients send them. What is refused is refused; an answer that the server has failed is a fault of the lab.
import type { RestAnswer } from '../../src-main/engine/api/rest/rest-request.ts';
import { ADMIN, type Cluster } from '../../src-main/engine/cluster.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { apiVersionOf } from '../../src-main/engine/kinds/kind.ts';
import type { ApiObject, JsonObject } from '../../src-main/engine/meta/object.ts';
import { drainPlan } from '../../src-main/session/actions/drain-plan.ts';
import { loose, pickOf } from './edits.ts';
import type { Ask } from './plan.ts';
import { stateBesideRefusals, unlike } from './world-state.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
/** A program that is not there, or a custom object without replicas, is told as an error of the server; upstream, too. */
const MAY_FAIL = new Set(['exec', 'log', 'scale']);
/** A port for health checks that somebody else has is one, too. upstream: pkg/registry/core/service/storage/alloc.go allocHealthCheckNodePort */
const PORT_TAKEN = /failed to allocate requested HealthCheck NodePort/;
const MASTERS = ['system:masters', 'system:authenticated'];

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Ask['query'];
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: JsonObject | undefined;
  readonly user?: string | undefined;
}

/** Asks about one object of the kind, or lists them all as a table. */
export function ask(cluster: Cluster, { kind, pick, method, subresource, query, body, user }: Ask): void {
  const isList = method === 'LIST';
  const object = isList ? undefined : pickOf(loose(cluster, kind), pick);
  const path = pathOf(cluster, kind, object);
  if (path === null || (object === undefined && !isList)) return;
  const isStrategic = query['strategic'] !== undefined;
  const answer = send(cluster, {
    method: isList ? 'GET' : method,
    path: subresource === '' ? path : `${path}/${subresource}`,
    query: isStrategic ? {} : query,
    accept: isList ? TABLE : 'application/json',
    contentType: patchType(method, isStrategic),
    body,
    user,
  });
  if (answer.code >= 500 && !MAY_FAIL.has(subresource) && !PORT_TAKEN.test(JSON.stringify(answer.body)))
    throw new Error(`${method} ${path} ${subresource} was answered with ${answer.code}: ${JSON.stringify(answer.body)}`);
}

export function evict(cluster: Cluster, { metadata: { namespace, name } }: Pod): void {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  send(cluster, { method: 'POST', path: `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, body });
}

/** Other requests for the first container of a pod that runs. */
export function resize(cluster: Cluster, { metadata: { namespace, name }, spec }: Pod, requests: Readonly<Record<string, string>>): void {
  const [container] = spec.containers;
  const body = { spec: { containers: [{ name: container?.name ?? '', resources: { requests } }] } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/resize`;
  const { code, body: answer } = send(cluster, { method: 'PATCH', path, contentType: patchType('PATCH', true), body });
  if (code >= 500) throw new Error(`a resize of ${namespace}/${name} was answered with ${code}: ${JSON.stringify(answer)}`);
}

/** What `kubectl drain` evicts of a node, tried once. */
export function drain(cluster: Cluster, node: string): void {
  for (const { key } of drainPlan(cluster, [node], { deleteEmptyDirData: true, force: true }).evict) {
    const pod = cluster.store.get('Pod', key) as Pod | undefined;
    if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) evict(cluster, pod);
  }
}

/** `kubectl rollout undo` of sets that keep their history in revisions. upstream: kubectl pkg/polymorphichelpers/rollback.go */
export function rollBack(cluster: Cluster, kind: string, object: ApiObject, template: JsonObject): void {
  const path = pathOf(cluster, kind, object);
  if (path !== null) send(cluster, { method: 'PATCH', path, contentType: patchType('PATCH', true), body: template });
}

function patchType(method: string, isStrategic: boolean): string {
  if (method !== 'PATCH') return 'application/json';
  return isStrategic ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json';
}

function pathOf(cluster: Cluster, key: string, object: ApiObject | undefined): string | null {
  const kind = cluster.kinds.byKey(key);
  if (kind === undefined) return null;
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  if (object === undefined) return `${root}/${kind.plural}`;
  const { namespace, name } = object.metadata;
  return namespace === undefined ? `${root}/${kind.plural}/${name}` : `${root}/namespaces/${namespace}/${kind.plural}/${name}`;
}

function send(
  cluster: Cluster,
  { method, path, query = {}, accept = 'application/json', contentType = 'application/json', body, user }: Sent,
): RestAnswer {
  const before = stateBesideRefusals(cluster);
  const request = {
    method,
    path,
    query: Object.entries(query),
    accept,
    contentType,
    user: user === undefined ? { name: ADMIN, groups: MASTERS } : { name: user, groups: ['system:authenticated'] },
    agent: 'kubectl',
    ...(body === undefined ? {} : { body }),
  };
  const answer = cluster.command({ type: 'request', request }).answer as RestAnswer;
  const trace = answer.code >= 400 && answer.code < 500 ? unlike(before, stateBesideRefusals(cluster), 'world') : null;
  if (trace !== null) throw new Error(`${method} ${path} was refused with ${answer.code} and yet changed ${trace}`);
  return answer;
}

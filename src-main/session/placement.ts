// Where a person may put a pod, and what they do to have it there: evict it, and make one like it that asks for that node by name.
// Kubernetes cannot move a pod; the request for eviction and the new pod's node affinity are what someone would type.
import { stringify } from 'yaml';
import type { ActionResult } from '../contract/object-action.ts';
import type { NodePlacement, PlaceLine, PodMove, PodPlacement } from '../contract/placement.ts';
import type { RestRequest } from '../engine/api/rest/rest-request.ts';
import { defined } from '../engine/base/assert.ts';
import { ADMIN, type Cluster } from '../engine/cluster.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import { type JsonObject, type JsonValue, keyOf } from '../engine/meta/object.ts';
import { controllerOf } from '../engine/meta/owner-references.ts';
import { parseManifest } from '../persistence/manifest.ts';
import { actOn } from './actions/act-on.ts';
import { likeNew, recreation } from './actions/undo-of.ts';

/** Controllers that take a pod for one of theirs whoever made it, and only count how many there are. */
const COUNTING: ReadonlySet<string> = new Set(['ReplicaSet', 'ReplicationController']);
const MIRROR = 'kubernetes.io/config.mirror';
const NODE_NAME = 'metadata.name';

type Affinity = NonNullable<Pod['spec']['affinity']>;
type Terms = NonNullable<NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'];

/** Asked in steps, because the scheduler's view of a large cluster takes a while to copy. */
export function* podPlacement(cluster: Cluster, key: string): Generator<void, PodPlacement> {
  const pod = podOf(cluster, key);
  const found = yield* cluster.placementsOf(freed(pod));
  const nodes = found.map(
    ({ node, rejection }): NodePlacement => ({ node, plugin: rejection?.plugin ?? '', reasons: rejection?.reasons ?? [] }),
  );
  return { node: pod.spec.nodeName ?? '', fixed: fixedBy(pod), nodes: nodes.sort(byName) };
}

/** What is refused leaves the pod where it is. */
export function movePod(cluster: Cluster, key: string, node: string): PodMove {
  const pod = podOf(cluster, key);
  if (fixedBy(pod) !== null) throw new Error(`The pod "${key}" cannot be put on a node by hand.`);
  const before = controllerOf(pod) === undefined ? recreation(pod) : '';
  return { ...evictFor(cluster, key, pod, pinned(pod, node)), before };
}

/** The other way: what was put on the node goes, and the pod as it was comes again, without a node of somebody's choice. */
export function movePodBack(cluster: Cluster, key: string, manifest: string): PodMove {
  const pod = podOf(cluster, key);
  if (manifest === '') {
    const { refused } = evict(cluster, key);
    return { refused, key, later: null, before: '' };
  }
  const [document] = parseManifest('back', manifest).documents;
  if (document === undefined) throw new Error(`There is no manifest to make the pod "${key}" from as it was.`);
  return { ...evictFor(cluster, key, pod, document.object), before: '' };
}

function evict(cluster: Cluster, key: string): ActionResult {
  return defined(actOn(cluster, { do: 'evict' }, [{ kind: 'Pod', key }])[0], 'answer to an eviction');
}

/** Nothing is made in the place of a pod that may not go; and not before its name is free. */
function evictFor(cluster: Cluster, key: string, pod: Pod, next: JsonObject): Omit<PodMove, 'before'> {
  const { refused } = evict(cluster, key);
  if (refused !== '') return { refused, key, later: null };
  const { uid } = pod.metadata;
  const nameIsTaken = controllerOf(pod) === undefined && cluster.store.get('Pod', key)?.metadata.uid === uid;
  if (nameIsTaken) return { refused: '', key, later: { uid, manifest: stringify(next, { lineWidth: 0, aliasDuplicateObjects: false }) } };
  return { ...create(cluster, pod, next), later: null };
}

/** worker-2 before worker-10. */
function byName({ node: one }: NodePlacement, { node: other }: NodePlacement): number {
  return one.length - other.length || (one < other ? -1 : 1);
}

function podOf(cluster: Cluster, key: string): Pod {
  const pod = cluster.store.get('Pod', key) as Pod | undefined;
  if (pod === undefined) throw new Error(`There is no Pod "${key}" (any more).`);
  return pod;
}

/** Others make their pods again themselves, under the same name or on a node of their own choice. */
function fixedBy(pod: Pod): PlaceLine | null {
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return { says: 'static', values: {} };
  if (pod.metadata.deletionTimestamp !== undefined) return { says: 'going', values: {} };
  const owner = controllerOf(pod);
  return owner === undefined || COUNTING.has(owner.kind) ? null : { says: 'controlled', values: { kind: owner.kind, name: owner.name } };
}

/** The pod as it was before a node was found for it, and before somebody named one. */
function freed(pod: Pod): Pod {
  const { nodeName: _nodeName, ...spec } = pod.spec;
  return { ...pod, spec: withTerms(spec, (terms) => terms.map(withoutName).filter(isNotEmpty)) };
}

function pinned(pod: Pod, node: string): JsonObject {
  const { spec, metadata } = freed(pod);
  const name = { key: NODE_NAME, operator: 'In', values: [node] };
  const named = withTerms(spec, (terms) =>
    (terms.length === 0 ? [{}] : terms).map((term) => ({ ...term, matchFields: [...(term.matchFields ?? []), name] })),
  );
  const unbound: Pod = { ...pod, spec: named };
  const again = likeNew(unbound);
  if (controllerOf(pod) === undefined) return again;
  const { name: _name, ...rest } = again['metadata'] as JsonObject;
  return { ...again, metadata: { ...rest, generateName: metadata.generateName ?? `${controllerOf(pod)?.name}-` } };
}

/** A required term is a way in of its own: each of them must name the node. */
function withTerms(spec: Pod['spec'], change: (terms: Terms) => Terms): Pod['spec'] {
  const {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required, ...preferred } = {}, ...others } = {},
    ...rest
  } = spec;
  const nodeSelectorTerms = change(required?.nodeSelectorTerms ?? []);
  const nodeAffinity = {
    ...preferred,
    ...(nodeSelectorTerms.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } }),
  };
  const affinity = { ...others, ...(Object.keys(nodeAffinity).length === 0 ? {} : { nodeAffinity }) };
  return Object.keys(affinity).length === 0 ? rest : { ...rest, affinity };
}

function withoutName(term: Terms[number]): Terms[number] {
  const { matchFields = [], ...rest } = term;
  const others = matchFields.filter(({ key, operator }) => key !== NODE_NAME || operator !== 'In');
  return others.length === 0 ? rest : { ...rest, matchFields: others };
}

function isNotEmpty({ matchExpressions = [], matchFields = [] }: Terms[number]): boolean {
  return matchExpressions.length + matchFields.length > 0;
}

function create(cluster: Cluster, { metadata: { namespace = '' } }: Pod, manifest: JsonObject): Pick<PodMove, 'refused' | 'key'> {
  const request: RestRequest = {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: [],
    accept: 'application/json',
    contentType: 'application/json',
    body: manifest as JsonValue,
    user: { name: ADMIN, groups: ['system:masters'] },
    agent: 'orrery',
  };
  const { code, body } = defined(cluster.command({ type: 'request', request }).answer, 'answer to a request');
  if (code < 300) return { refused: '', key: keyOf(body as unknown as Pod) };
  return { refused: (body as { message?: string }).message ?? `code ${code}`, key: '' };
}

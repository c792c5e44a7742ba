// What a person does: applies, deletes, scales, rolls back, breaks, mends, and lets time pass. Output reads as kubectl's.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { templateOf } from '../../src-main/engine/controllers/controller-revision/revisions.ts';
import { revisionAnnotation } from '../../src-main/engine/controllers/deployment/annotations.ts';
import { hashLabel } from '../../src-main/engine/controllers/deployment/template-hash.ts';
import type { ControllerRevision } from '../../src-main/engine/kinds/apps/controller-revision.ts';
import type { ReplicaSet } from '../../src-main/engine/kinds/apps/replica-set.ts';
import { type Kind, kindKey } from '../../src-main/engine/kinds/kind.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../src-main/engine/meta/object.ts';
import { controllerOf } from '../../src-main/engine/meta/owner-references.ts';
import { StatusError } from '../../src-main/engine/meta/status-error.ts';
import { documentsOf, type TestCluster } from '../support/test-cluster.ts';
import type { Aspect } from './observer.ts';
import type { Act, Call } from './story.ts';

type Loose = ApiObject & { readonly spec?: JsonObject; readonly status?: JsonObject };

const manifest = (name: string): string => readFileSync(fileURLToPath(new URL(`manifests/${name}`, import.meta.url)), 'utf8');

/** What `kubectl apply` takes for one object. */
const BETWEEN_OBJECTS = '20ms';

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. */
function merged(target: JsonValue | undefined, change: JsonValue): JsonValue {
  if (!isObject(change)) return change;
  const next: Record<string, JsonValue> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete next[key];
    else next[key] = merged(next[key], value);
  }
  return next;
}

/** `deployment/web`, with a namespace by `-n`. */
export function thing({ cluster, options }: Call, word: string): { readonly kind: Kind; readonly key: string; readonly title: string } {
  const [type = '', name = ''] = word.split('/');
  const kind = cluster.kind(type);
  const title = `${kindKey(kind).toLowerCase()}/${name}`;
  return { kind, key: kind.namespaced ? `${options['n'] ?? 'default'}/${name}` : name, title };
}

function edit(call: Call, word: string, did: string, change: (object: Loose) => JsonValue): readonly string[] {
  const { kind, key, title } = thing(call, word);
  call.cluster.edit(kind, key, (object) => change(object as Loose) as unknown as ApiObject);
  return [`${title} ${did}`];
}

const patched = (change: JsonObject) => (object: Loose) => merged(object as unknown as JsonValue, change);

function applyAll(cluster: TestCluster, text: string): readonly string[] {
  return documentsOf(text).flatMap((document, index) => {
    const { apiVersion, kind } = document as { apiVersion: string; kind: string };
    const name = (document['metadata'] as { name?: string }).name;
    if (index > 0) cluster.run(BETWEEN_OBJECTS);
    try {
      const { outcome, object, warnings = [] } = cluster.world.command({ type: 'apply', object: document });
      const title = `${kindKey(cluster.world.kinds.of(apiVersion, kind, undefined)).toLowerCase()}/${object?.metadata.name ?? name}`;
      return [...warnings.map((warning) => `Warning: ${warning}`), `${title} ${outcome}`];
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return [`Error from server (${error.status.reason}): ${error.message}`];
    }
  });
}

/** upstream: kubectl pkg/polymorphichelpers/rollback.go: the template of the wanted revision, or of the one before the newest. */
function undo(call: Call, word: string): readonly string[] {
  const { kind, key } = thing(call, word);
  if (kind.kind !== 'Deployment') return undoByRevision(call, word);
  const deployment = call.cluster.world.server.get(kind, key);
  const sets = [...(call.cluster.world.store.table('ReplicaSet.apps').values() as Iterable<ReplicaSet>)]
    .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid)
    .sort((a, b) => revision(b) - revision(a));
  const wanted = call.options['to-revision'];
  const set = wanted === undefined ? sets[1] : sets.find((candidate) => revision(candidate) === Number(wanted));
  if (set === undefined) return ['error: no rollout history found'];
  const { [hashLabel]: _, ...labels } = set.spec.template?.metadata?.labels ?? {};
  const template = { ...set.spec.template, metadata: { ...set.spec.template?.metadata, labels } };
  return edit(call, word, 'rolled back', (object) => ({ ...object, spec: { ...object.spec, template } }) as unknown as JsonValue);
}

/** The same of StatefulSets and DaemonSets, whose templates are kept in ControllerRevisions. */
function undoByRevision(call: Call, word: string): readonly string[] {
  const { kind, key } = thing(call, word);
  const { uid } = call.cluster.world.server.get(kind, key).metadata;
  const revisions = ([...call.cluster.world.store.table('ControllerRevision.apps').values()] as ControllerRevision[])
    .filter((candidate) => controllerOf(candidate)?.uid === uid)
    .sort((a, b) => b.revision - a.revision);
  const wanted = call.options['to-revision'];
  const found = wanted === undefined ? revisions[1] : revisions.find((candidate) => candidate.revision === Number(wanted));
  if (found === undefined) return ['error: no rollout history found'];
  const template = templateOf(found);
  return edit(call, word, 'rolled back', (object) => ({ ...object, spec: { ...object.spec, template } }) as unknown as JsonValue);
}

const revision = ({ metadata }: ApiObject): number => Number(metadata.annotations?.[revisionAnnotation] ?? 0);

export const acts: Readonly<Record<string, Act>> = {
  apply: ({ cluster, words: [file], input }) => applyAll(cluster, file === undefined ? input : manifest(file)),
  delete: (call) => {
    const { force, cascade = 'background', now } = call.options;
    const grace = force === 'true' ? '0' : now === 'true' ? '1' : call.options['grace-period'];
    const propagationPolicy = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }[cascade] as 'Background';
    const options = { propagationPolicy, ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }) };
    return call.words.map((word) => {
      const { kind, key, title } = thing(call, word);
      call.cluster.world.command({ type: 'delete', kind: kindKey(kind), key, options });
      return `${title} ${force === 'true' ? 'force ' : ''}deleted`;
    });
  },
  scale: (call) => edit(call, call.words[0] ?? '', 'scaled', patched({ spec: { replicas: Number(call.options['replicas']) } })),
  image: (call) => {
    const [word = '', text = ''] = call.words;
    const [, name = '', image = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    return edit(call, word, 'image updated', (object) => {
      const { spec: { template } = {} } = object as unknown as { spec: { template: { spec: { containers: { name: string }[] } } } };
      const containers = template?.spec.containers.map((container) => (container.name === name ? { ...container, image } : container));
      return {
        ...object,
        spec: { ...object.spec, template: { ...template, spec: { ...template?.spec, containers } } },
      } as unknown as JsonValue;
    });
  },
  rollout: (call) => {
    const [verb = '', word = ''] = call.words;
    if (verb === 'undo') return undo(call, word);
    if (verb === 'pause' || verb === 'resume') return edit(call, word, `${verb}d`, patched({ spec: { paused: verb === 'pause' || null } }));
    throw new Error(`unknown command: rollout ${verb}`);
  },
  cordon: (call) => edit(call, `node/${call.words[0]}`, 'cordoned', patched({ spec: { unschedulable: true } })),
  uncordon: (call) => edit(call, `node/${call.words[0]}`, 'uncordoned', patched({ spec: { unschedulable: null } })),
  taint: (call) => {
    const [node = '', text = ''] = call.words;
    const [, key = '', value, effect = ''] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text) ?? [];
    return edit(call, `node/${node}`, 'tainted', (object) => {
      const taints = (object.spec?.['taints'] ?? []) as readonly JsonObject[];
      const added = { key, effect, ...(value === undefined ? {} : { value }) };
      return { ...object, spec: { ...object.spec, taints: [...taints, added] } } as unknown as JsonValue;
    });
  },
  untaint: (call) =>
    edit(call, `node/${call.words[0]}`, 'untainted', (object) => {
      const taints = (object.spec?.['taints'] ?? []) as readonly JsonObject[];
      const { taints: _, ...spec } = object.spec ?? {};
      const left = taints.filter(({ key }) => key !== call.words[1]);
      return { ...object, spec: { ...spec, ...(left.length > 0 && { taints: left }) } } as unknown as JsonValue;
    }),
  patch: (call) => edit(call, call.words[0] ?? '', 'patched', patched(documentsOfPatch(call.input))),
  fail: ({ cluster, words: [failure = '', target = ''] }) => {
    cluster.fail(failure, target);
    return [];
  },
  heal: ({ cluster, words: [failure = '', target = ''] }) => {
    cluster.heal(failure, target);
    return [];
  },
  load: (call) => {
    const [word = '', perSecond = ''] = call.words;
    const { key } = thing(call, word);
    call.cluster.world.command({ type: 'load', service: key, requestsPerSecond: Number(perSecond) });
    return [];
  },
  'node-group': ({ cluster, words: [name = ''], options }) => {
    const { zone = '', min = '0', max = '0', cpu = '4', memory = '8Gi', pods = '110' } = options;
    cluster.world.command({ type: 'node-group', name, group: { zone, minSize: Number(min), maxSize: Number(max), cpu, memory, pods } });
    return [];
  },
  measure: ({ cluster, words: [name = '', value = ''] }) => {
    cluster.world.command({ type: 'measure', name, value: value === '' ? null : Number(value) });
    return [];
  },
  watch: ({ observer, names, words: [aspect = '', ...targets] }) => {
    observer.watch(
      aspect === 'nothing' ? null : (aspect as Aspect),
      targets.map((target) => names.tell(target)),
    );
    return [];
  },
  mark: ({ observer }) => {
    observer.take();
    observer.mark();
    return [];
  },
  run: ({ cluster, observer, words: [duration = ''] }) => {
    cluster.run(duration);
    return observer.take();
  },
  until: ({ cluster, observer, words: [text = ''], options }) => {
    const met = cluster.until(text, options['within']);
    return [...observer.take(), ...(met ? [] : [`not within ${options['within'] ?? '1h'}`])];
  },
};

function documentsOfPatch(text: string): JsonObject {
  const [document] = documentsOf(`apiVersion: v1\nkind: Patch\nmetadata: { name: patch }\npatch:\n${text.replace(/^/gm, '  ')}`);
  return document?.['patch'] as JsonObject;
}

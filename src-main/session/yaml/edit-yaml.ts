// A person's change of one object's YAML: merged into what is there now as `kubectl edit` merges it, and refusals put beside the fields they speak of.
// upstream: kubectl pkg/cmd/util/editor/editoptions.go visitToPatch
import type { YamlEdit, YamlFault, YamlReport } from '../../contract/yaml.ts';
import { createTwoWayPatch } from '../../engine/api/patch/create-strategic-merge.ts';
import { createMergePatch, isObject } from '../../engine/api/patch/merge-patch.ts';
import { plainSchema, schemaOfKind } from '../../engine/api/patch/merge-rules.ts';
import { applyStrategicMerge } from '../../engine/api/patch/strategic-merge.ts';
import type { RestAnswer, RestRequest } from '../../engine/api/rest/rest-request.ts';
import { defined } from '../../engine/base/assert.ts';
import { ADMIN, type Cluster } from '../../engine/cluster.ts';
import type { Kind } from '../../engine/kinds/kind.ts';
import { type JsonObject, splitKey } from '../../engine/meta/object.ts';
import type { FailureStatus } from '../../engine/meta/status-error.ts';
import { parseManifest } from '../../persistence/manifest.ts';
import { yamlOf } from '../object-detail.ts';
import { keysTellApart, overtakenFields } from './overtaken-fields.ts';
import { placeOfField } from './place-of-field.ts';

const FIRST = { line: 1, column: 1 };

/** Would it do? Nothing is kept. */
export function checkYaml(cluster: Cluster, edit: YamlEdit): YamlReport {
  return send(cluster, edit, true, (request) => cluster.rest.answer(request));
}

/** Does it, as a command of the world's log. */
export function applyYaml(cluster: Cluster, edit: YamlEdit): YamlReport {
  return send(cluster, edit, false, (request) => defined(cluster.command({ type: 'request', request }).answer, 'answer to a request'));
}

/** What a window sent, as texts. */
export function asEdit({ kind, key, base, text }: YamlEdit): YamlEdit {
  return { kind: String(kind), key: String(key), base: String(base), text: String(text) };
}

function send(cluster: Cluster, edit: YamlEdit, isDry: boolean, answer: (request: RestRequest) => RestAnswer): YamlReport {
  const kind = cluster.kinds.byKey(edit.kind);
  if (kind === undefined) throw new Error(`There is no kind ${edit.kind}.`);
  const stored = cluster.store.get(edit.kind, edit.key);
  const wanted = oneObject(edit.text);
  const base = oneObject(edit.base);
  if ('faults' in wanted) return { ...UNCHANGED, faults: wanted.faults };
  if ('faults' in base) return { ...UNCHANGED, faults: base.faults };
  // What is not there any more the API server itself refuses to change.
  const current = editable(stored === undefined ? base.object : (cluster.look(stored) as unknown as JsonObject));
  const versions = { base: editable(base.object), wanted: editable(wanted.object), current };
  // Where keys do not tell the items of lists apart, as in custom resources, a list is one value.
  const keyed = kind.schema === undefined ? schemaOfKind(kind) : plainSchema;
  const schema = Object.values(versions).every((version) => keysTellApart(version, keyed)) ? keyed : plainSchema;
  const patch = createTwoWayPatch(versions.base, versions.wanted, schema);
  if (Object.keys(patch).length === 0) return UNCHANGED;
  const fields = overtakenFields(patch, versions, schema);
  if (fields.length > 0) return { ...UNCHANGED, overtaken: fields.map((field) => ({ field, ...placeOfField(edit.text, field) })) };
  // Nothing comes in between: what the change makes of the object is sent as it is, and a wrong type is refused with the name of its field.
  const body = createMergePatch(current, applyStrategicMerge(current, patch, schema));
  const { code, body: refusal, warnings } = answer(requestOf(kind, edit.key, body, isDry));
  if (code >= 300) return { ...UNCHANGED, faults: faultsOf(refusal as FailureStatus, edit.text), warnings };
  const now = cluster.store.get(edit.kind, edit.key);
  const undo = isDry || stored === undefined || now === undefined ? null : { base: yamlOf(now), text: yamlOf(stored) };
  return { ...UNCHANGED, warnings, changed: true, undo };
}

const UNCHANGED: YamlReport = { faults: [], overtaken: [], warnings: [], changed: false, undo: null };

function oneObject(text: string): { readonly object: JsonObject } | { readonly faults: readonly YamlFault[] } {
  const { documents, faults } = parseManifest('', text);
  if (faults.length > 0) return { faults: unique(faults.map(({ line, column, message }) => ({ line, column, message }))) };
  const [first] = documents;
  if (first === undefined || documents.length > 1) return { faults: [{ ...FIRST, message: 'expected one object' }] };
  return { object: first.object };
}

/** Without what is counted up with every write, and without the status: those are not a person's to write. */
function editable({ status: _status, metadata, ...others }: JsonObject): JsonObject {
  if (!isObject(metadata)) return metadata === undefined ? others : { ...others, metadata };
  const { resourceVersion: _version, generation: _generation, managedFields: _owners, ...kept } = metadata;
  return { ...others, metadata: kept };
}

function requestOf(kind: Kind, key: string, body: JsonObject, isDry: boolean): RestRequest {
  const { namespace, name } = splitKey(key);
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return {
    method: 'PATCH',
    path: `${root}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.plural}/${name}`,
    query: [['fieldManager', 'kubectl-edit'], ['fieldValidation', 'Strict'], ...(isDry ? [['dryRun', 'All'] as const] : [])],
    accept: 'application/json',
    contentType: 'application/merge-patch+json',
    body,
    user: { name: ADMIN, groups: ['system:masters', 'system:authenticated'] },
    agent: 'orrery',
  };
}

function faultsOf({ message, details }: FailureStatus, text: string): readonly YamlFault[] {
  const causes = (details?.causes ?? []).filter(({ field }) => field !== undefined && field !== '' && field !== 'patch');
  const told = causes.map((cause) => ({ ...placeOfField(text, cause.field ?? ''), message: `${cause.field}: ${cause.message}` }));
  if (told.length > 0) return unique(told);
  const unknown = [...message.matchAll(/unknown field \\?"([^"\\]+)\\?"/g)].map(([fault, field = '']) => ({
    ...placeOfField(text, field),
    message: fault.replaceAll('\\', ''),
  }));
  if (unknown.length > 0) return unique(unknown);
  const identity = /^the (name|namespace) of the (?:provided )?object /.exec(message)?.[1];
  if (identity !== undefined) return [{ ...placeOfField(text, `metadata.${identity}`), message }];
  const [, field] = /Go struct field \w+\.([\w.]+) of type/.exec(message) ?? [];
  return [{ ...(field === undefined ? FIRST : placeOfField(text, field)), message }];
}

function unique(faults: readonly YamlFault[]): readonly YamlFault[] {
  return faults.filter((fault, at) => faults.findIndex((other) => other.line === fault.line && other.message === fault.message) === at);
}

// A person's change of one object's YAML: sent to the API server as `kubectl edit` sends it, and its refusals put beside the fields they speak of.
import type { YamlEdit, YamlFault, YamlReport } from '../../contract/yaml.ts';
import type { RestAnswer, RestRequest } from '../../engine/api/rest/rest-request.ts';
import { defined } from '../../engine/base/assert.ts';
import { ADMIN, type Cluster } from '../../engine/cluster.ts';
import type { Kind } from '../../engine/kinds/kind.ts';
import { type JsonObject, splitKey } from '../../engine/meta/object.ts';
import type { FailureStatus } from '../../engine/meta/status-error.ts';
import { parseManifest } from '../../persistence/manifest.ts';
import { mergePatchBetween } from './merge-patch-between.ts';
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
  const wanted = oneObject(edit.text);
  const base = oneObject(edit.base);
  if ('faults' in wanted) return { faults: wanted.faults, warnings: [], changed: false };
  if ('faults' in base) return { faults: base.faults, warnings: [], changed: false };
  const patch = mergePatchBetween(withoutStatus(base.object), withoutStatus(wanted.object));
  if (Object.keys(patch).length === 0) return { faults: [], warnings: [], changed: false };
  const { code, body, warnings } = answer(requestOf(kind, edit.key, patch, isDry));
  const faults = code < 300 ? [] : faultsOf(body as FailureStatus, edit.text);
  return { faults, warnings, changed: faults.length === 0 };
}

function oneObject(text: string): { readonly object: JsonObject } | { readonly faults: readonly YamlFault[] } {
  const { documents, faults } = parseManifest('', text);
  if (faults.length > 0) return { faults: unique(faults.map(({ line, column, message }) => ({ line, column, message }))) };
  const [first] = documents;
  if (first === undefined || documents.length > 1) return { faults: [{ ...FIRST, message: 'expected one object' }] };
  return { object: first.object };
}

function withoutStatus({ status: _status, ...others }: JsonObject): JsonObject {
  return others as JsonObject;
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

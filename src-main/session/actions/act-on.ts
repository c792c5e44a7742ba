// Does an action to several objects, one after the other: what is refused for one does not hold up the others.
import type { ActionResult, ObjectAction, ObjectName } from '../../contract/object-action.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { parseManifest } from '../../persistence/manifest.ts';
import { actionRequest, creationRequest } from './action-request.ts';
import { undoOf } from './undo-of.ts';

/** More than that is done in several requests, so that the window stays awake. */
export const OBJECTS_MAX = 500;

export function actOn(cluster: Cluster, action: ObjectAction, names: readonly ObjectName[]): readonly ActionResult[] {
  if (names.length > OBJECTS_MAX) throw new Error(`At most ${OBJECTS_MAX} objects at a time.`);
  return names.map((name) => (action.do === 'create' ? create(cluster, action.manifest, name) : act(cluster, action, name)));
}

function act(cluster: Cluster, action: Exclude<ObjectAction, { do: 'create' }>, { kind: kindName, key }: ObjectName): ActionResult {
  const kind = cluster.kinds.byKey(kindName);
  const before = kind === undefined ? undefined : cluster.server.find(kind, key);
  if (kind === undefined || before === undefined)
    return { kind: kindName, key, refused: `There is no ${kindName} "${key}" (any more).`, code: 404, undo: null };
  const request = actionRequest(cluster, action, kind, before);
  if ('refused' in request) return { kind: kindName, key, refused: request.refused, code: 400, undo: null };
  const { answer } = cluster.command({ type: 'request', request });
  const body = answer?.body as Answer | undefined;
  // An eviction that two budgets stand against is answered 201, with a Status that says what became of it.
  const failed = body?.status === 'Failure';
  const code = (failed ? body.code : answer?.code) ?? 500;
  const done = !failed && code < 300;
  if (!done) return { kind: kindName, key, refused: refusalOf(body, code), code, undo: null };
  if (action.do !== 'trigger') return { kind: kindName, key, refused: '', code, undo: undoOf(action, before) };
  const made = keyOf(body as unknown as ApiObject);
  return { kind: 'Job.batch', key: made, refused: '', code, undo: { do: 'delete', cascade: 'Background' } };
}

interface Answer {
  readonly status?: unknown;
  readonly code?: number;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** A budget's refusal names the budget and its numbers only among its causes. */
function refusalOf(body: Answer | undefined, code: number): string {
  const budgets = (body?.details?.causes ?? []).filter(({ reason }) => reason === 'DisruptionBudget');
  return [body?.message ?? `code ${code}`, ...budgets.map(({ message = '' }) => `${message}.`)].join(' ');
}

function create(cluster: Cluster, manifest: string, name: ObjectName): ActionResult {
  const [document] = parseManifest('undo', manifest).documents;
  if (document === undefined) return { ...name, refused: 'There is no manifest to make it from.', code: 400, undo: null };
  const kind = cluster.kinds.byKey(name.kind);
  if (kind === undefined) return { ...name, refused: `There is no kind ${name.kind}.`, code: 404, undo: null };
  // Not applied: what is there under its name, or still on its way out, is another object.
  const { answer } = cluster.command({ type: 'request', request: creationRequest(kind, document.object) });
  const code = answer?.code ?? 500;
  return { ...name, refused: code < 300 ? '' : refusalOf(answer?.body as Answer | undefined, code), code, undo: null };
}

// POST pods/binding: what a scheduler sends. upstream: pkg/registry/core/pod/storage/storage.go BindingREST
import { FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../../meta/field-error.ts';
import type { JsonObject, JsonValue } from '../../../meta/object.ts';
import { badRequest, type StatusError, unwrapped } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { keyOfCall } from '../call.ts';
import { goValueName } from '../patch-faults.ts';
import { bodyObject } from '../request-body.ts';
import { jsonAnswer } from '../rest-request.ts';
import { maybeDry } from '../write.ts';
import type { SubresourceHandler } from './subresource.ts';

export const binding: SubresourceHandler = {
  name: 'binding',
  methods: ['POST'],
  answer: (call) => {
    const body = bodyObject(call.request, 'Binding');
    const { name, uid } = { name: textIn(body, 'metadata', 'name'), uid: textIn(body, 'metadata', 'uid') };
    if (name !== call.name) throw badRequest('name in URL does not match name in Binding object');
    const target = { kind: textIn(body, 'target', 'kind'), name: textIn(body, 'target', 'name') };
    requireNode(target);
    const annotations = annotationsIn(body);
    maybeDry(call, () => call.server.bind(keyOfCall(call), { uid, node: target.name, annotations }, call.request.user.name));
    return jsonAnswer(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  },
};

/** upstream: ValidatePodBinding, whose errors reach the client as they are */
function requireNode({ kind, name }: { readonly kind: string; readonly name: string }): void {
  const at = new FieldPath('target');
  const errors = kind === '' || kind === 'Node' ? [] : [fieldNotSupported(at.child('kind'), kind, ['Node', '<empty>'])];
  if (name === '') errors.push(fieldRequired(at.child('name'), ''));
  else if (name.includes('/')) errors.push(fieldInvalid(at.child('name'), name, "may not contain '/'"));
  if (errors.length > 0) throw unwrapped(errors);
}

/** The pod gets them. */
function annotationsIn(body: JsonObject): Readonly<Record<string, string>> {
  const given = memberIn(body, 'metadata', 'annotations') ?? {};
  if (!isObject(given)) throw notOfType(given, 'metadata', 'annotations', 'map[string]string');
  for (const value of Object.values(given)) if (typeof value !== 'string') throw notOfType(value, 'metadata', 'annotations', 'string');
  return given as Record<string, string>;
}

/** A text of a part of the body; '' when there is none. */
function textIn(body: JsonObject, part: Part, name: string): string {
  const value = memberIn(body, part, name) ?? '';
  if (typeof value !== 'string') throw notOfType(value, part, name, 'string');
  return value;
}

/** The Go types of the parts of a Binding. */
const PARTS = { metadata: 'ObjectMeta', target: 'ObjectReference' } as const;
type Part = keyof typeof PARTS;

function memberIn(body: JsonObject, part: Part, name: string): JsonValue | undefined {
  const found = body[part] ?? {};
  if (!isObject(found)) throw cannotBeHandled(`${goValueName(found)} into Go struct field Binding.${part} of type v1.${PARTS[part]}`);
  return found[name];
}

function notOfType(value: JsonValue, part: Part, name: string, type: string): StatusError {
  return cannotBeHandled(`${goValueName(value)} into Go struct field ${PARTS[part]}.${part}.${name} of type ${type}`);
}

function cannotBeHandled(what: string): StatusError {
  return badRequest(`Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal ${what}`);
}

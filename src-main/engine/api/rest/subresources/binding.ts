// POST pods/binding: what a scheduler sends. upstream: pkg/registry/core/pod/storage/storage.go BindingREST
import { FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../../meta/field-error.ts';
import type { JsonObject } from '../../../meta/object.ts';
import { badRequest, invalid } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { type Call, keyOfCall } from '../call.ts';
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
    requireNode(call, target);
    const annotations = annotationsIn(body);
    maybeDry(call, () => call.server.bind(keyOfCall(call), { uid, node: target.name, annotations }, call.request.user.name));
    return jsonAnswer(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
  },
};

/** upstream: ValidatePodBinding */
function requireNode({ name }: Call, { kind, name: node }: { readonly kind: string; readonly name: string }): void {
  const at = new FieldPath('target');
  const errors = kind === '' || kind === 'Node' ? [] : [fieldNotSupported(at.child('kind'), kind, ['Node', '<empty>'])];
  if (node === '') errors.push(fieldRequired(at.child('name'), ''));
  else if (node.includes('/')) errors.push(fieldInvalid(at.child('name'), node, "may not contain '/'"));
  if (errors.length > 0) throw invalid({ group: '', kind: 'Binding' }, name, errors);
}

/** The pod gets them. */
function annotationsIn({ metadata = null }: JsonObject): Readonly<Record<string, string>> {
  const given = isObject(metadata) ? (metadata['annotations'] ?? {}) : {};
  if (isObject(given) && Object.values(given).every((value) => typeof value === 'string')) return given as Record<string, string>;
  throw badRequest(
    'Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal into Go struct field ObjectMeta.metadata.annotations of type map[string]string',
  );
}

/** A text of a part of the body; '' when there is none. */
function textIn(body: JsonObject, part: string, name: string): string {
  const found = body[part];
  const value = found !== undefined && isObject(found) ? (found[name] ?? '') : '';
  if (typeof value === 'string') return value;
  throw badRequest(
    `Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal ${typeof value} into Go struct field Binding.${part}.${name} of type string`,
  );
}

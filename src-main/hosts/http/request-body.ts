// The body of a request: bounded, and turned into JSON from any of the forms in which clients send objects. upstream: apiserver pkg/endpoints/handlers/rest.go limitedReadBody
import type { IncomingMessage } from 'node:http';
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import { duplicateFields, jsonFault } from '../../engine/base/json-fault.ts';
import type { JsonObject, JsonValue } from '../../engine/meta/object.ts';
import { badRequest, StatusError } from '../../engine/meta/status-error.ts';
import { protobufObject } from './protobuf-object.ts';
import { yamlText } from './yaml-text.ts';

/** upstream: MaxRequestBodyBytes */
const BODY_BYTES_MAX = 3 * 1024 * 1024;
const SUMMARY_BYTES_MAX = 30;
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const OBJECT_TYPES = ['application/json', 'application/yaml', PROTOBUF];
const PATCH_TYPES = [
  ...['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'],
  ...['application/apply-patch+yaml', 'application/apply-patch+json'],
];

/** A body that is too long is read to its end, so that its sender hears the answer and may go on with the connection; beyond this the connection ends. */
const DISCARDED_BYTES_MAX = 16 * BODY_BYTES_MAX;

/** The whole body. Throws StatusError (413) when it is longer than allowed. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
    else chunks.length = 0;
    if (length > DISCARDED_BYTES_MAX) request.socket.destroy();
  }
  if (length > BODY_BYTES_MAX) throw new StatusError('RequestEntityTooLarge', 413, `Request entity too large: limit is ${BODY_BYTES_MAX}`);
  return Buffer.concat(chunks);
}

type Body = Pick<RestRequest, 'body' | 'bodyFault' | 'duplicates'>;

/** Throws StatusError: 415 for a form the server does not read, 400 for bytes that are none of it. What is wrong with a text is told to who knows what it was to be. */
export function bodyOf(method: string, contentType: string, bytes: Buffer): Body {
  // A missing type means JSON: `kubectl create --raw` names none.
  const type = contentType === '' && method !== 'PATCH' ? 'application/json' : contentType;
  const accepted = method === 'PATCH' ? PATCH_TYPES : OBJECT_TYPES;
  if (bytes.length === 0 && method === 'DELETE') return {};
  if (!accepted.includes(type)) {
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
    throw new StatusError('UnsupportedMediaType', 415, message, {});
  }
  if (type === PROTOBUF) return bytes.length === 0 ? {} : readProtobuf(bytes);
  const isYaml = type.endsWith('yaml') || type.startsWith('application/apply');
  const body = isYaml ? readYaml(bytes.toString()) : readJson(bytes.toString());
  if (method === 'PATCH') return body;
  const { bodyFault } = body;
  const fault = bodyFault === undefined ? identityFault(body.body) : `${isYaml ? '' : UNIDENTIFIED}${bodyFault}`;
  return fault === undefined ? body : { bodyFault: `${fault} (${summaryOf(bytes)})` };
}

/** Deeper than any object of Kubernetes, and shallow enough for whoever looks into it. upstream: sigs.k8s.io/json max depth */
const DEPTH_MAX = 500;

/** How many fields there are in the value. Throws StatusError (400) for one that is nested too deeply, or within itself as YAML allows, or that JSON cannot hold. */
function fieldsWithin(value: unknown, around: Set<object>): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (around.has(value) || around.size > DEPTH_MAX) throw badRequest('the body of the request is nested too deeply: exceeded max depth');
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    throw badRequest('the body of the request holds what JSON cannot');
  // It could reach into every object when values are copied, and no snapshot would open that holds one.
  if (Object.hasOwn(value, '__proto__')) throw badRequest('the body of the request holds the key __proto__, which is not allowed');
  around.add(value);
  const parts = Object.values(value);
  let fields = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) fields += fieldsWithin(part, around);
  around.delete(value);
  return fields;
}

function readProtobuf(bytes: Buffer): Body {
  const body = protobufObject(bytes);
  fieldsWithin(body, new Set());
  return { body };
}

function readJson(text: string): Body {
  const value = parsedJson(text);
  if (value === undefined) return { bodyFault: jsonFault(text) };
  // Whoever names each field once, as all do, has as many colons after quotes as fields, or more where they stand within texts.
  const fields = fieldsWithin(value, new Set());
  const duplicates = (text.match(COLON)?.length ?? 0) > fields ? duplicateFields(text) : [];
  return {
    body: value,
    ...(duplicates.length === 0 ? {} : { duplicates: duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`) }),
  };
}

const COLON = /(?:[^\\]|\\\\)"\s*:/g;

function parsedJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readYaml(text: string): Body {
  try {
    const { value, duplicates } = yamlText(text);
    fieldsWithin(value, new Set());
    return { body: value, ...(duplicates.length === 0 ? {} : { duplicates }) };
  } catch (error) {
    if (error instanceof StatusError) throw error;
    return { bodyFault: `error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Of a value that can say neither what it is nor of which version. upstream: apimachinery pkg/runtime/serializer/json/meta.go Interpret */
function identityFault(body: JsonValue | undefined): string | undefined {
  const start = `${UNIDENTIFIED}json: cannot unmarshal`;
  if (body === null || body === undefined) return undefined;
  if (typeof body !== 'object' || Array.isArray(body)) return `${start} ${goName(body)} into Go value of type ${IDENTITY}`;
  for (const name of ['apiVersion', 'kind']) {
    const given = (body as JsonObject)[name] ?? '';
    if (typeof given !== 'string') return `${start} ${goName(given)} into Go struct field .${name} of type string`;
  }
  const { apiVersion } = body as { apiVersion?: string | null };
  return (apiVersion?.split('/').length ?? 0) > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined;
}

const UNIDENTIFIED = "couldn't get version/kind; json parse error: ";
const IDENTITY = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function goName(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** upstream: apiserver pkg/endpoints/handlers/rest.go summarizeData */
function summaryOf(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const start = bytes.subarray(0, SUMMARY_BYTES_MAX);
  const text = start[0] === '{'.charCodeAt(0) ? start.toString() : start.toString('hex');
  return bytes.length > SUMMARY_BYTES_MAX ? `${text} ...` : text;
}

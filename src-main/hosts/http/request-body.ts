// The body of a request: bounded, and turned into JSON from any of the forms in which clients send objects. upstream: apiserver pkg/endpoints/handlers/rest.go limitedReadBody
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { JsonValue } from '../../engine/meta/object.ts';
import { badRequest, StatusError } from '../../engine/meta/status-error.ts';
import { jsonFault } from './json-fault.ts';
import { protobufObject } from './protobuf-object.ts';

/** upstream: MaxRequestBodyBytes */
const BODY_BYTES_MAX = 3 * 1024 * 1024;
const SUMMARY_LENGTH_MAX = 30;
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

/** Throws StatusError: 415 for a form the server does not read, 400 for bytes that are none of it. */
export function bodyValue(method: string, contentType: string, bytes: Buffer): JsonValue | undefined {
  // A missing type means JSON: `kubectl create --raw` names none.
  const type = contentType === '' && method !== 'PATCH' ? 'application/json' : contentType;
  const accepted = method === 'PATCH' ? PATCH_TYPES : OBJECT_TYPES;
  if (bytes.length === 0 && method === 'DELETE') return undefined;
  if (!accepted.includes(type)) {
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
    throw new StatusError('UnsupportedMediaType', 415, message, {});
  }
  if (bytes.length === 0) return undefined;
  if (type === PROTOBUF) return protobufObject(bytes);
  return type.endsWith('yaml') ? yamlValue(bytes.toString()) : jsonValue(bytes.toString(), method === 'PATCH');
}

/** Deeper than any object of Kubernetes, and shallow enough for whoever looks into it. upstream: sigs.k8s.io/json max depth */
const DEPTH_MAX = 500;

/** Throws StatusError (400) for a value that is nested too deeply, or within itself as YAML allows, or that JSON cannot hold. */
function shallow(value: JsonValue): JsonValue {
  requireShallow(value, new Set());
  return value;
}

function requireShallow(value: unknown, around: Set<object>): void {
  if (typeof value !== 'object' || value === null) return;
  if (around.has(value) || around.size > DEPTH_MAX) throw badRequest('the body of the request is nested too deeply: exceeded max depth');
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    throw badRequest('the body of the request holds what JSON cannot');
  around.add(value);
  for (const part of Object.values(value)) requireShallow(part, around);
  around.delete(value);
}

function jsonValue(text: string, isPatch: boolean): JsonValue {
  try {
    return shallow(JSON.parse(text) as JsonValue);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if (!(error instanceof SyntaxError)) throw error;
    const fault = jsonFault(text);
    if (isPatch) throw badRequest(`error decoding patch: ${fault}`);
    throw badRequest(
      `the object provided is unrecognized (must be of type JSON): couldn't get version/kind; json parse error: ${fault} (${summaryOf(text)})`,
    );
  }
}

/** upstream: apiserver pkg/endpoints/handlers/rest.go summarizeData */
function summaryOf(text: string): string {
  const data = text.startsWith('{') ? text : Buffer.from(text).toString('hex');
  return data.length > SUMMARY_LENGTH_MAX ? `${data.slice(0, SUMMARY_LENGTH_MAX - 3)} ...` : data;
}

function yamlValue(text: string): JsonValue {
  try {
    return shallow(parse(text, { maxAliasCount: 100, logLevel: 'error' }) as JsonValue);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw badRequest(`error decoding YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  }
}

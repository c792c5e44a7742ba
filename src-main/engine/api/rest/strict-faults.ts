// What strict decoding finds in a body or a patch, in upstream's order: fields that the kind does not have, and fields that are named again.
// upstream: sigs.k8s.io/json UnmarshalStrict, apimachinery pkg/runtime/serializer/json/json.go, apiserver pkg/endpoints/handlers/{create,patch}.go
import { compareText } from '../../base/compare-text.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { isObject } from '../patch/merge-patch.ts';
import type { RestRequest } from './rest-request.ts';

const YAML = 'application/yaml';
const JSON_PATCH = 'application/json-patch+json';
const OPERATION: readonly string[] = ['op', 'path', 'from', 'value'];

/** Of an object's text. `unknown` are the fields that the kind does not have. */
export function bodyFaults(request: RestRequest, kind: Kind, unknown: readonly string[]): readonly string[] {
  const { duplicates = [], contentType, body = null } = request;
  if (isYaml(contentType)) return [...duplicates, ...[...unknown].sort(compareText)];
  if (duplicates.length === 0) return unknown;
  // Custom resources are read as they are before what their schema does not know is dropped.
  if (kind.decode !== undefined) return [...duplicates, ...unknown];
  const outside = unknown.map(pathIn);
  const known = duplicates.filter((fault) => !outside.some((path) => isWithin(pathIn(fault), path)));
  return [...unknown, ...known].sort((a, b) => compareInText(body, pathIn(a), pathIn(b)));
}

/** Of a patch: `unknown` are the fields of what it makes. */
export function patchFaults({ duplicates = [], contentType, body = null }: RestRequest, unknown: readonly string[]): readonly string[] {
  if (contentType !== JSON_PATCH) return [...duplicates, ...unknown];
  const strange = Array.isArray(body) ? body.flatMap(strangeMembers) : [];
  return [...[...strange, ...duplicates].map((fault) => `json patch ${fault}`), ...unknown];
}

/** How the whole of it is told of when it is refused. */
export function yamlFault(duplicates: readonly string[]): string {
  return `yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`;
}

export function isYaml(contentType: string): boolean {
  return contentType === YAML || contentType.startsWith('application/apply-patch');
}

function strangeMembers(operation: JsonValue, index: number): readonly string[] {
  const names = isObject(operation) ? Object.keys(operation).filter((name) => !OPERATION.includes(name)) : [];
  return names.map((name) => `unknown field ${JSON.stringify(`[${index}].${name}`)}`);
}

/** The path within a fault's quotes. */
function pathIn(fault: string): string {
  return JSON.parse(fault.slice(fault.indexOf('"'))) as string;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** By where fields stand in the text, as far as the value tells: what comes again stands behind what is within the first of its name. */
function compareInText(body: JsonValue, a: string, b: string): number {
  if (isWithin(b, a)) return a === b ? 0 : 1;
  if (isWithin(a, b)) return -1;
  const [first, second] = [placeOf(body, a), placeOf(body, b)];
  const differs = first.findIndex((place, index) => place !== second[index]);
  return (first[differs] ?? 0) - (second[differs] ?? 0);
}

/** Of each step of the path, the how manieth member it is. */
function placeOf(body: JsonValue, path: string): readonly number[] {
  const places: number[] = [];
  let value: JsonValue | undefined = body;
  for (let rest = path; rest !== ''; ) {
    const step = /^\[(\d+)\]\.?/.exec(rest);
    const name: string = step?.[1] ?? longestMember(value, rest);
    places.push(step === null ? (isObject(value ?? null) ? Object.keys(value as JsonObject).indexOf(name) : -1) : Number(name));
    value = (value as Record<string, JsonValue> | undefined)?.[name];
    rest = step === null ? rest.slice(name.length).replace(/^\./, '') : rest.slice(step[0].length);
  }
  return places;
}

/** Names may have dots in them. */
function longestMember(value: JsonValue | undefined, path: string): string {
  const names = isObject(value ?? null) ? Object.keys(value as JsonObject).filter((name) => name !== '' && isWithin(path, name)) : [];
  return names.reduce((longest, name) => (name.length > longest.length ? name : longest), '') || path;
}

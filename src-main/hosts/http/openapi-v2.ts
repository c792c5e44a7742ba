// The OpenAPI v2 document as protobuf, the one form in which kubectl asks for it.
// upstream: github.com/google/gnostic-models openapiv2/OpenAPIv2.proto

export const OPENAPI_V2_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Does the client want it so? JSON is for those who ask for nothing else. */
export function wantsProtobuf(accept: string): boolean {
  return accept.includes('com.github.proto-openapi.spec.v2');
}

/** The JSON document as gnostic's `Document`; made once for each. */
export function openApiV2(document: object): Buffer {
  let bytes = made.get(document);
  if (bytes === undefined) {
    const { swagger, info, paths, definitions } = document as Members;
    const { title, version } = info as Members;
    bytes = Buffer.concat([
      text(1, swagger),
      message(2, text(1, title), text(2, version)),
      message(8, ...entries(paths).map(([name, path]) => named(2, name, pathItem(path)))),
      message(9, ...entries(definitions).map(([name, schema]) => named(1, name, schemaOf(schema)))),
    ]);
    made.set(document, bytes);
  }
  return bytes;
}

type Members = Readonly<Record<string, unknown>>;

const made = new WeakMap<object, Buffer>();
const LENGTH_DELIMITED = 2;
const NOTHING = Buffer.alloc(0);
const METHODS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function schemaOf(schema: Members): Buffer {
  const { $ref, format, description, required = [], additionalProperties, type, items, properties } = schema;
  return Buffer.concat([
    text(1, $ref),
    text(2, format),
    text(4, description),
    ...(required as readonly string[]).map((name) => text(19, name)),
    isMembers(additionalProperties) ? message(21, message(1, schemaOf(additionalProperties))) : NOTHING,
    type === undefined ? NOTHING : message(22, text(1, type)),
    isMembers(items) ? message(23, message(1, schemaOf(items))) : NOTHING,
    properties === undefined ? NOTHING : message(25, ...entries(properties).map(([name, property]) => named(1, name, schemaOf(property)))),
    extensions(31, schema),
  ]);
}

function pathItem(path: Members): Buffer {
  return Buffer.concat(entries(path).map(([method, operation]) => message(METHODS[method] ?? 0, operationOf(operation))));
}

function operationOf(operation: Members): Buffer {
  const parameters = (operation['parameters'] ?? []) as readonly Members[];
  const found = parameters.map(({ name, type }) =>
    message(8, message(1, message(2, message(3, text(2, 'query'), text(4, name), text(6, type))))),
  );
  const responses = message(9, named(1, '200', message(1, text(1, 'OK'))));
  return Buffer.concat([...found, responses, extensions(13, operation)]);
}

/** What begins with x- is YAML; JSON is YAML, too. */
function extensions(field: number, members: Members): Buffer {
  const own = Object.entries(members).filter(([name]) => name.startsWith('x-'));
  return Buffer.concat(own.map(([name, value]) => named(field, name, text(2, JSON.stringify(value)))));
}

function named(field: number, name: string, value: Buffer): Buffer {
  return message(field, text(1, name), message(2, value));
}

function text(field: number, value: unknown): Buffer {
  return typeof value === 'string' ? message(field, Buffer.from(value)) : NOTHING;
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | LENGTH_DELIMITED), varint(body.length), body]);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function entries(value: unknown): readonly (readonly [string, Members])[] {
  return Object.entries(value as Record<string, Members>);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

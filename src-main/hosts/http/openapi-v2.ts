// The one answer that is no JSON: an OpenAPI v2 document with nothing in it, which old kubectl and the path for unknown kinds want to have seen.
// upstream: gnostic openapiv2 Document {swagger: 1, info: 2 {title: 1, version: 2}, paths: 8}

export const OPENAPI_V2_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

export function openApiV2(): Buffer {
  const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const info = Buffer.concat([field(1, Buffer.from('Kubernetes')), field(2, Buffer.from('v1.33.0'))]);
  return Buffer.concat([field(1, Buffer.from('2.0')), field(2, info), field(8, Buffer.alloc(0))]);
}

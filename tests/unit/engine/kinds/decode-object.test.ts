// Untyped objects become objects of their kind, with upstream's words for what does not fit.
import { expect, test } from 'vitest';
import { decodeObject } from '../../../../src-main/engine/kinds/decode-object.ts';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';
import { StatusError } from '../../../../src-main/engine/meta/status-error.ts';

const deployment = { group: 'apps', version: 'v1', kind: 'Deployment' };
const pod = { group: '', version: 'v1', kind: 'Pod' };

function check(kind: typeof pod, object: unknown, expected: { object?: unknown; warnings?: readonly string[]; error?: string }): void {
  try {
    const decoded = decodeObject(kind, object as JsonObject);
    expect({ object: decoded.object, warnings: decoded.warnings }).toEqual({ object, warnings: [], ...expected });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    expect(error.message).toBe(expected.error);
  }
}

test('unknown fields are named with their path, and dropped', () =>
  check(
    deployment,
    { kind: 'Deployment', spec: { replica: 3, template: { spec: { containers: [{ name: 'a', imge: 'nginx' }] } } } },
    {
      object: { kind: 'Deployment', spec: { template: { spec: { containers: [{ name: 'a' }] } } } },
      warnings: ['unknown field "spec.replica"', 'unknown field "spec.template.spec.containers[0].imge"'],
    },
  ));

test.each([
  [deployment, { spec: { replicas: 'three' } }, 'string into Go struct field DeploymentSpec.spec.replicas of type int32'],
  [deployment, { spec: { replicas: 1.5 } }, 'number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32'],
  [deployment, { spec: { replicas: 3000000000 } }, 'number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32'],
  [pod, { spec: { containers: {} } }, 'object into Go struct field PodSpec.spec.containers of type []v1.Container'],
  [
    pod,
    { spec: { containers: [{ env: [{ name: 'A', value: 1 }] }] } },
    'number into Go struct field EnvVar.spec.containers.env.value of type string',
  ],
  [pod, { spec: { hostNetwork: 'yes' } }, 'string into Go struct field PodSpec.spec.hostNetwork of type bool'],
  [pod, { metadata: { labels: ['a'] } }, 'array into Go struct field ObjectMeta.metadata.labels of type map[string]string'],
  [pod, { metadata: { labels: { a: true } } }, 'bool into Go struct field ObjectMeta.metadata.labels of type string'],
])('a wrong type is refused: %#', (kind, object, detail) =>
  check(kind, object, { error: `${kind.kind} in version "v1" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${detail}` }),
);

test('quantities become canonical, nulls vanish', () =>
  check(
    pod,
    {
      metadata: { creationTimestamp: null },
      spec: { containers: [{ resources: { requests: { cpu: 0.5, memory: '1024Ki', x: 1 }, limits: null } }] },
    },
    { object: { metadata: {}, spec: { containers: [{ resources: { requests: { cpu: '500m', memory: '1Mi', x: '1' } } }] } } },
  ));

test('a quantity that is none', () =>
  check(
    pod,
    { spec: { containers: [{ resources: { requests: { cpu: 'lots' } } }] } },
    {
      error: `Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    },
  ));

test('what needs no change is returned as it is', () => {
  const object: JsonObject = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } };
  expect(decodeObject(pod, object).object).toBe(object);
});

test('numbers and names are both fine for ports', () =>
  check(
    pod,
    { spec: { containers: [{ livenessProbe: { httpGet: { port: 'http' } }, readinessProbe: { tcpSocket: { port: 80 } } }] } },
    {},
  ));

test('nulls in lists and maps are zero values', () =>
  check(
    pod,
    {
      metadata: { labels: { a: null }, finalizers: [null] },
      spec: { containers: [null, { command: [null], resources: { limits: { cpu: null } } }] },
    },
    {
      object: {
        metadata: { labels: { a: '' }, finalizers: [''] },
        spec: { containers: [{}, { command: [''], resources: { limits: { cpu: '0' } } }] },
      },
    },
  ));

const stored = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'FlowSchema' };

test('of stored kinds metadata alone is looked into', () =>
  check(
    stored,
    { metadata: { name: 'a', nmae: 'b', labels: null }, spec: { nonsense: 1 } },
    { object: { metadata: { name: 'a' }, spec: { nonsense: 1 } }, warnings: ['unknown field "metadata.nmae"'] },
  ));
test('a wrong type in the metadata of a stored kind', () =>
  check(
    stored,
    { metadata: { name: 'a', labels: { a: 1 } } },
    {
      error:
        'FlowSchema in version "v1" cannot be handled as a FlowSchema: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    },
  ));

// Objects that came before their definition: they can be read, written and deleted once it says that their kind belongs to no namespace.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from './rest/rest-world.ts';

const BELL = `
apiVersion: tower.example/v1
kind: Bell
metadata: {name: big}
spec: {tone: 440}
`;
const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: bells.tower.example}
spec:
  group: tower.example
  scope: Cluster
  names: {kind: Bell, plural: bells, singular: bell}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

function check(manifests: readonly string[], lines: readonly (readonly [string, JsonValue?])[], expected: readonly unknown[]): void {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  for (const manifest of manifests) cluster.apply(manifest).run('5s');
  const answers = lines.map(([line, body]) => {
    const request = requestOf(line, body, line.startsWith('PATCH') ? { contentType: 'application/merge-patch+json' } : {});
    const { answer } = cluster.world.command({ type: 'request', request });
    const { metadata, spec, items } = (answer?.body ?? {}) as Record<string, any>;
    return items === undefined
      ? [answer?.code, metadata?.namespace, spec?.tone]
      : items.map((item: any) => [item.metadata.namespace, item.metadata.name]);
  });
  expect(answers).toEqual(expected);
}

const BELLS = '/apis/tower.example/v1/bells';
const change: readonly [string, JsonValue] = [`PATCH ${BELLS}/big`, { spec: { tone: 220 } }];

test('stored first', () =>
  check(
    [BELL, DEFINITION],
    [[`GET ${BELLS}`], change, [`DELETE ${BELLS}/big`], [`GET ${BELLS}`]],
    [[[undefined, 'big']], [200, undefined, 220], [200, undefined, undefined], []],
  ));
test('defined first', () => check([DEFINITION, BELL], [[`GET ${BELLS}`], change], [[[undefined, 'big']], [200, undefined, 220]]));
test('applied again', () => check([BELL, DEFINITION, BELL], [[`GET ${BELLS}`]], [[[undefined, 'big']]]));
test('two of one name: one stays', () =>
  check(
    [BELL, BELL.replace('{name: big}', '{name: big, namespace: kube-system}'), DEFINITION],
    [[`GET ${BELLS}`]],
    [[[undefined, 'big']]],
  ));

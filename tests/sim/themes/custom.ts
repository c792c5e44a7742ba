// Kinds that somebody defines: definitions that come, change and go with all that was made by them, right and wrong objects, and kinds that nobody has defined.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { HOLD } from '../workloads.ts';
import { applied, type Deed, deleted, patched, type Theme } from './theme.ts';

export const CUSTOM_GROUP = 'example.com';

function definition(random: Random): readonly Deed[] {
  const [kind, plural, scope] = random.pick([
    ['Widget', 'widgets', 'Namespaced'],
    ['Widget', 'widgets', 'Namespaced'],
    ['Gadget', 'gadgets', 'Cluster'],
  ] as const);
  const spec = {
    type: 'object',
    properties: {
      size: { type: 'integer', minimum: 0, default: random.below(3) },
      replicas: { type: 'integer' },
      colour: { type: 'string' },
    },
  };
  const status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
    subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
    additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  };
  return [
    applied({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${CUSTOM_GROUP}` },
      spec: { group: CUSTOM_GROUP, scope, names: { kind, plural, singular: kind.toLowerCase() }, versions: [version] },
    }),
  ];
}

function object(random: Random): readonly Deed[] {
  const isWidget = random.below(3) > 0;
  const name = `one-${random.below(4)}`;
  const place = isWidget ? { name, namespace: random.pick(['default', 'shop']) } : { name };
  const finalizers = random.below(4) === 0 ? { finalizers: [HOLD] } : {};
  const spec = random.pick<JsonObject>([{ size: 2 }, { colour: 'red', replicas: 1 }, { size: -1 }, { size: 'large' }, { unknown: true }]);
  return [applied({ apiVersion: `${CUSTOM_GROUP}/v1`, kind: isWidget ? 'Widget' : 'Gadget', metadata: { ...place, ...finalizers }, spec })];
}

export const customTheme: Theme = {
  name: 'custom',
  oneIn: 5,
  happeningsMax: 12,
  furniture: [],
  happenings: [
    definition,
    definition,
    object,
    object,
    object,
    object,
    (random) => [patched(random, 'Widget.example.com', { spec: { size: random.below(9) } })],
    (random) => [
      {
        what: 'ask',
        kind: 'Widget.example.com',
        pick: random.uint32(),
        method: 'PATCH',
        subresource: 'status',
        query: {},
        body: { status: { replicas: random.below(3) } },
      },
    ],
    (random) => [
      {
        what: 'ask',
        kind: 'Widget.example.com',
        pick: random.uint32(),
        method: 'PATCH',
        subresource: 'scale',
        query: {},
        body: { spec: { replicas: random.below(3) } },
      },
    ],
    (random) => [deleted(random, random.pick(['Widget.example.com', 'Gadget.example.com']))],
    (random) => [deleted(random, 'CustomResourceDefinition.apiextensions.k8s.io')],
    () => [
      applied({
        apiVersion: 'monitoring.example.org/v1',
        kind: 'Alert',
        metadata: { name: 'loud', namespace: 'default' },
        spec: { over: 9 },
      }),
    ],
  ],
};

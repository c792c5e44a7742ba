// Kinds that somebody defines: definitions that come, change and go with all that was made by them, right and wrong objects, and kinds that nobody has defined.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { HOLD } from '../workloads.ts';
import { applied, type Deed, deleted, patched, type Theme } from './theme.ts';

export const CUSTOM_GROUP = 'example.com';

export interface CustomSpec {
  readonly size?: number;
  readonly replicas?: number;
  readonly colour?: string;
}

interface SpecRule {
  /** In CEL, of `spec`. */
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly reason?: string;
  /** The same in other words: for those who judge what is stored. */
  readonly allows: (now: CustomSpec, before: CustomSpec | undefined) => boolean;
}

const RULES: readonly SpecRule[] = [
  {
    rule: '!has(self.replicas) || !has(self.size) || self.replicas <= self.size',
    message: 'as many as it is large',
    fieldPath: '.replicas',
    allows: ({ replicas, size }) => replicas === undefined || size === undefined || replicas <= size,
  },
  {
    rule: '!has(oldSelf.colour) || (has(self.colour) && self.colour == oldSelf.colour)',
    reason: 'FieldValueForbidden',
    allows: ({ colour }, before) => before?.colour === undefined || colour === before.colour,
  },
  {
    rule: '!has(self.size) || self.size % 2 == 0 || has(self.colour)',
    messageExpression: '"odd and without a colour: " + string(self.size)',
    allows: ({ size, colour }) => size === undefined || size % 2 === 0 || colour !== undefined,
  },
];

/** The rules that a stored definition has of `spec`. */
export function definedRules(definition: object): readonly SpecRule[] {
  const text = JSON.stringify(definition);
  return RULES.filter(({ rule }) => text.includes(JSON.stringify(rule)));
}

function definition(random: Random): readonly Deed[] {
  const [kind, plural, scope] = random.pick([
    ['Widget', 'widgets', 'Namespaced'],
    ['Widget', 'widgets', 'Namespaced'],
    ['Gadget', 'gadgets', 'Cluster'],
  ] as const);
  const rules = RULES.filter(() => random.below(3) === 0).map(({ allows: _words, ...stated }) => stated);
  const spec = {
    type: 'object',
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
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
  const spec = random.pick<JsonObject>([
    { size: 2 },
    { colour: 'red', replicas: 1 },
    { size: -1 },
    { size: 'large' },
    { unknown: true },
    { size: 3, colour: 'blue' },
    { size: 1, replicas: 2 },
  ]);
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
    (random) => [patched(random, 'Widget.example.com', { spec: { colour: random.pick(['red', 'blue', null]) } })],
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

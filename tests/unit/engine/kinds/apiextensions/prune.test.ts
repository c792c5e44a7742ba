import { expect, test } from 'vitest';
import { fillDefaults } from '../../../../../src-main/engine/kinds/apiextensions/fill-defaults.ts';
import type { JsonSchema } from '../../../../../src-main/engine/kinds/apiextensions/json-schema.ts';
import { prune } from '../../../../../src-main/engine/kinds/apiextensions/prune.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: { size: { type: 'integer', default: 1 }, free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    },
    list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string', default: 'x' } } } },
  },
};

function check(value: JsonValue, left: JsonValue, ...unknown: readonly string[]): void {
  const found: string[] = [];
  expect([prune(value, schema, found), found]).toEqual([left, unknown]);
}

test('what the schema does not know goes, and is told', () => {
  check(
    { kind: 'W', metadata: { name: 'w' }, spec: { size: 2, wide: 1 }, extra: {} },
    { kind: 'W', metadata: { name: 'w' }, spec: { size: 2 } },
    'spec.wide',
    'extra',
  );
  check({ list: [{ a: '1' }, { b: 2 }] }, { list: [{ a: '1' }, {}] }, 'list[1].b');
  check({ spec: { free: { anything: { at: ['all'] } } } }, { spec: { free: { anything: { at: ['all'] } } } });
});

test('a null where a default can stand counts as absent', () => check({ spec: { size: null } }, { spec: {} }));

test('what is right is the same value', () => {
  const value = { spec: { size: 2 } };
  expect(prune(value, schema, [])).toBe(value);
  expect(fillDefaults(value, schema)).toBe(value);
});

test('defaults stand for what is absent, where there is a place for them', () => {
  expect(fillDefaults({}, schema)).toEqual({});
  expect(fillDefaults({ spec: {}, list: [{}] }, schema)).toEqual({ spec: { size: 1 }, list: [{ a: 'x' }] });
});

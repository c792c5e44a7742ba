import { describe, expect, test } from 'vitest';
import {
  difference,
  type FieldSet,
  intersection,
  paths,
  pathText,
  union,
} from '../../../../../src-main/engine/api/managed-fields/field-set.ts';

const a: FieldSet = { 'f:data': { '.': {}, 'f:x': {}, 'f:y': {} } };
const b: FieldSet = { 'f:data': { 'f:y': {}, 'f:z': {} } };

describe('sets of paths', () => {
  const check = (set: FieldSet, expected: FieldSet) => expect(set).toEqual(expected);
  test('union', () => check(union(a, b), { 'f:data': { '.': {}, 'f:x': {}, 'f:y': {}, 'f:z': {} } }));
  test('difference', () => check(difference(a, b), { 'f:data': { '.': {}, 'f:x': {} } }));
  test('difference the other way', () => check(difference(b, a), { 'f:data': { 'f:z': {} } }));
  test('intersection', () => check(intersection(a, b), { 'f:data': { 'f:y': {} } }));
  test('a member that has no members left stays a member', () =>
    check(difference(a, { 'f:data': { 'f:x': {}, 'f:y': {} } }), { 'f:data': {} }));
  test('nothing of nothing', () => check(difference(a, a), {}));
});

describe('paths as people read them', () => {
  const check = (set: FieldSet, expected: readonly string[]) => expect([...paths(set)].map(pathText)).toEqual(expected);
  test('members', () => check(a, ['.data', '.data.x', '.data.y']));
  test('an item by its keys', () =>
    check({ 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:targetPort': {} } } }, ['.ports[port=80,protocol="TCP"].targetPort']));
  test('a value of a set', () => check({ 'f:finalizers': { 'v:"x"': {} } }, ['.finalizers[="x"]']));
});

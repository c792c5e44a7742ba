import { describe, expect, test } from 'vitest';
import { applyJsonPatch } from '../../../../../src-main/engine/api/patch/json-patch.ts';
import type { JsonObject, JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import type { StatusError } from '../../../../../src-main/engine/meta/status-error.ts';

const document: JsonObject = { data: { a: '1', toString: 'own' }, list: ['x', 'y'], 'a/b': { '~': 1 } };

/** What the operations make of the document, or `refused`. */
function patched(...operations: readonly JsonValue[]): unknown {
  try {
    return applyJsonPatch(document, operations);
  } catch (error) {
    return (error as StatusError).status.code === 422 ? 'refused' : error;
  }
}
const data = (...operations: readonly JsonValue[]): unknown => (patched(...operations) as JsonObject)['data'] ?? 'refused';
const list = (...operations: readonly JsonValue[]): unknown => (patched(...operations) as JsonObject)['list'] ?? 'refused';

describe('maps', () => {
  test('add', () => expect(data({ op: 'add', path: '/data/b', value: { c: 2 } })).toEqual({ a: '1', toString: 'own', b: { c: 2 } }));
  test('add below what is not there', () => expect(data({ op: 'add', path: '/none/b', value: 1 })).toBe('refused'));
  test('remove', () => expect(data({ op: 'remove', path: '/data/a' })).toEqual({ toString: 'own' }));
  test('remove what is not there', () => expect(data({ op: 'remove', path: '/data/b' })).toBe('refused'));
  test('replace what is not there', () =>
    expect(data({ op: 'replace', path: '/data/b', value: '2' })).toEqual({ a: '1', toString: 'own', b: '2' }));
  test('replace below what is not there', () => expect(data({ op: 'replace', path: '/none/b', value: '2' })).toBe('refused'));
  test('move', () => expect(data({ op: 'move', from: '/data/a', path: '/data/b' })).toEqual({ toString: 'own', b: '1' }));
  test('copy', () => expect(data({ op: 'copy', from: '/a~1b/~0', path: '/data/b' })).toEqual({ a: '1', toString: 'own', b: 1 }));
  test('test', () => expect(data({ op: 'test', path: '/data', value: { toString: 'own', a: '1' } })).not.toBe('refused'));
  test('what is not there is null', () => expect(data({ op: 'test', path: '/data/b', value: null })).not.toBe('refused'));
  test('and nothing else', () => expect(data({ op: 'test', path: '/data/b', value: '' })).toBe('refused'));
});

describe('names that every object inherits', () => {
  test('are not there', () => expect(data({ op: 'remove', path: '/data/valueOf' })).toBe('refused'));
  test('are null', () => expect(data({ op: 'test', path: '/data/constructor', value: null })).not.toBe('refused'));
  test('can be tested', () => expect(data({ op: 'test', path: '/data/constructor', value: 'b' })).toBe('refused'));
  test('can be added', () =>
    expect(data({ op: 'add', path: '/data/constructor', value: '2' }, { op: 'test', path: '/data/constructor', value: '2' })).toEqual({
      a: '1',
      toString: 'own',
      constructor: '2',
    }));
  test('lead nowhere', () => expect(data({ op: 'add', path: '/data/constructor/x', value: '2' })).toBe('refused'));
});

describe('lists', () => {
  test('add at the end', () => expect(list({ op: 'add', path: '/list/-', value: 'z' })).toEqual(['x', 'y', 'z']));
  test('add before', () => expect(list({ op: 'add', path: '/list/1', value: 'z' })).toEqual(['x', 'z', 'y']));
  test('add counted from the end', () => expect(list({ op: 'add', path: '/list/-1', value: 'z' })).toEqual(['x', 'y', 'z']));
  test('add too far', () => expect(list({ op: 'add', path: '/list/3', value: 'z' })).toBe('refused'));
  test('no place', () => expect(list({ op: 'add', path: '/list/x', value: 'z' })).toBe('refused'));
  test('remove', () => expect(list({ op: 'remove', path: '/list/0' })).toEqual(['y']));
  test('remove counted from the end', () => expect(list({ op: 'remove', path: '/list/-1' })).toEqual(['x']));
  test('remove what is not there', () => expect(list({ op: 'remove', path: '/list/2' })).toBe('refused'));
  test('replace', () => expect(list({ op: 'replace', path: '/list/1', value: 'z' })).toEqual(['x', 'z']));
  test('replace what is not there', () => expect(list({ op: 'replace', path: '/list/2', value: 'z' })).toBe('refused'));
});

describe('the whole document', () => {
  test('replace', () => expect(patched({ op: 'replace', path: '', value: { kind: 'Secret' } })).toEqual({ kind: 'Secret' }));
  test('by something else', () => expect(patched({ op: 'replace', path: '', value: 'text' })).toBe('refused'));
  test('test', () => expect(patched({ op: 'test', path: '', value: document })).toEqual(document));
  test('remove', () => expect(patched({ op: 'remove', path: '' })).toBe('refused'));
});

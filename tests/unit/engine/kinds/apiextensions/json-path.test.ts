import { expect, test } from 'vitest';
import { findAll, parseJsonPath } from '../../../../../src-main/engine/kinds/apiextensions/json-path.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';

const object: JsonValue = {
  spec: { size: 3, 'dotted.name': 'x' },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};
const check = (path: string, ...found: readonly JsonValue[]): void => expect(findAll(object, parseJsonPath(path) ?? [])).toEqual(found);

test('finds what a path names', () => {
  check('.spec.size', 3);
  check('{.spec.size}', 3);
  check('.spec.nothing');
  check('.spec.dotted\\.name', 'x');
  check(".spec['dotted.name']", 'x');
  check('.status.conditions[0].type', 'Ready');
  check('.status.conditions[-1].type', 'Other');
  check('.status.conditions[*].type', 'Ready', 'Other');
  check('.status.conditions[?(@.type=="Ready")].status', 'True');
});

test('what is no path', () => expect(parseJsonPath('.spec[')).toBeUndefined());

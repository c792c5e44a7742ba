// Objects as sets of fields: what an object says, in what two versions of it differ, and an object with some of its fields taken away.
// upstream: sigs.k8s.io/structured-merge-diff typed/{tofieldset,compare,remove}.go
import { equal } from '../../base/equal.ts';
import type { JsonValue } from '../../meta/object.ts';
import { isObject } from '../patch/merge-patch.ts';
import { EMPTY_SET, type FieldSet, isEmptySet, nodeOf } from './field-set.ts';
import type { Structure } from './structure.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Every field that the value says something about. */
export function fieldsOfValue(value: JsonValue, structure: Structure): FieldSet {
  return collected(childrenOf(value, structure) ?? [], ([, child]) => {
    const inner = fieldsOfValue(child.value, child.structure);
    return nodeOf(child.isItem || isEmptySet(inner), inner);
  });
}

/** The same for a value that is new, with all that is in it: its maps and lists are members, too. `isThere`: the place itself was there before. */
export function fieldsIn(value: JsonValue, structure: Structure, isThere: boolean): FieldSet {
  return onlyIn(value, isThere ? NOTHING : undefined, structure);
}

/** The fields in which `after` differs from `before`. What is new counts with all that it holds. */
export function compareValues(before: JsonValue | undefined, after: JsonValue | undefined, structure: Structure): Comparison {
  return {
    added: onlyIn(after, before, structure),
    removed: onlyIn(before, after, structure),
    modified: changedIn(before, after, structure),
  };
}

/** `base` with what `over` says: maps and keyed lists part by part, everything else whole. */
export function mergeValues(base: JsonValue | undefined, over: JsonValue, structure: Structure): JsonValue {
  const [left, right] = [base === undefined ? undefined : childrenOf(base, structure), childrenOf(over, structure)];
  if (base === undefined || left === undefined || right === undefined) return over;
  if (isObject(base) && isObject(over)) {
    const merged: Record<string, JsonValue> = { ...base };
    for (const [element, child] of right) merged[element.slice(2)] = mergeValues(base[element.slice(2)], child.value, child.structure);
    return merged;
  }
  const mine = new Map(right);
  const kept = left.map(([element, child]) => {
    const other = mine.get(element);
    return other === undefined ? child.value : mergeValues(child.value, other.value, child.structure);
  });
  const known = new Set(left.map(([element]) => element));
  return [...kept, ...right.filter(([element]) => !known.has(element)).map(([, child]) => child.value)];
}

/** The value without these fields. Maps and lists that are left empty by it go too, unless they were empty before. */
export function withoutFields(value: JsonValue, fields: FieldSet, structure: Structure): JsonValue | undefined {
  const children = childrenOf(value, structure);
  if (children === undefined || isEmptySet(fields)) return value;
  const left: [string, JsonValue][] = [];
  for (const [element, child] of children) {
    const node = Object.hasOwn(fields, element) ? fields[element] : undefined;
    if (node === undefined) left.push([element, child.value]);
    else if (!isEmptySet(node) && !(child.isItem && Object.hasOwn(node, '.'))) {
      const rest = withoutFields(child.value, node, child.structure);
      if (rest !== undefined) left.push([element, rest]);
    }
  }
  if (left.length === 0 && children.length > 0) return undefined;
  return Array.isArray(value)
    ? left.map(([, item]) => item)
    : Object.fromEntries(left.map(([element, member]) => [element.slice(2), member]));
}

export interface Child {
  readonly value: JsonValue;
  readonly structure: Structure;
  /** List items are members of a set in themselves, maps only when there is nothing in them. */
  readonly isItem: boolean;
  /** In every such object, whatever its writer says. */
  readonly isThere: boolean;
}

/** The parts of a value that may have owners; undefined when it is owned as a whole. */
export function childrenOf(value: JsonValue, structure: Structure): readonly (readonly [string, Child])[] | undefined {
  if (structure.of === 'map' && isObject(value))
    return Object.entries(value).map(([name, member]) => [
      elementOf(name),
      { value: member, structure: structure.member(name), isItem: false, isThere: structure.there?.has(name) === true },
    ]);
  if (!Array.isArray(value)) return undefined;
  if (structure.of === 'set')
    return value.map((item) => [`v:${JSON.stringify(item)}`, { value: item, structure: ATOM, isItem: true, isThere: false }]);
  if (structure.of !== 'items') return undefined;
  return value.map((item) => [
    `k:${keyText(item, structure.keys)}`,
    { value: item, structure: structure.item, isItem: true, isThere: false },
  ]);
}

const elements = new Map<string, string>();
/** More than the fields of all kinds that components write; what names there may be in labels and annotations is endless. */
const ELEMENTS_MAX = 1_000;

/** A member in a set of fields. The same text each time: V8 looks a text that was just put together up among all names before it is one. */
export function elementOf(name: string): string {
  let element = elements.get(name);
  if (element === undefined) {
    element = `f:${name}`;
    if (elements.size < ELEMENTS_MAX) elements.set(name, element);
  }
  return element;
}

const NOTHING: JsonValue = {};
const ATOM: Structure = { of: 'atom' };

function keyText(item: JsonValue, keys: readonly string[]): string {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && only !== 'protocol')
    return `{"${only}":${JSON.stringify((isObject(item) ? item[only] : undefined) ?? null)}}`;
  const found = keys.map((key) => [key, (isObject(item) ? item[key] : undefined) ?? (key === 'protocol' ? 'TCP' : null)] as const);
  return JSON.stringify(Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))));
}

function onlyIn(value: JsonValue | undefined, other: JsonValue | undefined, structure: Structure): FieldSet {
  const children = value === undefined ? undefined : childrenOf(value, structure);
  if (children === undefined) return EMPTY_SET;
  const others = new Map(other === undefined ? [] : (childrenOf(other, structure) ?? []));
  return collected(children, ([element, child]) => {
    const counterpart = others.get(element);
    if (counterpart !== undefined) return nodeOf(false, onlyIn(child.value, counterpart.value, child.structure));
    const isThere = child.isThere && other !== undefined && childrenOf(child.value, child.structure) !== undefined;
    return nodeOf(!isThere, onlyIn(child.value, isThere ? NOTHING : undefined, child.structure));
  });
}

function changedIn(before: JsonValue | undefined, after: JsonValue | undefined, structure: Structure): FieldSet {
  const [left, right] = [before, after].map((value) => (value === undefined ? undefined : childrenOf(value, structure)));
  if (left === undefined || right === undefined) return EMPTY_SET;
  const others = new Map(left);
  return collected(right, ([element, child]) => {
    const counterpart = others.get(element);
    if (counterpart === undefined) return undefined;
    const isWhole = childrenOf(child.value, child.structure) === undefined || childrenOf(counterpart.value, child.structure) === undefined;
    if (isWhole) return nodeOf(!equal(child.value, counterpart.value), EMPTY_SET);
    return nodeOf(false, changedIn(counterpart.value, child.value, child.structure));
  });
}

/** What is found of each member, under its name. */
export function collected(
  children: readonly (readonly [string, Child])[],
  nodeFor: (entry: readonly [string, Child]) => FieldSet | undefined,
): FieldSet {
  const set: Record<string, FieldSet> = {};
  for (const entry of children) {
    const node = nodeFor(entry);
    if (node !== undefined) set[entry[0]] = node;
  }
  return set;
}

// What a writer owns, told by its roots alone: an empty node stands for a field and all that is in it at the moment. Ten thousand pods of a template
// share one, and the fields themselves are found when somebody looks at them.
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { isObject } from '../patch/merge-patch.ts';
import { difference, EMPTY_SET, type FieldSet, isEmptySet, nodeOf } from './field-set.ts';
import { type Child, childrenOf, collected, elementOf, fieldsIn } from './object-fields.ts';
import type { Structure } from './structure.ts';

/** A field set whose empty nodes stand for everything below them; `.` is the place itself where only parts of it are meant. */
export type Outline = FieldSet;

const SELF = '.';

/** In the same order, too: whichever of two is kept, a world that is saved and opened again reads the same. */
export function isSameOutline(a: Outline, b: Outline): boolean {
  if (a === b) return true;
  const mine = Object.keys(a);
  const theirs = Object.keys(b);
  if (mine.length !== theirs.length) return false;
  for (let index = 0; index < mine.length; index += 1) {
    const element = mine[index] as string;
    if (element !== theirs[index]) return false;
    const one = a[element] as Outline;
    const other = b[element] as Outline;
    if (one !== other && !isSameOutline(one, other)) return false;
  }
  return true;
}

/** What `draft` says of the value that became of it: what others have put in on the way is not its writer's. */
export function outlineOfDraft(draft: JsonValue, stored: JsonValue, structure: Structure): Outline {
  if (draft === stored) return EMPTY_SET;
  const [said, kept] = [childrenOf(draft, structure), childrenOf(stored, structure)];
  if (said === undefined || kept === undefined) return EMPTY_SET;
  const found: Record<string, Outline> = { [SELF]: EMPTY_SET };
  const there = new Map(kept);
  let isWhole = said.length === kept.length;
  for (const [element, child] of said) {
    const counterpart = there.get(element);
    if (counterpart === undefined) isWhole = false;
    else {
      const node = outlineOfDraft(child.value, counterpart.value, child.structure);
      if (!isEmptySet(node)) isWhole = false;
      found[element] = node;
    }
  }
  return isWhole ? EMPTY_SET : found;
}

/** What in `after` is new or changed, beyond what `own` covers already and no other has a part in; undefined when that is nothing. */
export function claimsOf(
  before: JsonValue | undefined,
  after: JsonValue,
  structure: Structure,
  own: Outline | undefined,
  others: readonly Outline[],
): Outline | undefined {
  if (before === after) return undefined;
  // Nobody else has anything in it.
  if (own !== undefined && isEmptySet(own) && others.length === 0) return undefined;
  if (before === undefined) return EMPTY_SET;
  if (structure.of === 'map' && isObject(before) && isObject(after)) return claimsInMap(before, after, structure, own, others);
  const areLists = Array.isArray(before) && Array.isArray(after);
  const old = childrenOf(areLists ? withoutItems(before, after) : before, structure);
  const next = childrenOf(areLists ? withoutItems(after, before) : after, structure);
  if (old === undefined || next === undefined) return equal(before, after) ? undefined : EMPTY_SET;
  const there = new Map(old);
  return claimed(next, ([element, child]) =>
    claimsOf(there.get(element)?.value, child.value, child.structure, memberOf(own, element), membersOf(others, element)),
  );
}

/** Items that are the very same in both are passed over, too. */
function withoutItems(list: readonly JsonValue[], other: readonly JsonValue[]): JsonValue[] {
  return list.filter((item) => !other.includes(item));
}

/** Whoever owns the whole owns each part. */
function memberOf(outline: Outline | undefined, element: string): Outline | undefined {
  return outline === undefined || isEmptySet(outline) ? outline : outline[element];
}

/** The nodes there; of an outline that stands for the whole there is none to take away. */
function membersOf(outlines: readonly Outline[], element: string): readonly Outline[] {
  if (outlines.length === 0) return outlines;
  const found: Outline[] = [];
  for (const outline of outlines) {
    const node = Object.hasOwn(outline, element) ? outline[element] : undefined;
    if (node !== undefined) found.push(node);
  }
  return found;
}

/** The outline with more in it. */
export function joined(a: Outline, b: Outline): Outline {
  if (isEmptySet(a) || isEmptySet(b)) return EMPTY_SET;
  const all: Record<string, Outline> = { ...a };
  for (const [element, node] of Object.entries(b)) {
    const other = all[element];
    all[element] = other === undefined ? node : joined(other, node);
  }
  return all;
}

/** The outline without what another has claimed; undefined when nothing is left. Of a node that stands for more than the claim nothing is taken: the claim lies deeper and goes first. */
export function without(outline: Outline, claims: Outline): Outline | undefined {
  if (isEmptySet(claims)) return undefined;
  if (isEmptySet(outline)) return outline;
  let changed = false;
  const left: Record<string, Outline> = {};
  for (const [element, node] of Object.entries(outline)) {
    const claim = Object.hasOwn(claims, element) && element !== SELF ? claims[element] : undefined;
    const rest = claim === undefined ? node : without(node, claim);
    if (rest !== undefined) left[element] = rest;
    if (rest !== node) changed = true;
  }
  if (!changed) return outline;
  return isEmptySet(left) ? undefined : left;
}

/** The fields of the value that the outline stands for. */
export function expanded(outline: Outline, value: JsonValue, structure: Structure, isThere = true): FieldSet {
  if (isEmptySet(outline)) return fieldsIn(value, structure, isThere);
  return collected(childrenOf(value, structure) ?? [], ([element, child]) => {
    const node = Object.hasOwn(outline, element) ? outline[element] : undefined;
    if (node === undefined) return undefined;
    const stays = isThere && child.isThere && childrenOf(child.value, child.structure) !== undefined;
    const isMember = !stays && (isEmptySet(node) || Object.hasOwn(node, SELF));
    return nodeOf(isMember, expanded(node, child.value, child.structure, stays));
  });
}

/** `fields`, which `outline` stands for, without those of an outline that lies deeper. */
export function carved(fields: FieldSet, outline: Outline, others: FieldSet, deeper: Outline): FieldSet {
  if (isEmptySet(deeper)) return fields;
  if (isEmptySet(outline)) return difference(fields, others);
  const left: Record<string, FieldSet> = { ...fields };
  for (const [element, node] of Object.entries(outline)) {
    const [mine, theirs, below] = [fields[element], others[element], deeper[element]];
    if (element === SELF || mine === undefined || theirs === undefined || below === undefined) continue;
    const { [SELF]: self, ...inner } = mine;
    const rest = nodeOf(self !== undefined || isEmptySet(mine), carved(inner, node, theirs, below));
    if (rest === undefined) delete left[element];
    else left[element] = rest;
  }
  return left;
}

/** Members that are the very same are passed over before anybody asks for their structure. */
function claimsInMap(
  before: JsonObject,
  after: JsonObject,
  structure: Extract<Structure, { of: 'map' }>,
  own: Outline | undefined,
  others: readonly Outline[],
): Outline | undefined {
  let found: Record<string, Outline> | undefined;
  for (const name of Object.keys(after)) {
    const value = after[name];
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (value === undefined || value === old) continue;
    const element = elementOf(name);
    const claims = claimsOf(old, value, structure.member(name), memberOf(own, element), membersOf(others, element));
    if (claims === undefined) continue;
    found ??= {};
    found[element] = claims;
  }
  return found;
}

function claimed(
  children: readonly (readonly [string, Child])[],
  nodeFor: (entry: readonly [string, Child]) => Outline | undefined,
): Outline | undefined {
  const set = collected(children, nodeFor);
  return isEmptySet(set) ? undefined : set;
}

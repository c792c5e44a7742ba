// Sets of field paths, in the very form in which managedFields holds them: a tree of path elements, where `.` and empty leaves are members.
// upstream: sigs.k8s.io/structured-merge-diff fieldpath/set.go, serialize.go

/** `f:name` is a member, `k:{"name":"c"}` an item by its keys, `v:"x"` a value of a set, `.` the place itself. */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export const EMPTY_SET: FieldSet = {};
const SELF = '.';

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** A child's set with the child's own place in it, or not. */
export function nodeOf(isMember: boolean, children: FieldSet): FieldSet | undefined {
  const empty = isEmptySet(children);
  if (!isMember) return empty ? undefined : children;
  return empty ? EMPTY_SET : { [SELF]: EMPTY_SET, ...children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const all: Record<string, FieldSet> = { ...a };
  for (const [element, node] of Object.entries(b)) {
    const other = all[element];
    all[element] = element === SELF || other === undefined ? node : joined(other, node);
  }
  return all;
}

/** The set in which whoever has a part of a named field has the field, too. upstream: fieldpath/set.go EnsureNamedFieldsAreMembers */
export function withNamedFields(set: FieldSet): FieldSet {
  return Object.fromEntries(
    Object.entries(set).map(([element, node]) => {
      const inner = withNamedFields(node);
      return [element, element.startsWith('f:') && !isEmptySet(inner) ? { ...inner, [SELF]: EMPTY_SET } : inner];
    }),
  );
}

/** What is in `a` and not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combined(a, b, (inA, inB) => inA && !inB, true);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combined(a, b, (inA, inB) => inA && inB, false);
}

/** Every member with the path to it. */
export function* paths(set: FieldSet, before: readonly string[] = []): Generator<readonly string[]> {
  for (const [element, node] of Object.entries(set)) {
    if (element === SELF) continue;
    const path = [...before, element];
    if (isMember(node)) yield path;
    yield* paths(node, path);
  }
}

/** `.spec.containers[name="c"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Readonly<Record<string, unknown>>;
  return `[${Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

function isMember(node: FieldSet): boolean {
  return isEmptySet(node) || Object.hasOwn(node, SELF);
}

function joined(a: FieldSet, b: FieldSet): FieldSet {
  const { [SELF]: _a, ...childrenA } = a;
  const { [SELF]: _b, ...childrenB } = b;
  return nodeOf(isMember(a) || isMember(b), union(childrenA, childrenB)) ?? EMPTY_SET;
}

function combined(a: FieldSet, b: FieldSet, keeps: (inA: boolean, inB: boolean) => boolean, keepsRest: boolean): FieldSet {
  const found: Record<string, FieldSet> = {};
  for (const [element, node] of Object.entries(a)) {
    if (element === SELF) continue;
    const other = Object.hasOwn(b, element) ? b[element] : undefined;
    if (other === undefined) {
      if (keepsRest) found[element] = node;
      continue;
    }
    const { [SELF]: _self, ...children } = node;
    const { [SELF]: _other, ...otherChildren } = other;
    const kept = nodeOf(keeps(isMember(node), isMember(other)), combined(children, otherChildren, keeps, keepsRest));
    if (kept !== undefined) found[element] = kept;
  }
  return found;
}

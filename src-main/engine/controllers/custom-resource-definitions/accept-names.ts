// Which of the names that a definition wants are free in its group. upstream: apiextensions-apiserver pkg/controller/status/naming_controller.go calculateNamesAndConditions
import { equal } from '../../base/equal.ts';
import type { CustomResourceDefinition, DefinedNames } from '../../kinds/apiextensions/custom-resource-definition.ts';
import type { Condition } from '../../meta/conditions.ts';

export interface Accepted {
  readonly names: DefinedNames;
  /** The condition NamesAccepted. */
  readonly accepted: Condition;
}

const NONE: DefinedNames = { plural: '', kind: '' };

/** `taken`: the accepted names of the other definitions of the group. */
export function acceptNames({ spec, status }: CustomResourceDefinition, taken: readonly (DefinedNames | undefined)[]): Accepted {
  const wanted = spec.names;
  const own = status?.acceptedNames ?? NONE;
  const resources = new Set(taken.flatMap((names) => [names?.plural, names?.singular, ...(names?.shortNames ?? [])]));
  const kinds = new Set(taken.flatMap((names) => [names?.kind, names?.listKind]));
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const inUse = (name: string): string => `${JSON.stringify(name)} is already in use`;
  const chosen = (name: string | undefined, before: string | undefined, used: ReadonlySet<string | undefined>, reason: string) => {
    if (name === before || name === undefined || !used.has(name)) return name;
    conflict = { reason, message: inUse(name) };
    return before;
  };
  const plural = chosen(wanted.plural, own.plural, resources, 'PluralConflict');
  const singular = chosen(wanted.singular, own.singular, resources, 'SingularConflict');
  const clashing = (wanted.shortNames ?? []).filter((name) => !(own.shortNames ?? []).includes(name) && resources.has(name));
  if (clashing.length > 0) {
    const messages = clashing.map(inUse);
    conflict = { reason: 'ShortNamesConflict', message: messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]` };
  }
  const shortNames = clashing.length > 0 || equal(wanted.shortNames, own.shortNames) ? own.shortNames : wanted.shortNames;
  const kind = chosen(wanted.kind, own.kind, kinds, 'KindConflict');
  const listKind = chosen(wanted.listKind, own.listKind, kinds, 'ListKindConflict');
  const names: DefinedNames = {
    plural: plural ?? '',
    ...(singular === undefined ? {} : { singular }),
    ...(shortNames === undefined ? {} : { shortNames }),
    kind: kind ?? '',
    ...(listKind === undefined ? {} : { listKind }),
    ...(wanted.categories === undefined ? {} : { categories: wanted.categories }),
  };
  const accepted =
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict };
  return { names, accepted };
}

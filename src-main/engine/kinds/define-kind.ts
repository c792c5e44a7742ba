// Turns the rules a kind states into a whole Kind, with the API server's common behaviour for what it leaves out.
import { dns1123Subdomain } from '../meta/names.ts';
import type { ApiObject } from '../meta/object.ts';
import type { Kind } from './kind.ts';

type Stated = 'group' | 'version' | 'kind' | 'plural' | 'namespaced';

const same = <T>(object: T): T => object;
const nothing = (): readonly never[] => [];

/** Everything but the names may be left out. */
export function defineKind<T extends ApiObject>(rules: Pick<Kind<T>, Stated> & Partial<Omit<Kind<T>, Stated>>): Kind<T> {
  return {
    shortNames: [],
    categories: [],
    simulated: true,
    hasStatus: false,
    defaults: same,
    prepareForCreate: same,
    prepareForUpdate: same,
    validate: nothing,
    validateUpdate: nothing,
    validateName: dns1123Subdomain,
    selectableFields: () => ({}),
    columns: [],
    ...rules,
  };
}

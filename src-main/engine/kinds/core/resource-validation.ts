// The rules of resource names and amounts. upstream: pkg/apis/core/validation ValidateContainerResourceRequirements, pkg/apis/core/helper/helpers.go
import { type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { qualifiedName } from '../../meta/names.ts';
import { compareQuantities, parseQuantity, scaledQuantity } from '../../meta/quantity.ts';
import { invalidBy } from '../rules.ts';
import type { ResourceRequirements } from './pod-spec.ts';

export function validateContainerResources(resources: ResourceRequirements | undefined, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { limits = {}, requests = {} } = resources ?? {};
  for (const [name, text] of Object.entries(limits))
    errors.push(
      ...containerResourceName(name, path.child('limits').key(name)),
      ...resourceAmount(name, text, path.child('limits').key(name)),
    );
  for (const [name, text] of Object.entries(requests)) {
    const at = path.child('requests').key(name);
    errors.push(...containerResourceName(name, at), ...resourceAmount(name, text, at));
    errors.push(...againstLimit(name, text, limits[name], path));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory'))
    errors.push(fieldForbidden(path, 'HugePages require cpu or memory'));
  return errors;
}

/** An amount of a resource: not negative, and whole where only whole ones make sense. upstream: ValidateResourceQuantityValue */
export function resourceAmount(name: string, text: string, path: FieldPath): readonly FieldError[] {
  const { value } = parseQuantity(String(text));
  if (value === undefined) return [];
  const errors: FieldError[] = [];
  if (value.nanos < 0n) errors.push(fieldInvalid(path, text, 'must be greater than or equal to 0'));
  if (isWhole(name) && scaledQuantity(value, -3) % 1000n !== 0n) errors.push(fieldInvalid(path, text, 'must be an integer'));
  return errors;
}

/** An amount of which only the sign is looked at. upstream: validateBasicResource */
export function basicAmount(text: string, path: FieldPath): readonly FieldError[] {
  const { value } = parseQuantity(String(text));
  const amount = value === undefined ? 0n : scaledQuantity(value, 0);
  return amount < 0n ? [fieldInvalid(path, Number(amount), 'must be a valid resource quantity')] : [];
}

/** Any resource a node or a quota may name. upstream: validateResourceName */
export function resourceName(name: string, path: FieldPath): readonly FieldError[] {
  const errors = invalidBy(path, name, qualifiedName(name));
  if (errors.length > 0 || name.includes('/') || isStandard(name)) return errors;
  return [fieldInvalid(path, name, 'must be a standard resource type or fully qualified')];
}

/** Built-in resources, which a pod may use beyond what it requested. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** What a container may ask for. */
export function containerResourceName(name: string, path: FieldPath): readonly FieldError[] {
  const errors = resourceName(name, path);
  if (!name.includes('/')) {
    if (ofContainers.has(name) || isHugePages(name)) return errors;
    return [...errors, fieldInvalid(path, name, 'must be a standard resource for containers')];
  }
  if (isNative(name) || isExtended(name)) return errors;
  return [...errors, fieldInvalid(path, name, "doesn't follow extended resource name standard")];
}

function againstLimit(name: string, text: string, limit: string | undefined, path: FieldPath): readonly FieldError[] {
  const overcommit = isOvercommitAllowed(name);
  if (limit === undefined)
    return overcommit ? [] : [fieldRequired(path.child('limits'), 'Limit must be set for non overcommitable resources')];
  const [requested, most] = [parseQuantity(String(text)).value, parseQuantity(String(limit)).value];
  if (requested === undefined || most === undefined) return [];
  const order = compareQuantities(requested, most);
  const refuse = (rule: string) => [fieldInvalid(path.child('requests'), text, `${rule} ${name} limit of ${limit}`)];
  if (order !== 0 && !overcommit) return refuse('must be equal to');
  return order > 0 ? refuse('must be less than or equal to') : [];
}

const ofContainers: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const counts: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

function isStandard(name: string): boolean {
  return ofContainers.has(name) || counts.has(name) || name === 'storage' || /^(requests\.|limits\.|hugepages-)/.test(name);
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** A resource that some device plugin offers. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
}

function isWhole(name: string): boolean {
  return counts.has(name) || isExtended(name);
}

// What of a service's addresses and families may change: a second one may come and go, the first stays.
// upstream: pkg/apis/core/validation validateUpgradeDowngradeClusterIPs, validateUpgradeDowngradeIPFamilies
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { goStrings, goTexts } from '../go-syntax.ts';
import type { Service } from './service.ts';

type Spec = Service['spec'];

const specPath = new FieldPath('spec');
const KEPT = 'may not change once set';

export function validateAddressChange(next: Spec, previous: Spec): readonly FieldError[] {
  if (next.type === 'ExternalName' || previous.type === 'ExternalName') return [];
  return [...changedAddresses(next, previous), ...changedFamilies(next, previous)];
}

function changedAddresses(next: Spec, previous: Spec): readonly FieldError[] {
  const { clusterIPs: after = [] } = next;
  const { clusterIPs: before = [] } = previous;
  if (isHeadless(next) && isHeadless(previous)) return [];
  const path = specPath.child('clusterIPs');
  const refuse = (index: number, detail: string): FieldError => fieldInvalid(path.index(index), goStrings(next.clusterIPs), detail);
  if (before.length === after.length) return before.flatMap((ip, index) => (ip === after[index] ? [] : [refuse(index, KEPT)]));
  const errors: FieldError[] = [];
  if (after.length === 0) errors.push(refuse(0, 'primary clusterIP can not be unset'));
  else if (before.length > 0 && after[0] !== before[0]) errors.push(refuse(0, KEPT));
  if (before.length > after.length && after.length === 1) errors.push(...releasedAlone(next, 'clusterIP'));
  return errors;
}

function changedFamilies(next: Spec, previous: Spec): readonly FieldError[] {
  const { ipFamilies: after = [] } = next;
  const { ipFamilies: before = [] } = previous;
  // A service without addresses of its own may have any.
  if (isHeadless(next) || isHeadless(previous)) return [];
  const path = specPath.child('ipFamilies').index(0);
  if (before.length === after.length)
    return before.flatMap((family, index) =>
      family === after[index] ? [] : [fieldInvalid(path, goTexts('core.IPFamily', next.ipFamilies), KEPT)],
    );
  const errors: FieldError[] = [];
  if (before.length > after.length && (next.clusterIPs ?? []).length === 0)
    errors.push(fieldInvalid(path, goTexts('core.IPFamily', next.ipFamilies), 'primary ipFamily can not be unset'));
  if (after.length > 0 && before.length > 0 && after[0] !== before[0]) errors.push(fieldInvalid(path, goStrings(next.clusterIPs), KEPT));
  if (before.length > after.length && after.length === 1) errors.push(...releasedAlone(next, 'ipFamily'));
  return errors;
}

/** Who gives the second one up has to say that there shall be one. */
function releasedAlone({ ipFamilyPolicy }: Spec, what: string): readonly FieldError[] {
  if (ipFamilyPolicy === 'SingleStack') return [];
  const detail = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return [fieldInvalid(specPath.child('ipFamilyPolicy'), ipFamilyPolicy ?? null, detail)];
}

function isHeadless({ clusterIPs = [] }: Spec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None';
}

// The rules of lists that hold at most one address, or one range of addresses, of each family. upstream: pkg/apis/core/validation validatePodIPs, validateHostIPs, ValidateNode
import { type FieldError, type FieldPath, fieldDuplicate, fieldInvalid, GoSyntax } from '../../meta/field-error.ts';
import { goStrings } from '../go-syntax.ts';
import { invalidBy } from '../rules.ts';
import { isCidr } from './cidr.ts';
import { ipFaults } from './ip-address.ts';

export function validateAddresses(addresses: readonly { readonly ip?: string }[], path: FieldPath): readonly FieldError[] {
  const texts = addresses.map(({ ip }) => ip ?? '');
  const [only = ''] = texts;
  // Kubelets write one at each start of a pod.
  if (texts.length === 1 && ipFaults(only).length === 0) return [];
  const shown = new GoSyntax(
    `[]core.${path.toString().endsWith('hostIPs') ? 'HostIP' : 'PodIP'}{${texts.map((ip) => `{IP:"${ip}"}`).join(', ')}}`,
  );
  return [
    ...texts.flatMap((ip, index) => invalidBy(path.index(index), ip, ipFaults(ip))),
    ...onePerFamily(texts, shown, 'may specify no more than one IP for each IP family', path),
    ...repeated(texts, path),
  ];
}

export function validateRanges(ranges: readonly string[], path: FieldPath): readonly FieldError[] {
  const fault = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
  return [
    ...ranges.flatMap((range, index) => (isCidr(range) ? [] : [fieldInvalid(path.index(index), range, fault)])),
    ...onePerFamily(ranges, goStrings(ranges), 'may specify no more than one CIDR for each IP family', path),
    ...repeated(ranges, path),
  ];
}

function onePerFamily(texts: readonly string[], shown: unknown, fault: string, path: FieldPath): readonly FieldError[] {
  const six = texts.filter((text) => text.includes(':')).length;
  const isDual = texts.length === 2 && six === 1;
  return texts.length < 2 || isDual ? [] : [fieldInvalid(path, shown, fault)];
}

function repeated(texts: readonly string[], path: FieldPath): readonly FieldError[] {
  return texts.flatMap((text, index) => (texts.indexOf(text) === index ? [] : [fieldDuplicate(path.index(index), text)]));
}

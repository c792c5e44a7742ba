// The string formats that schemas of custom resources may ask for; unknown ones ask for nothing. upstream: kube-openapi pkg/validation/strfmt/default.go
import { parseTimestamp } from '../../base/timestamp.ts';
import { isIpv4, isIpv6 } from '../core/ip-address.ts';

export function hasFormat(text: string, format: string): boolean {
  return Object.hasOwn(formats, format) ? formats[format]?.(text) === true : true;
}

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: (text) => /\/\d{1,3}$/.test(text) && isAddress(text.slice(0, text.lastIndexOf('/'))),
  date: matches(/^\d{4}-\d\d-\d\d$/),
  'date-time': (text) => parseTimestamp(text) !== null,
  duration: matches(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w)\s*)+$/),
  email: matches(/^[^@\s]+@[^@\s]+$/),
  hostname: matches(/^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/),
  ipv4: isIpv4,
  ipv6: isIpv6,
  mac: matches(/^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/),
  uri: matches(/^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$/),
  uuid: matches(/^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/),
};

function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

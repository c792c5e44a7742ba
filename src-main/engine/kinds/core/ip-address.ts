// The syntax of IP addresses in API fields. upstream: apimachinery pkg/util/validation/ip.go, pkg/apis/core/validation ValidateNonSpecialIP

/** Upstream's message when the text is no IP address. Old-style leading zeros are refused. */
export function ipFaults(text: string): readonly string[] {
  return isIpv4(text) || isIpv6(text) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
}

/** Why traffic cannot be sent to the address, if it cannot. */
export function specialIpFault(text: string): string | undefined {
  const special = text.includes(':') ? specialIpv6(text) : specialIpv4(text);
  return special === undefined ? undefined : `may not be ${special}`;
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

export function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

export function isIpv6(text: string): boolean {
  if (!text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const mapped = last.includes('.');
  if (mapped && !isIpv4(last)) return false;
  const plain = mapped ? groups.slice(0, -1) : groups;
  const count = plain.length + (mapped ? 2 : 0);
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** Lower case, no leading zeros, the longest row of zero groups left out. upstream: Go netip.Addr.String */
export function canonicalIp(text: string): string {
  if (!text.includes(':')) return text;
  const [left = '', right] = text.toLowerCase().split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
  const rows = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([row]) => row);
  const longest = rows.reduce((best, row) => (row.replace(/^:/, '').length > best.replace(/^:/, '').length ? row : best), '');
  if (longest === '') return groups.join(':');
  const shortened = groups.join(':').replace(longest, '::').replace(':::', '::');
  return shortened;
}

const UNSPECIFIED = 'unspecified (0.0.0.0 or ::)';
const LOOPBACK = 'in the loopback range (127.0.0.0/8, ::1/128)';
const LINK_LOCAL = 'in the link-local range (169.254.0.0/16, fe80::/10)';
const LINK_LOCAL_MULTICAST = 'in the link-local multicast range (224.0.0.0/24, ff02::/10)';

function specialIpv4(text: string): string | undefined {
  if (text === '0.0.0.0') return UNSPECIFIED;
  if (text.startsWith('127.')) return LOOPBACK;
  if (text.startsWith('169.254.')) return LINK_LOCAL;
  return text.startsWith('224.0.0.') ? LINK_LOCAL_MULTICAST : undefined;
}

function specialIpv6(text: string): string | undefined {
  if (/^[0:]+$/.test(text)) return UNSPECIFIED;
  if (/^(0*:)*:?0*1$/.test(text)) return LOOPBACK;
  if (/^fe[89ab]/i.test(text)) return LINK_LOCAL;
  return /^ff02:/i.test(text) ? LINK_LOCAL_MULTICAST : undefined;
}

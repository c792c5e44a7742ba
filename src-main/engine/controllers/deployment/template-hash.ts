// The hash of a pod template that names a ReplicaSet and tells its pods apart.
// upstream: pkg/controller/controller_utils.go ComputeHash. Its FNV is taken over a Go dump of the struct; ours over the template's JSON, so that names differ in letters but not in form.
import { equal } from '../../base/equal.ts';
import type { Deployment } from '../../kinds/apps/deployment.ts';

export const hashLabel = 'pod-template-hash';

type Template = Deployment['spec']['template'];

/** upstream: apimachinery pkg/util/rand SafeEncodeString: no vowels and no look-alikes. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function templateHash(template: Template, collisionCount: number | undefined): string {
  const text = canonical(template) + (collisionCount === undefined ? '' : `/${collisionCount}`);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  let encoded = '';
  for (const digit of String(hash >>> 0)) encoded += ALPHABET[digit.charCodeAt(0) % ALPHABET.length];
  return encoded;
}

/** Equal but for the hash label. upstream: EqualIgnoreHash */
export function sameTemplate(a: Template, b: Template): boolean {
  return a === b || equal(withoutHash(a), withoutHash(b));
}

function withoutHash(template: Template): Template {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** JSON with sorted keys, so that the order of a manifest does not matter. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
    .join(',')}}`;
}

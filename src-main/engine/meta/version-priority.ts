// Which of two versions of an API is to be preferred: stable ones before betas before alphas, and newer ones first.
// upstream: apimachinery pkg/version/helpers.go CompareKubeAwareVersionStrings

/** Below 0 when `a` comes first. */
export function byVersionPriority(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === undefined || right === undefined) return left === right ? (a < b ? -1 : Number(a > b)) : left === undefined ? 1 : -1;
  for (const [index, part] of left.entries()) if (part !== right[index]) return (right[index] ?? 0) - part;
  return 0;
}

const STAGES = ['alpha', 'beta', undefined];

/** Stability, major and minor; undefined for a name that tells no version. */
function partsOf(version: string): readonly number[] | undefined {
  const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  return found === null ? undefined : [STAGES.indexOf(found[2]), Number(found[1]), Number(found[3] ?? 0)];
}

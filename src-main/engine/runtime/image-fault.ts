// What is wrong with an image's name: a runtime is never asked for one that cannot be read.
// upstream: distribution/reference normalize.go ParseNormalizedNamed, regexp.go; pkg/util/parsers ParseImageName

const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^((?:${DOMAIN}/)?${PART}(?:/${PART})*)(?::[\\w][\\w.-]{0,127})?(?:@${DIGEST})?$`);
const NAME_LENGTH_MAX = 255;

/** '' when the name can be read. */
export function imageFault(image: string): string {
  let fault = faults.get(image);
  if (fault === undefined) {
    fault = faultOf(image);
    if (faults.size < FAULTS_MAX) faults.set(image, fault);
  }
  return fault;
}

/** Each start of each container asks. */
const faults = new Map<string, string>();
const FAULTS_MAX = 1_000;

function faultOf(image: string): string {
  if (/^[a-f0-9]{64}$/.test(image)) return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`;
  const [domain, rest] = split(image);
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  if (path.toLowerCase() !== path) return `invalid reference format: repository name (${path}) must be lowercase`;
  const name = REFERENCE.exec(`${domain}/${rest}`)?.[1];
  if (name === undefined) return 'invalid reference format';
  return name.length - domain.length - 1 > NAME_LENGTH_MAX ? `repository name must not be more than ${NAME_LENGTH_MAX} characters` : '';
}

/** upstream: normalize.go splitDockerDomain */
function split(image: string): readonly [domain: string, rest: string] {
  const slash = image.indexOf('/');
  const head = slash < 0 ? '' : image.slice(0, slash);
  const isDomain = slash >= 0 && (/[.:]/.test(head) || head === 'localhost' || head.toLowerCase() !== head);
  const domain = isDomain ? head : 'docker.io';
  const rest = isDomain ? image.slice(slash + 1) : image;
  return [domain, domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest];
}

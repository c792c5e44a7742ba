// The Pod Security Standards: what of a pod is beyond `baseline` and `restricted`, with upstream's words.
// upstream: staging/src/k8s.io/pod-security-admission/policy (release 1.33, with the rules of older ones)
import { goQuote } from '../../meta/go-quote.ts';
import type { Container, EphemeralContainer, PodSpec, Volume } from './pod-spec.ts';

export type SecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** A level, and the minor release whose rules are meant. */
export interface LevelVersion {
  readonly level: SecurityLevel;
  readonly minor: number;
}

/** What is held against the standards: a pod or a pod template. */
export interface SecuredPod {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } | undefined;
  readonly spec: PodSpec;
}

/** The rules of every later release are those of this one. upstream: policy/registry.go maxVersion */
export const NEWEST_MINOR = 32;

/** One text for all that is wrong, '' when nothing is. upstream: policy/checks.go ForbiddenDetail */
export function securityFaults(pod: SecuredPod, level: LevelVersion): string {
  return faultsOf(pod, level)
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');
}

/** Only the reasons, without the names of containers. upstream: policy/checks.go ForbiddenReason */
export function securityReasons(pod: SecuredPod, level: LevelVersion): string {
  return faultsOf(pod, level)
    .map(({ reason }) => reason)
    .join(', ');
}

interface Fault {
  readonly reason: string;
  readonly detail: string;
}

type AnyContainer = Container | EphemeralContainer;
type Security = NonNullable<Container['securityContext']> & { readonly appArmorProfile?: { readonly type: string } };
type Annotations = Readonly<Record<string, string>>;

interface Check {
  /** `minor`: the release whose rules are meant; annotations count where fields came later. */
  readonly check: (spec: PodSpec, minor: number, annotations: Annotations) => Fault | null;
  /** The first release with this rule. */
  readonly since?: number;
  /** From this release on, a stricter rule of the same matter takes its place at `restricted`. */
  readonly overriddenSince?: number;
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP_OF_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/';
const NONE: Annotations = {};

/** In the order of upstream's names of them, those of baseline first. upstream: policy/registry.go populate */
const baseline: readonly Check[] = [
  { check: appArmor },
  { check: capabilitiesBaseline, overriddenSince: 22 },
  { check: hostNamespaces },
  { check: hostPathVolumes, overriddenSince: 0 },
  { check: hostPorts },
  {
    check: (spec) => container(spec, 'privileged', ({ privileged }) => privileged === true, 'must not set securityContext.privileged=true'),
  },
  { check: procMount },
  { check: seLinuxOptions },
  { check: seccompBaseline, overriddenSince: 19 },
  { check: sysctls },
  { check: hostProcess },
];

const restricted: readonly Check[] = [
  { check: allowPrivilegeEscalation, since: 8 },
  { check: capabilitiesRestricted, since: 22 },
  { check: restrictedVolumes },
  { check: runAsNonRoot },
  { check: runAsUser, since: 23 },
  { check: seccompRestricted, since: 19 },
];

// Pods of one template share their spec.
const remembered = new WeakMap<PodSpec, Map<string, readonly Fault[]>>();

function faultsOf({ metadata, spec }: SecuredPod, { level, minor: given }: LevelVersion): readonly Fault[] {
  if (level === 'privileged') return [];
  const minor = Math.min(given, NEWEST_MINOR);
  const annotations = countingAnnotations(metadata?.annotations);
  if (annotations !== NONE) return foundFaults(spec, level, minor, annotations);
  const known = remembered.get(spec) ?? new Map<string, readonly Fault[]>();
  const key = `${level}:${minor}`;
  const faults = known.get(key) ?? foundFaults(spec, level, minor, NONE);
  remembered.set(spec, known.set(key, faults));
  return faults;
}

function foundFaults(spec: PodSpec, level: SecurityLevel, minor: number, annotations: Annotations): readonly Fault[] {
  const kept = level === 'baseline' ? baseline : baseline.filter(({ overriddenSince = Infinity }) => minor < overriddenSince);
  return [...kept, ...(level === 'baseline' ? [] : restricted)]
    .filter(({ since = 0 }) => minor >= since)
    .flatMap(({ check }) => check(spec, minor, annotations) ?? []);
}

function countingAnnotations(annotations: Annotations = NONE): Annotations {
  const counting = Object.entries(annotations).filter(
    ([name]) => name.startsWith(APP_ARMOR) || name.startsWith(SECCOMP) || name === SECCOMP_OF_POD,
  );
  return counting.length === 0 ? NONE : Object.fromEntries(counting);
}

const defaultCapabilities: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
/** Safe ones, by the release that let them in. */
const safeSysctls = sinceRelease({
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
});
const seLinuxTypes = sinceRelease({
  '': 0,
  container_t: 0,
  container_init_t: 0,
  container_kvm_t: 0,
  container_engine_t: 31,
});
const volumeTypes: ReadonlySet<string> = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);

function sinceRelease(minors: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(minors));
}

function containersOf({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): readonly AnyContainer[] {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

function namesOf(spec: PodSpec, isBad: (security: Security, container: AnyContainer) => boolean): readonly string[] {
  return containersOf(spec)
    .filter((one) => isBad(one.securityContext ?? {}, one))
    .map(({ name }) => name);
}

/** Nothing inside is escaped. upstream: policy/helpers.go joinQuote */
const quoted = (names: readonly string[]): string => `"${names.join('", "')}"`;
const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);
/** `container "a"`, `containers "a", "b"`. */
const called = (names: readonly string[]): string => `${plural('container', names.length)} ${quoted(names)}`;
/** Rules that Windows cannot follow are not asked of it, from release 25 on. */
const isExempt = ({ os }: PodSpec, minor: number): boolean => minor >= 25 && os?.name === 'windows';

function container(spec: PodSpec, reason: string, isBad: (security: Security) => boolean, must: string): Fault | null {
  const names = namesOf(spec, isBad);
  return names.length === 0 ? null : { reason, detail: `${called(names)} ${must}` };
}

function appArmor(spec: PodSpec, _minor: number, annotations: Annotations): Fault | null {
  const values = new Set<string>();
  const isBad = ({ appArmorProfile }: Security): boolean => {
    const isForbidden = appArmorProfile !== undefined && appArmorProfile.type !== 'RuntimeDefault' && appArmorProfile.type !== 'Localhost';
    if (isForbidden) values.add(appArmorProfile.type);
    return isForbidden;
  };
  const setters = settersOf(spec, isBad);
  const forbidden = Object.entries(annotations)
    .filter(
      ([name, value]) => name.startsWith(APP_ARMOR) && !(value === '' || value === 'runtime/default' || value.startsWith('localhost/')),
    )
    .map(([name, value]) => `${name}=${goQuote(value)}`)
    .sort();
  if (forbidden.length > 0) setters.push(plural('annotation', forbidden.length));
  if (setters.length === 0) return null;
  const bad = [...[...values].sort(), ...forbidden];
  const detail = `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(bad)}`;
  return { reason: plural('forbidden AppArmor profile', bad.length), detail };
}

/** The pod, if its own context is bad, and the containers whose contexts are. */
function settersOf(spec: PodSpec, isBad: (security: Security) => boolean): string[] {
  const pod = isBad((spec.securityContext ?? {}) as Security) ? ['pod'] : [];
  const names = namesOf(spec, isBad);
  return names.length === 0 ? pod : [...pod, called(names)];
}

function capabilitiesBaseline(spec: PodSpec): Fault | null {
  const detail = forbiddenCapabilities(spec, defaultCapabilities);
  return detail === '' ? null : { reason: 'non-default capabilities', detail };
}

function capabilitiesRestricted(spec: PodSpec, minor: number): Fault | null {
  if (isExempt(spec, minor)) return null;
  const undropped = namesOf(spec, ({ capabilities }) => capabilities?.drop?.includes('ALL') !== true);
  const forbidden = forbiddenCapabilities(spec, new Set(['NET_BIND_SERVICE']));
  const details = undropped.length === 0 ? [] : [`${called(undropped)} must set securityContext.capabilities.drop=["ALL"]`];
  if (forbidden !== '') details.push(forbidden);
  return details.length === 0 ? null : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function forbiddenCapabilities(spec: PodSpec, allowed: ReadonlySet<string>): string {
  const added = new Set<string>();
  const names = namesOf(spec, ({ capabilities }) => {
    const bad = (capabilities?.add ?? []).filter((name) => !allowed.has(name));
    for (const name of bad) added.add(name);
    return bad.length > 0;
  });
  return names.length === 0 ? '' : `${called(names)} must not include ${quoted([...added].sort())} in securityContext.capabilities.add`;
}

function hostNamespaces({ hostNetwork, hostPID, hostIPC }: PodSpec): Fault | null {
  const set = Object.entries({ hostNetwork, hostPID, hostIPC }).filter(([, value]) => value === true);
  return set.length === 0 ? null : { reason: 'host namespaces', detail: set.map(([name]) => `${name}=true`).join(', ') };
}

function hostPathVolumes({ volumes = [] }: PodSpec): Fault | null {
  const names = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? null : { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoted(names)}` };
}

function hostPorts(spec: PodSpec): Fault | null {
  const used = new Set<number>();
  const names = namesOf(spec, (_security, { ports = [] }) => {
    const bad = ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [hostPort]));
    for (const port of bad) used.add(port);
    return bad.length > 0;
  });
  if (names.length === 0) return null;
  const listed = `${plural('hostPort', used.size)} ${[...used].map(String).sort().join(', ')}`;
  return { reason: 'hostPort', detail: `${called(names)} ${names.length === 1 ? 'uses' : 'use'} ${listed}` };
}

function procMount(spec: PodSpec): Fault | null {
  const isBad = ({ procMount: given = 'Default' }: Security): boolean => given !== 'Default';
  return container(spec, 'procMount', isBad, 'must not set securityContext.procMount to "Unmasked"');
}

function seLinuxOptions(spec: PodSpec, minor: number): Fault | null {
  const types = new Set<string>();
  let [isUserSet, isRoleSet] = [false, false];
  const setters = settersOf(spec, ({ seLinuxOptions: options }) => {
    const { type = '', user = '', role = '' } = options ?? {};
    const isTypeBad = minor < (seLinuxTypes.get(type) ?? Infinity);
    if (isTypeBad) types.add(type);
    isUserSet ||= user !== '';
    isRoleSet ||= role !== '';
    return isTypeBad || user !== '' || role !== '';
  });
  if (setters.length === 0) return null;
  const data = types.size === 0 ? [] : [`${plural('type', types.size)} ${quoted([...types].sort())}`];
  if (isUserSet) data.push('user may not be set');
  if (isRoleSet) data.push('role may not be set');
  return { reason: 'seLinuxOptions', detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}` };
}

function seccompBaseline(spec: PodSpec, minor: number, annotations: Annotations): Fault | null {
  if (minor < 19) return seccompAnnotations(spec, annotations);
  const setters = settersOf(spec, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined');
  if (setters.length === 0) return null;
  return { reason: 'seccompProfile', detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"` };
}

function seccompAnnotations(spec: PodSpec, annotations: Annotations): Fault | null {
  const isGood = (value: string): boolean => value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
  const bad = [SECCOMP_OF_POD, ...containersOf(spec).map(({ name }) => `${SECCOMP}${name}`)]
    .flatMap((name) => {
      const value = annotations[name];
      return value === undefined || isGood(value) ? [] : [`${name}=${goQuote(value)}`];
    })
    .sort();
  if (bad.length === 0) return null;
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', bad.length)} ${bad.join(', ')}` };
}

function seccompRestricted(spec: PodSpec, minor: number, annotations: Annotations): Fault | null {
  if (isExempt(spec, minor)) return null;
  const explicit = seccompBaseline(spec, minor, annotations);
  if (explicit !== null || spec.securityContext?.seccompProfile !== undefined) return explicit;
  const names = namesOf(spec, ({ seccompProfile }) => seccompProfile === undefined);
  const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return names.length === 0 ? null : { reason: 'seccompProfile', detail: `pod or ${called(names)} ${must}` };
}

function sysctls({ securityContext }: PodSpec, minor: number): Fault | null {
  const names = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => minor < (safeSysctls.get(name) ?? Infinity));
  return names.length === 0 ? null : { reason: 'forbidden sysctls', detail: names.join(', ') };
}

function hostProcess(spec: PodSpec): Fault | null {
  const setters = settersOf(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  const detail = `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`;
  return setters.length === 0 ? null : { reason: 'hostProcess', detail };
}

function allowPrivilegeEscalation(spec: PodSpec, minor: number): Fault | null {
  if (isExempt(spec, minor)) return null;
  const isBad = (security: Security): boolean => security.allowPrivilegeEscalation !== false;
  return container(spec, 'allowPrivilegeEscalation != false', isBad, 'must set securityContext.allowPrivilegeEscalation=false');
}

function restrictedVolumes({ volumes = [] }: PodSpec): Fault | null {
  const typeOf = (volume: Volume): string => Object.keys(volume).find((name) => name !== 'name') ?? 'unknown';
  const bad = volumes.filter((volume) => !volumeTypes.has(typeOf(volume)));
  if (bad.length === 0) return null;
  const types = [...new Set(bad.map(typeOf))].sort();
  const verb = bad.length === 1 ? 'uses' : 'use';
  const names = quoted(bad.map(({ name }) => name));
  const detail = `${plural('volume', bad.length)} ${names} ${verb} restricted ${plural('volume type', types.length)} ${quoted(types)}`;
  return { reason: 'restricted volume types', detail };
}

function runAsNonRoot(spec: PodSpec): Fault | null {
  const reason = 'runAsNonRoot != true';
  const ofPod = spec.securityContext?.runAsNonRoot;
  const setters = settersOf(spec, (security) => security.runAsNonRoot === false);
  if (setters.length > 0) return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  const names = ofPod === true ? [] : namesOf(spec, (security) => security.runAsNonRoot === undefined);
  return names.length === 0 ? null : { reason, detail: `pod or ${called(names)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser(spec: PodSpec): Fault | null {
  const setters = settersOf(spec, (security) => security.runAsUser === 0);
  return setters.length === 0 ? null : { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
}

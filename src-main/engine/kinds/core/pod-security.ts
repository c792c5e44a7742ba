// The Pod Security Standards: what of a pod is beyond `baseline` and `restricted`, with upstream's words.
// upstream: staging/src/k8s.io/pod-security-admission/policy (latest of release 1.33)
import type { Container, EphemeralContainer, PodSpec, Volume } from './pod-spec.ts';

export type SecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** One text for all that is wrong, '' when nothing is. */
export function securityFaults(spec: PodSpec, level: SecurityLevel): string {
  if (level === 'privileged') return '';
  const known = remembered[level].get(spec);
  if (known !== undefined) return known;
  const text = checksOf(level)
    .flatMap(({ check }) => check(spec) ?? [])
    .map(({ reason, detail }) => `${reason} (${detail})`)
    .join(', ');
  remembered[level].set(spec, text);
  return text;
}

/** Only the reasons, without the names of containers. */
export function securityReasons(spec: PodSpec, level: SecurityLevel): readonly string[] {
  return level === 'privileged' ? [] : checksOf(level).flatMap(({ check }) => check(spec)?.reason ?? []);
}

interface Fault {
  readonly reason: string;
  readonly detail: string;
}

type AnyContainer = Container | EphemeralContainer;
type Security = NonNullable<Container['securityContext']>;

interface Check {
  readonly check: (spec: PodSpec) => Fault | null;
  /** A stricter rule of the same matter takes its place. */
  readonly onlyBaseline?: boolean;
}

// Pods of one template share their spec.
const remembered = { baseline: new WeakMap<PodSpec, string>(), restricted: new WeakMap<PodSpec, string>() };

const baseline: readonly Check[] = [
  { check: capabilitiesBaseline, onlyBaseline: true },
  { check: hostNamespaces },
  { check: hostPathVolumes },
  { check: hostPorts },
  {
    check: (spec) => container(spec, 'privileged', ({ privileged }) => privileged === true, 'must not set securityContext.privileged=true'),
  },
  { check: procMount },
  { check: seLinuxOptions },
  { check: seccompBaseline, onlyBaseline: true },
  { check: sysctls },
  { check: hostProcess },
];

const restricted: readonly Check[] = [
  { check: allowPrivilegeEscalation },
  { check: capabilitiesRestricted },
  { check: restrictedVolumes },
  { check: runAsNonRoot },
  { check: runAsUser },
  { check: seccompRestricted },
];

function checksOf(level: SecurityLevel): readonly Check[] {
  return level === 'baseline' ? baseline : [...baseline.filter(({ onlyBaseline }) => onlyBaseline !== true), ...restricted];
}

const defaultCapabilities: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const safeSysctls: ReadonlySet<string> = new Set([
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range'],
  ...['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time'],
  ...[
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_keepalive_intvl',
    'net.ipv4.tcp_keepalive_probes',
    'net.ipv4.tcp_rmem',
    'net.ipv4.tcp_wmem',
  ],
]);
const seLinuxTypes: ReadonlySet<string> = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);
const volumeTypes: ReadonlySet<string> = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);

function containersOf({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): readonly AnyContainer[] {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

function namesOf(spec: PodSpec, isBad: (security: Security, container: AnyContainer) => boolean): readonly string[] {
  return containersOf(spec)
    .filter((one) => isBad(one.securityContext ?? {}, one))
    .map(({ name }) => name);
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);
/** `container "a"`, `containers "a", "b"`. */
const called = (names: readonly string[]): string => `${plural('container', names.length)} ${quoted(names)}`;
const isWindows = ({ os }: PodSpec): boolean => os?.name === 'windows';

function container(spec: PodSpec, reason: string, isBad: (security: Security) => boolean, must: string): Fault | null {
  const names = namesOf(spec, isBad);
  return names.length === 0 ? null : { reason, detail: `${called(names)} ${must}` };
}

function capabilitiesBaseline(spec: PodSpec): Fault | null {
  const detail = forbiddenCapabilities(spec, defaultCapabilities);
  return detail === '' ? null : { reason: 'non-default capabilities', detail };
}

function capabilitiesRestricted(spec: PodSpec): Fault | null {
  if (isWindows(spec)) return null;
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
  const reason = plural('hostPort', used.size);
  const listed = [...used].map(String).sort().join(', ');
  return { reason, detail: `${called(names)} ${names.length === 1 ? 'uses' : 'use'} ${reason} ${listed}` };
}

function procMount(spec: PodSpec): Fault | null {
  const isBad = ({ procMount: given = 'Default' }: Security): boolean => given !== 'Default';
  return container(spec, 'procMount', isBad, 'must not set securityContext.procMount to "Unmasked"');
}

function seLinuxOptions(spec: PodSpec): Fault | null {
  const types = new Set<string>();
  const others = new Set<string>();
  const isBad = (options: Security['seLinuxOptions']): boolean => {
    const { type = '', user = '', role = '' } = options ?? {};
    if (!seLinuxTypes.has(type)) types.add(type);
    if (user !== '') others.add('user may not be set');
    if (role !== '') others.add('role may not be set');
    return !seLinuxTypes.has(type) || user !== '' || role !== '';
  };
  const setters = isBad(spec.securityContext?.seLinuxOptions) ? ['pod'] : [];
  const names = namesOf(spec, (security) => isBad(security.seLinuxOptions));
  if (names.length > 0) setters.push(called(names));
  if (setters.length === 0) return null;
  const data = types.size === 0 ? [] : [`${plural('type', types.size)} ${quoted([...types].sort())}`];
  const detail = `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${[...data, ...others].join('; ')}`;
  return { reason: 'seLinuxOptions', detail };
}

function seccompBaseline(spec: PodSpec): Fault | null {
  const setters = unconfinedSetters(spec);
  if (setters.length === 0) return null;
  return { reason: 'seccompProfile', detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"` };
}

function seccompRestricted(spec: PodSpec): Fault | null {
  if (isWindows(spec)) return null;
  const explicit = seccompBaseline(spec);
  if (explicit !== null || spec.securityContext?.seccompProfile !== undefined) return explicit;
  const names = namesOf(spec, ({ seccompProfile }) => seccompProfile === undefined);
  const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return names.length === 0 ? null : { reason: 'seccompProfile', detail: `pod or ${called(names)} ${must}` };
}

function unconfinedSetters(spec: PodSpec): readonly string[] {
  const pod = spec.securityContext?.seccompProfile?.type === 'Unconfined' ? ['pod'] : [];
  const names = namesOf(spec, ({ seccompProfile }) => seccompProfile?.type === 'Unconfined');
  return names.length === 0 ? pod : [...pod, called(names)];
}

function sysctls({ securityContext }: PodSpec): Fault | null {
  const names = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safeSysctls.has(name));
  return names.length === 0 ? null : { reason: 'forbidden sysctls', detail: names.join(', ') };
}

function hostProcess(spec: PodSpec): Fault | null {
  const pod = spec.securityContext?.windowsOptions?.hostProcess === true ? ['pod'] : [];
  const names = namesOf(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true);
  const setters = names.length === 0 ? pod : [...pod, called(names)];
  const detail = `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`;
  return setters.length === 0 ? null : { reason: 'hostProcess', detail };
}

function allowPrivilegeEscalation(spec: PodSpec): Fault | null {
  if (isWindows(spec)) return null;
  const isBad = (security: Security): boolean => security.allowPrivilegeEscalation !== false;
  return container(spec, 'allowPrivilegeEscalation != false', isBad, 'must set securityContext.allowPrivilegeEscalation=false');
}

function restrictedVolumes({ volumes = [] }: PodSpec): Fault | null {
  const typeOf = (volume: Volume): string => Object.keys(volume).find((name) => name !== 'name') ?? 'emptyDir';
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
  const explicit = namesOf(spec, (security) => security.runAsNonRoot === false);
  const setters = [...(ofPod === false ? ['pod'] : []), ...(explicit.length === 0 ? [] : [called(explicit)])];
  if (setters.length > 0) return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  const names = ofPod === true ? [] : namesOf(spec, (security) => security.runAsNonRoot === undefined);
  return names.length === 0 ? null : { reason, detail: `pod or ${called(names)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser(spec: PodSpec): Fault | null {
  const pod = spec.securityContext?.runAsUser === 0 ? ['pod'] : [];
  const names = namesOf(spec, (security) => security.runAsUser === 0);
  const setters = names.length === 0 ? pod : [...pod, called(names)];
  return setters.length === 0 ? null : { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
}

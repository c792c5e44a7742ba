// What each level of the Pod Security Standards has against a pod, in upstream's words and order, in the newest release and in older ones.
import { describe, expect, test } from 'vitest';
import { type SecurityLevel, securityFaults, securityReasons } from '../../../../../src-main/engine/kinds/core/pod-security.ts';
import type { PodSpec } from '../../../../../src-main/engine/kinds/core/pod-spec.ts';

const careful = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const specOf = (more: object, ...contexts: readonly object[]): PodSpec =>
  ({ containers: contexts.map((securityContext, at) => ({ name: 'abc'[at], securityContext })), ...more }) as unknown as PodSpec;

function check(level: SecurityLevel, pod: { spec: PodSpec; annotations?: Record<string, string> }, expected: string, minor = 33) {
  const { spec, annotations = {} } = pod;
  expect(securityFaults({ metadata: { annotations }, spec }, { level, minor })).toBe(expected);
}

describe('baseline', () => {
  const baseline = (spec: PodSpec, expected: string, minor?: number) => check('baseline', { spec }, expected, minor);
  test('nothing', () => baseline(specOf({}, {}), ''));
  test('host ports: one reason however many', () =>
    baseline(
      { containers: ['a', 'b'].map((name, at) => ({ name, ports: [{ containerPort: 80, hostPort: 90 - at }] })) } as unknown as PodSpec,
      'hostPort (containers "a", "b" use hostPorts 89, 90)',
    ));
  test('SELinux: the user before the role, whoever set which', () =>
    baseline(
      specOf({}, { seLinuxOptions: { role: 'r' } }, { seLinuxOptions: { user: 'u', type: 'spc_t' } }),
      'seLinuxOptions (containers "a", "b" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
    ));
  const engine = specOf({ securityContext: { seLinuxOptions: { type: 'container_engine_t' } } }, {});
  test('a type that came later', () => baseline(engine, ''));
  test('a type before it came', () =>
    baseline(engine, 'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "container_engine_t")', 30));
  const tuned = specOf({ securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }, { name: 'net.ipv4.ip_local_reserved_ports' }] } });
  test('sysctls now', () => baseline(tuned, ''));
  test('sysctls of 1.27', () => baseline(tuned, 'forbidden sysctls (net.ipv4.tcp_rmem)', 27));
  test('sysctls of 1.26', () => baseline(tuned, 'forbidden sysctls (net.ipv4.tcp_rmem, net.ipv4.ip_local_reserved_ports)', 26));
});

describe('AppArmor', () => {
  const spec = specOf({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }, { appArmorProfile: { type: 'Localhost' } });
  test('a field', () => check('baseline', { spec }, 'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")'));
  const key = 'container.apparmor.security.beta.kubernetes.io/a';
  test('and an annotation', () =>
    check(
      'baseline',
      { spec, annotations: { [key]: 'unconfined' } },
      `forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "Unconfined", "${key}="unconfined"")`,
    ));
  test('what is allowed', () => check('baseline', { spec: specOf({}, {}), annotations: { [key]: 'localhost/mine' } }, ''));
});

describe('restricted', () => {
  const restricted = (spec: PodSpec, expected: string, minor?: number) => check('restricted', { spec }, expected, minor);
  test('nothing', () => restricted(specOf({}, careful), ''));
  test('a host path counts once, as a volume of a forbidden type', () =>
    restricted(
      specOf({ volumes: [{ name: 'root', hostPath: { path: '/' } }] }, careful),
      'restricted volume types (volume "root" uses restricted volume type "hostPath")',
    ));
  const bare = specOf({}, {});
  test('a bare pod: the reasons', () =>
    expect(securityReasons({ spec: bare }, { level: 'restricted', minor: 33 })).toBe(
      'allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
    ));
  test('a bare pod in 1.18', () =>
    restricted(
      bare,
      'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), ' +
        'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)',
      18,
    ));
  test('Windows is spared from 1.25 on', () => restricted(specOf({ os: { name: 'windows' } }, { runAsNonRoot: true }), ''));
  test('and was not before', () =>
    expect(securityReasons({ spec: specOf({ os: { name: 'windows' } }, careful, {}) }, { level: 'restricted', minor: 24 })).toBe(
      'allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
    ));
  test('seccomp by annotation, as long as it was one', () =>
    check(
      'restricted',
      { spec: specOf({}, careful), annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } },
      'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
      18,
    ));
});

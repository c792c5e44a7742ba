// Faults of a pod that no simulated part would notice: the server must still refuse them, in upstream's words.
import { expect, test } from 'vitest';
import { type Pod, podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly container?: object;
  readonly spec?: object;
}

function podOf({ annotations, labels, container, spec }: Given): Pod {
  const metadata = { name: 'one', namespace: 'default', ...(annotations && { annotations }), ...(labels && { labels }) };
  const main = { name: 'main', image: 'nginx', ...container };
  return podKind.defaults({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [main], ...spec }, status: {} } as unknown as Pod);
}

function check(given: Given, ...expected: readonly string[]): void {
  expect(podKind.validate(podOf(given)).map((error) => error.toString().replace(/: (?:map\[|core\.|\{).*?: /, ': … '))).toEqual(expected);
}

const context = 'spec.securityContext';
const cost = 'controller.kubernetes.io/pod-deletion-cost';
const armor = 'container.apparmor.security.beta.kubernetes.io';

test('a localhost profile that is not named', () =>
  check(
    { spec: { securityContext: { seccompProfile: { type: 'Localhost' } } } },
    `${context}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
  ));
test('a localhost profile outside its folder', () =>
  check(
    { container: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '../../x' } } } },
    `spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "../../x": must not contain '..'`,
  ));
test('a profile of no known type', () =>
  check(
    { spec: { securityContext: { appArmorProfile: { type: 'Strict' } } } },
    `${context}.appArmorProfile.type: Unsupported value: "Strict": supported values: "Localhost", "RuntimeDefault", "Unconfined"`,
  ));
test('sound profiles', () =>
  check({ spec: { securityContext: { seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Unconfined' } } } }));
test('sysctls', () =>
  check(
    { spec: { securityContext: { sysctls: [{ name: 'net/core.x' }, { name: 'a b' }, { name: 'net/core.x' }] } } },
    `${context}.sysctls[1].name: Invalid value: "a b": must have at most 253 characters and match regex ([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?`,
    `${context}.sysctls[2].name: Duplicate value: "net/core.x"`,
  ));
test('a mirror of a static pod without a node', () =>
  check(
    { annotations: { 'kubernetes.io/config.mirror': 'hash' } },
    'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "hash": must set spec.nodeName if mirror pod annotation is set',
  ));
test.each(['+10', '010', 'ten', '2147483648', ''])('a deletion cost of %j', (text) =>
  check(
    { annotations: { [cost]: text } },
    `metadata.annotations[${cost}]: Invalid value: ${JSON.stringify(text)}: must be a 32bit integer`,
  ),
);
test.each(['0', '10', '-2147483648'])('a deletion cost of %j is fine', (text) => check({ annotations: { [cost]: text } }));
test('a profile by annotation for a container that is not there', () =>
  check(
    { annotations: { [`${armor}/side`]: 'mine' } },
    `metadata.annotations[${armor}/side]: Invalid value: "side": container not found`,
    `metadata.annotations[${armor}/side]: Invalid value: "mine": invalid AppArmor profile name: "mine"`,
  ));
test('host aliases', () =>
  check(
    { spec: { hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }, { ip: '10.0.0.x' }] } },
    'spec.hostAliases[1].ip: Invalid value: "10.0.0.x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ));
test('a readiness gate', () =>
  expect(podKind.validate(podOf({ spec: { readinessGates: [{ conditionType: 'a/b/c' }] } })).map(({ field }) => field)).toEqual([
    'spec.readinessGates[0].conditionType',
  ]));
test('restarts of a resize in a pod that never restarts', () =>
  check(
    { spec: { restartPolicy: 'Never' }, container: { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] } },
    "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'",
  ));
test('windows', () =>
  check(
    {
      spec: { os: { name: 'windows' }, hostPID: true, securityContext: { fsGroup: 1 } },
      container: { securityContext: { privileged: false } },
    },
    'spec.hostPID: Forbidden: cannot be set for a windows pod',
    'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
    'spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod',
  ));
test('no such system', () =>
  check({ spec: { os: { name: 'plan9' } } }, 'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'));

const apart = (term: object): object => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', ...term }] } },
});
const at = 'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';

test('keys of labels without a selector', () =>
  check(
    { spec: apart({ matchLabelKeys: ['app'] }) },
    `${at}.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set`,
  ));
test('a key both ways', () =>
  check(
    { spec: apart({ labelSelector: {}, matchLabelKeys: ['app'], mismatchLabelKeys: ['app'] }) },
    `${at}.matchLabelKeys[0]: Invalid value: "app": exists in both matchLabelKeys and mismatchLabelKeys`,
  ));
test('a key that the selector has already, once the server has added it', () => {
  const labelSelector = { matchLabels: { app: 'web' } };
  const made = podKind.prepareForCreate(podOf({ labels: { app: 'web' }, spec: apart({ labelSelector, matchLabelKeys: ['app'] }) }));
  expect(podKind.validate(made).map(String)).toEqual([`${at}[0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector`]);
});
test('keys become requirements; one that the pod has no label for says nothing', () => {
  const given = { labelSelector: { matchLabels: { app: 'web' } }, matchLabelKeys: ['hash', 'none'], mismatchLabelKeys: ['tenant'] };
  const made = podKind.prepareForCreate(podOf({ labels: { hash: '7', tenant: 'a' }, spec: apart(given) }));
  const [term] = made.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  expect(term?.labelSelector?.matchExpressions).toEqual([
    { key: 'hash', operator: 'In', values: ['7'] },
    { key: 'tenant', operator: 'NotIn', values: ['a'] },
  ]);
  expect(podKind.validate(made)).toEqual([]);
});

const dns = (dnsConfig: object): Given => ({ spec: { dnsConfig } });
test('a resolver', () => check(dns({ nameservers: ['10.0.0.10'], searches: ['_tcp.example.com.', '.'], options: [{ name: 'ndots' }] })));
test('a resolver that holds too much', () =>
  expect(
    podKind
      .validate(podOf(dns({ nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.x'], searches: Array(33).fill('a'), options: [{}] })))
      .map(({ field }) => field),
  ).toEqual(['spec.dnsConfig.nameservers', 'spec.dnsConfig.nameservers[3]', 'spec.dnsConfig.searches', 'spec.dnsConfig.options[0]']));
test('no resolver', () =>
  check({ spec: { dnsPolicy: 'None' } }, 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'));
test('devices', () =>
  check(
    {
      spec: { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }] },
      container: {
        volumeDevices: [
          { name: 'disk', devicePath: '/dev/a' },
          { name: 'disk', devicePath: '/dev/../b' },
        ],
      },
    },
    'spec.containers[0].volumeDevices[1].name: Invalid value: "disk": must be unique',
    'spec.containers[0].volumeDevices[1].devicePath: Invalid value: "/dev/../b": can not contain backsteps (\'..\')',
  ));

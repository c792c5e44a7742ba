// What is held against a pod as a whole, and against its status and its node, in upstream's words.
import { expect, test } from 'vitest';
import { nodeKind } from '../../../../../src-main/engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';

function pod(spec: object, annotations = {}, status = {}): Pod {
  const whole = { serviceAccountName: 'default', containers: [{ name: 'main', image: 'nginx' }], ...spec };
  return podKind.defaults({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one', namespace: 'n', annotations },
    spec: whole,
    status,
  } as unknown as Pod);
}

const made = (given: Pod) => [...podKind.validate(given), ...(podKind.validateCreate?.(given) ?? [])];
const told = (next: object, previous: object, spec = {}) => podKind.validateStatus?.(pod(spec, {}, next), pod(spec, {}, previous)) ?? [];
const check = (errors: readonly unknown[], ...expected: readonly string[]): void => expect(errors.map(String)).toEqual(expected);

test('the claim that a pod makes is its own', () =>
  check(
    made(
      pod({
        volumes: [
          { name: 'v', persistentVolumeClaim: { claimName: 'one-w' } },
          {
            name: 'w',
            ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } },
          },
        ],
      }),
    ),
    'spec.volumes[0].persistentVolumeClaim.claimName: Invalid value: "one-w": must not reference a PVC that gets created for an ephemeral volume',
  ));
test('nobody has no token', () =>
  check(
    made(pod({ serviceAccountName: '', volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }] })),
    'spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set',
  ));
test('an old annotation does not speak against the field', () => {
  const key = 'container.apparmor.security.beta.kubernetes.io/main';
  const securityContext = { appArmorProfile: { type: 'Localhost', localhostProfile: 'strict' } };
  check(
    made(pod({ securityContext }, { [key]: 'unconfined' })),
    'spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match',
  );
  check(
    made(pod({ securityContext }, { [key]: 'localhost/lax' })),
    'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match',
  );
  check(made(pod({ securityContext }, { [key]: 'localhost/strict' })));
});
test('users of its own go with nothing else of the host', () =>
  check(made(pod({ hostUsers: false, hostPID: true })), 'spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false'));
test('gates have names, once each', () =>
  check(
    made(pod({ schedulingGates: [{ name: 'a' }, { name: 'a' }, { name: '-' }] })),
    'spec.schedulingGates[1]: Duplicate value: "a"',
    expect.stringContaining('spec.schedulingGates[2]: Invalid value: "-": name part must consist of') as unknown as string,
  ));
test('labels that narrow the spread are not selected by value, too', () =>
  check(
    made(
      pod({
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            matchLabelKeys: ['app'],
            labelSelector: { matchLabels: { app: 'a' } },
          },
        ],
      }),
    ),
    'spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
  ));
test('fields without parts are asked for whole', () =>
  check(
    made(
      pod({
        containers: [{ name: 'main', image: 'nginx', env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.name['x']" } } }] }],
      }),
    ),
    `spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.name['x']": error converting fieldPath: field label does not support subscript`,
  ));
test('a container that has ended for good stays so', () => {
  const ended = { containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 0 } } }] };
  const back = { containerStatuses: [{ name: 'main', state: { running: {} } }] };
  check(told(back, ended));
  check(
    told(back, ended, { restartPolicy: 'OnFailure' }),
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
  );
});
test('a pod has one address of a family', () =>
  expect(told({ podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] }, {}).map(({ detail }) => detail)).toEqual([
    'may specify no more than one IP for each IP family',
  ]));
test('ranges and provider of a node are given once', () => {
  const node = (spec: object) => nodeKind.defaults({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w' }, spec } as never);
  check(
    nodeKind.validate(node({ podCIDRs: ['10.1.0.0/24', '10.2.0.0/24'] })),
    'spec.podCIDRs: Invalid value: []string{"10.1.0.0/24", "10.2.0.0/24"}: may specify no more than one CIDR for each IP family',
  );
  check(
    nodeKind.validateUpdate(node({ podCIDRs: ['10.2.0.0/24'], providerID: 'b' }), node({ podCIDRs: ['10.1.0.0/24'], providerID: 'a' })),
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  );
});

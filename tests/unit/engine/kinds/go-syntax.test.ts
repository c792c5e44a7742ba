// Lists and structs of faulty fields are told as the API server of release 1.33 prints them, which is in Go's notation.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { RestWorld } from '../api/rest/rest-world.ts';

const check = (path: string, spec: JsonValue, expected: string) =>
  expect(new RestWorld().outcome(`POST ${path}`, { metadata: { name: 'a' }, spec })).toContain(expected);
const POINTER = '(0xc0007d4a80)';

test('an Ingress without rules', () =>
  check(
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    {},
    'spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified',
  ));
test('too many types of a policy', () =>
  check(
    '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
    { podSelector: {}, policyTypes: ['Ingress', 'Egress', 'Ingress'] },
    'spec.policyTypes: Invalid value: []networking.PolicyType{"Ingress", "Egress", "Ingress"}: may not specify more than two policyTypes',
  ));
test('scopes of a quota', () => {
  const QUOTAS = '/api/v1/namespaces/default/resourcequotas';
  check(QUOTAS, { scopes: ['A', 'B'] }, 'spec.scopes: Invalid value: []core.ResourceQuotaScope{"A", "B"}: unsupported scope');
  const scopeSelector = { matchExpressions: [{ scopeName: 'BestEffort', operator: 'Exists' }] };
  const shown = 'core.ScopedResourceSelectorRequirement{ScopeName:"BestEffort", Operator:"Exists", Values:[]string(nil)}';
  check(
    QUOTAS,
    { hard: { cpu: '1' }, scopeSelector },
    `Invalid value: core.ScopeSelector{MatchExpressions:[]core.ScopedResourceSelectorRequirement{${shown}}}: unsupported scope applied to resource`,
  );
});
test('a budget that says both', () =>
  check(
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    { minAvailable: 1, maxUnavailable: 1 },
    `spec: Invalid value: policy.PodDisruptionBudgetSpec{MinAvailable:(*intstr.IntOrString)${POINTER}, Selector:(*v1.LabelSelector)(nil), MaxUnavailable:(*intstr.IntOrString)${POINTER}, UnhealthyPodEvictionPolicy:(*policy.UnhealthyPodEvictionPolicyType)(nil)}: minAvailable and maxUnavailable cannot be both set`,
  ));
test('a taint twice', () =>
  check(
    '/api/v1/nodes',
    {
      taints: [
        { key: 'a', effect: 'NoSchedule' },
        { key: 'a', effect: 'NoSchedule', timeAdded: '2025-06-01T08:00:00Z' },
      ],
    },
    'metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"", Effect:"NoSchedule", TimeAdded:time.Date(2025, time.June, 1, 8, 0, 0, 0, time.Local)}: taints must be unique by key and effect pair',
  ));
test('a toleration', () => {
  const tolerations = [{ key: 'a', operator: 'Exists', value: 'b' }];
  check(
    '/api/v1/namespaces/default/pods',
    { containers: [{ name: 'a', image: 'b' }], tolerations },
    'core.Toleration{Key:"a", Operator:"Exists", Value:"b", Effect:"", TolerationSeconds:(*int64)(nil)}: value must be empty when `operator` is \'Exists\'',
  );
});
test('a security context', () => {
  const securityContext = { privileged: true, allowPrivilegeEscalation: false, seLinuxOptions: {} };
  check(
    '/api/v1/namespaces/default/pods',
    { containers: [{ name: 'a', image: 'b', securityContext }] },
    `core.SecurityContext{Capabilities:(*core.Capabilities)(nil), Privileged:(*bool)${POINTER}, SELinuxOptions:(*core.SELinuxOptions)${POINTER}, WindowsOptions:`,
  );
});
test('a volume without capacity', () =>
  check('/api/v1/persistentvolumes', {}, 'spec.capacity: Unsupported value: core.ResourceList(nil): supported values: "storage"'));

test('the template of a Job, which may not change', () => {
  const world = new RestWorld();
  const path = '/apis/batch/v1/namespaces/default/jobs';
  const jobOf = (image: string): JsonValue => {
    const resources = { limits: { cpu: '100m', memory: '64Mi' }, requests: { memory: '1500k' } };
    const containers = [{ name: 'c', image, resources, volumeMounts: [{ name: 'd', mountPath: '/d' }] }];
    return {
      metadata: { name: 'j' },
      spec: {
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers, volumes: [{ name: 'd', emptyDir: {} }], restartPolicy: 'Never' },
        },
      },
    };
  };
  world.ask(`POST ${path}`, jobOf('one'));
  const merge = { contentType: 'application/merge-patch+json' };
  const told = world.outcome(`PATCH ${path}/j`, jobOf('two'), merge);
  const never = 'time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)';
  for (const part of [
    'spec.template: Invalid value: core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{Name:"", GenerateName:"", Namespace:"", SelfLink:"", UID:"", ResourceVersion:"", ',
    `Generation:0, CreationTimestamp:${never}, DeletionTimestamp:<nil>, DeletionGracePeriodSeconds:(*int64)(nil), Labels:map[string]string{"a":"b", `,
    `Spec:core.PodSpec{Volumes:[]core.Volume{core.Volume{Name:"d", VolumeSource:core.VolumeSource{HostPath:(*core.HostPathVolumeSource)(nil), EmptyDir:(*core.EmptyDirVolumeSource)${POINTER}, GCEPersistentDisk:(*core.GCEPersistentDiskVolumeSource)(nil), `,
    'InitContainers:[]core.Container(nil), Containers:[]core.Container{core.Container{Name:"c", Image:"two", Command:[]string(nil), Args:[]string(nil), ',
    'Limits:core.ResourceList{"cpu":resource.Quantity{i:resource.int64Amount{value:100, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"100m", Format:"DecimalSI"}, ',
    '"memory":resource.Quantity{i:resource.int64Amount{value:67108864, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"", Format:"BinarySI"}}',
    'Requests:core.ResourceList{"memory":resource.Quantity{i:resource.int64Amount{value:1500, scale:3}, ',
    'VolumeMounts:[]core.VolumeMount{core.VolumeMount{Name:"d", ReadOnly:false, RecursiveReadOnly:(*core.RecursiveReadOnlyMode)(nil), MountPath:"/d", ',
    `RestartPolicy:"Never", TerminationGracePeriodSeconds:(*int64)${POINTER}, ActiveDeadlineSeconds:(*int64)(nil), DNSPolicy:"ClusterFirst", `,
    'Resources:(*core.ResourceRequirements)(nil)}}: field is immutable',
  ])
    expect(told).toContain(part);
});

// A pod template in Go's notation (`%#v` of the internal types), as the API server prints one that may not change. Where a pointer leads is not told.
// upstream: pkg/apis/core/types.go, apimachinery pkg/apis/meta/v1/types.go, pkg/api/resource/quantity.go ParseQuantity (release 1.33)
import type { GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { goList, goPointer, goStringMap, goStrings, goStruct } from '../go-syntax.ts';

const SOURCES = [
  ...['HostPath', 'EmptyDir', 'GCEPersistentDisk', 'AWSElasticBlockStore', 'GitRepo', 'Secret', 'NFS', 'ISCSI', 'Glusterfs'],
  ...['PersistentVolumeClaim', 'RBD', 'Quobyte', 'FlexVolume', 'Cinder', 'CephFS', 'Flocker', 'DownwardAPI', 'FC', 'AzureFile'],
  ...['ConfigMap', 'VsphereVolume', 'AzureDisk', 'PhotonPersistentDisk', 'Projected', 'PortworxVolume', 'ScaleIO', 'StorageOS'],
  ...['CSI', 'Ephemeral', 'Image'],
];

/** Members in the order of their declaration, each with its type: a text where none is said, a pointer after `*`. */
const STRUCTS: Readonly<Record<string, readonly string[]>> = {
  'core.PodTemplateSpec': ['ObjectMeta v1.ObjectMeta', 'Spec core.PodSpec'],
  'v1.ObjectMeta': [
    ...['Name', 'GenerateName', 'Namespace', 'SelfLink', 'UID', 'ResourceVersion', 'Generation number', 'CreationTimestamp never'],
    ...['DeletionTimestamp none', 'DeletionGracePeriodSeconds *int64', 'Labels map', 'Annotations map'],
    ...['OwnerReferences []v1.OwnerReference', 'Finalizers []string', 'ManagedFields []v1.ManagedFieldsEntry'],
  ],
  'core.PodSpec': [
    ...['Volumes []core.Volume', 'InitContainers []core.Container', 'Containers []core.Container'],
    ...['EphemeralContainers []core.EphemeralContainer', 'RestartPolicy', 'TerminationGracePeriodSeconds *int64'],
    ...['ActiveDeadlineSeconds *int64', 'DNSPolicy', 'NodeSelector map', 'ServiceAccountName', 'AutomountServiceAccountToken *bool'],
    ...['NodeName', 'SecurityContext *core.PodSecurityContext', 'ImagePullSecrets []core.LocalObjectReference', 'Hostname', 'Subdomain'],
    ...['SetHostnameAsFQDN *bool', 'Affinity *core.Affinity', 'SchedulerName', 'Tolerations []core.Toleration'],
    ...['HostAliases []core.HostAlias', 'PriorityClassName', 'Priority *int32', 'PreemptionPolicy *core.PreemptionPolicy'],
    ...['DNSConfig *core.PodDNSConfig', 'ReadinessGates []core.PodReadinessGate', 'RuntimeClassName *string', 'Overhead resources'],
    ...['EnableServiceLinks *bool', 'TopologySpreadConstraints []core.TopologySpreadConstraint', 'OS *core.PodOS'],
    ...['SchedulingGates []core.PodSchedulingGate', 'ResourceClaims []core.PodResourceClaim', 'Resources *core.ResourceRequirements'],
  ],
  'core.Container': [
    ...['Name', 'Image', 'Command []string', 'Args []string', 'WorkingDir', 'Ports []core.ContainerPort', 'EnvFrom []core.EnvFromSource'],
    ...['Env []core.EnvVar', 'Resources core.ResourceRequirements', 'ResizePolicy []core.ContainerResizePolicy'],
    ...['RestartPolicy *core.ContainerRestartPolicy', 'VolumeMounts []core.VolumeMount', 'VolumeDevices []core.VolumeDevice'],
    ...['LivenessProbe *core.Probe', 'ReadinessProbe *core.Probe', 'StartupProbe *core.Probe', 'Lifecycle *core.Lifecycle'],
    ...['TerminationMessagePath', 'TerminationMessagePolicy', 'ImagePullPolicy', 'SecurityContext *core.SecurityContext', 'Stdin bool'],
    ...['StdinOnce bool', 'TTY bool'],
  ],
  'core.ContainerPort': ['Name', 'HostPort number', 'ContainerPort number', 'Protocol', 'HostIP'],
  'core.EnvFromSource': ['Prefix', 'ConfigMapRef *core.ConfigMapEnvSource', 'SecretRef *core.SecretEnvSource'],
  'core.EnvVar': ['Name', 'Value', 'ValueFrom *core.EnvVarSource'],
  'core.ResourceRequirements': ['Limits resources', 'Requests resources', 'Claims []core.ResourceClaim'],
  'core.ResourceClaim': ['Name', 'Request'],
  'core.ContainerResizePolicy': ['ResourceName', 'RestartPolicy'],
  'core.VolumeMount': [
    ...['Name', 'ReadOnly bool', 'RecursiveReadOnly *core.RecursiveReadOnlyMode', 'MountPath', 'SubPath'],
    ...['MountPropagation *core.MountPropagationMode', 'SubPathExpr'],
  ],
  'core.VolumeDevice': ['Name', 'DevicePath'],
  'core.Volume': ['Name', 'VolumeSource core.VolumeSource'],
  'core.VolumeSource': SOURCES.map((name) => `${name} *core.${typeOfSource(name)}`),
  'core.LocalObjectReference': ['Name'],
  'core.Toleration': ['Key', 'Operator', 'Value', 'Effect', 'TolerationSeconds *int64'],
  'core.HostAlias': ['IP', 'Hostnames []string'],
  'core.PodReadinessGate': ['ConditionType'],
  'core.TopologySpreadConstraint': [
    ...['MaxSkew number', 'TopologyKey', 'WhenUnsatisfiable', 'LabelSelector *v1.LabelSelector', 'MinDomains *int32'],
    ...['NodeAffinityPolicy *core.NodeInclusionPolicy', 'NodeTaintsPolicy *core.NodeInclusionPolicy', 'MatchLabelKeys []string'],
  ],
  'core.PodSchedulingGate': ['Name'],
  'core.PodResourceClaim': ['Name', 'ResourceClaimName *string', 'ResourceClaimTemplateName *string'],
};

export function goPodTemplate(template: object): GoSyntax {
  return structOf('core.PodTemplateSpec', template as JsonObject);
}

function structOf(type: string, object: JsonObject): GoSyntax {
  const members: Record<string, string> = {};
  for (const member of STRUCTS[type] ?? []) {
    const [name = '', of = 'text'] = member.split(' ');
    // What is embedded has no name of its own in JSON.
    const value = of === 'core.VolumeSource' ? object : name === 'ObjectMeta' ? object['metadata'] : object[jsonName(name)];
    members[name] = textOf(of, value);
  }
  return goStruct(type, members);
}

function textOf(type: string, value: JsonValue | undefined): string {
  if (type === 'text') return goQuote(String(value ?? ''));
  if (type === 'number') return String(value ?? 0);
  if (type === 'bool') return String(value ?? false);
  if (type === 'never') return 'time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)';
  if (type === 'none') return '<nil>';
  if (type === 'map') return goStringMap(value as Readonly<Record<string, string>> | undefined).text;
  if (type === 'resources') return goResources(value as Readonly<Record<string, string>> | undefined);
  if (type === '[]string') return goStrings(value as readonly string[] | undefined).text;
  if (type.startsWith('*')) return goPointer(type.slice(1), value ?? undefined);
  if (!type.startsWith('[]')) return structOf(type, (value ?? {}) as JsonObject).text;
  const items = value as readonly JsonObject[] | undefined;
  return goList(
    type.slice(2),
    items?.map((item) => structOf(type.slice(2), item).text),
  ).text;
}

/** `DNSPolicy` is `dnsPolicy`, `OS` is `os`. */
function jsonName(name: string): string {
  if (name === 'CephFS' || name === 'StorageOS') return name.toLowerCase();
  return name.replace(/^[A-Z]+(?=$|[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

function typeOfSource(name: string): string {
  if (name === 'VsphereVolume') return 'VsphereVirtualDiskVolumeSource';
  return name.endsWith('Volume') ? `${name}Source` : `${name}VolumeSource`;
}

function goResources(list: Readonly<Record<string, string>> | undefined): string {
  if (list === undefined) return 'core.ResourceList(nil)';
  const names = Object.keys(list).sort();
  return `core.ResourceList{${names.map((name) => `${goQuote(name)}:${goQuantity(String(list[name]))}`).join(', ')}}`;
}

const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** What stands in a canonical form keeps its text. */
function goQuantity(text: string): string {
  const [, sign = '', whole = '', fraction = '', suffix = ''] = /^([+-]?)([0-9]*)\.?([0-9]*)(.*)$/.exec(text) ?? [];
  const digits = `${whole.replace(/^0+(?=[0-9])/, '')}${fraction}`;
  const binary = BINARY.indexOf(suffix) + 1;
  const format = binary > 0 ? 'BinarySI' : /^[eE][-+0-9]/.test(suffix) ? 'DecimalExponent' : 'DecimalSI';
  if (text === '0') return quantity('0', 0, '0', format);
  const exponent = format === 'DecimalExponent' ? Number(suffix.slice(1)) : binary > 0 ? 0 : (DECIMAL[suffix] ?? 0);
  const scale = exponent - fraction.length;
  const value = BigInt(digits === '' ? '0' : digits);
  const isKept = binary > 0 ? (value & 7n) !== 0n : scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
  return quantity(`${sign === '-' ? '-' : ''}${value << BigInt(binary * 10)}`, scale, isKept ? text : '', format);
}

function quantity(value: string, scale: number, kept: string, format: string): string {
  const amount = `resource.int64Amount{value:${value}, scale:${scale}}`;
  const exact = 'resource.infDecAmount{Dec:(*inf.Dec)(nil)}';
  return goStruct('resource.Quantity', { i: amount, d: exact, s: goQuote(kept), Format: goQuote(format) }).text;
}

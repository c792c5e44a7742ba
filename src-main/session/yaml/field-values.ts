// Values that the API server takes in fields that take only a few: what an editor can offer. Validation itself stays with the kinds.
// upstream: pkg/apis/core/types.go, pkg/apis/core/validation/validation.go

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const protocols = ['TCP', 'UDP', 'SCTP'];
const accessModes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const volumeModes = ['Filesystem', 'Block'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const reclaimPolicies = ['Delete', 'Retain'];
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** By object type and field. */
export const fieldValues: Readonly<Record<string, readonly string[]>> = {
  'apps.DeploymentStrategy.type': ['RollingUpdate', 'Recreate'],
  'core.Container.imagePullPolicy': pullPolicies,
  'core.Container.restartPolicy': ['Always'],
  'core.Container.terminationMessagePolicy': ['File', 'FallbackToLogsOnError'],
  'core.ContainerPort.protocol': protocols,
  'core.HTTPGetAction.scheme': ['HTTP', 'HTTPS'],
  'core.NodeSelectorRequirement.operator': [...operators, 'Gt', 'Lt'],
  'core.PersistentVolumeClaimSpec.accessModes': accessModes,
  'core.PersistentVolumeClaimSpec.volumeMode': volumeModes,
  'core.PersistentVolumeSpec.accessModes': accessModes,
  'core.PersistentVolumeSpec.persistentVolumeReclaimPolicy': ['Retain', 'Delete', 'Recycle'],
  'core.PersistentVolumeSpec.volumeMode': volumeModes,
  'core.PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  'core.PodSpec.preemptionPolicy': ['PreemptLowerPriority', 'Never'],
  'core.PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'core.ServicePort.protocol': protocols,
  'core.ServiceSpec.externalTrafficPolicy': ['Cluster', 'Local'],
  'core.ServiceSpec.internalTrafficPolicy': ['Cluster', 'Local'],
  'core.ServiceSpec.ipFamilyPolicy': ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  'core.ServiceSpec.sessionAffinity': ['None', 'ClientIP'],
  'core.ServiceSpec.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  'core.Taint.effect': effects,
  'core.Toleration.effect': effects,
  'core.Toleration.operator': ['Equal', 'Exists'],
  'core.TopologySpreadConstraint.nodeAffinityPolicy': ['Honor', 'Ignore'],
  'core.TopologySpreadConstraint.nodeTaintsPolicy': ['Honor', 'Ignore'],
  'core.TopologySpreadConstraint.whenUnsatisfiable': ['DoNotSchedule', 'ScheduleAnyway'],
  'meta.LabelSelectorRequirement.operator': operators,
  'scheduling.PriorityClass.preemptionPolicy': ['PreemptLowerPriority', 'Never'],
  'storage.StorageClass.reclaimPolicy': reclaimPolicies,
  'storage.StorageClass.volumeBindingMode': ['Immediate', 'WaitForFirstConsumer'],
};

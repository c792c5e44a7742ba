// The ordered list of built-in kinds; a kind that is not here does not exist.
import { validatingAdmissionPolicyKind } from './admissionregistration/validating-admission-policy.ts';
import { validatingAdmissionPolicyBindingKind } from './admissionregistration/validating-admission-policy-binding.ts';
import { customResourceDefinitionKind } from './apiextensions/custom-resource-definition.ts';
import { apiServiceKind } from './apiregistration/api-service.ts';
import { controllerRevisionKind } from './apps/controller-revision.ts';
import { daemonSetKind } from './apps/daemon-set.ts';
import { deploymentKind } from './apps/deployment.ts';
import { replicaSetKind } from './apps/replica-set.ts';
import { statefulSetKind } from './apps/stateful-set.ts';
import { horizontalPodAutoscalerKind } from './autoscaling/horizontal-pod-autoscaler.ts';
import { verticalPodAutoscalerKind } from './autoscaling/vertical-pod-autoscaler.ts';
import { cronJobKind } from './batch/cron-job.ts';
import { jobKind } from './batch/job.ts';
import { certificateSigningRequestKind } from './certificates/certificate-signing-request.ts';
import { leaseKind } from './coordination/lease.ts';
import { configMapKind } from './core/config-map.ts';
import { endpointsKind } from './core/endpoints.ts';
import { eventKind } from './core/event.ts';
import { limitRangeKind } from './core/limit-range.ts';
import { namespaceKind } from './core/namespace.ts';
import { nodeKind } from './core/node.ts';
import { persistentVolumeKind } from './core/persistent-volume.ts';
import { persistentVolumeClaimKind } from './core/persistent-volume-claim.ts';
import { podKind } from './core/pod.ts';
import { replicationControllerKind } from './core/replication-controller.ts';
import { resourceQuotaKind } from './core/resource-quota.ts';
import { secretKind } from './core/secret.ts';
import { serviceKind } from './core/service.ts';
import { serviceAccountKind } from './core/service-account.ts';
import { endpointSliceKind } from './discovery/endpoint-slice.ts';
import { flowSchemaKind, priorityLevelConfigurationKind } from './flowcontrol/flow-schema.ts';
import type { Kind } from './kind.ts';
import { ingressKind } from './networking/ingress.ts';
import { ingressClassKind } from './networking/ingress-class.ts';
import { ipAddressKind } from './networking/ip-address.ts';
import { networkPolicyKind } from './networking/network-policy.ts';
import { serviceCidrKind } from './networking/service-cidr.ts';
import { runtimeClassKind } from './node/runtime-class.ts';
import { podDisruptionBudgetKind } from './policy/pod-disruption-budget.ts';
import { clusterRoleBindingKind, roleBindingKind } from './rbac/bindings.ts';
import { clusterRoleKind, roleKind } from './rbac/roles.ts';
import { priorityClassKind } from './scheduling/priority-class.ts';
import { csiDriverKind } from './storage/csi-driver.ts';
import { csiNodeKind } from './storage/csi-node.ts';
import { csiStorageCapacityKind } from './storage/csi-storage-capacity.ts';
import { storageClassKind } from './storage/storage-class.ts';
import { volumeAttachmentKind } from './storage/volume-attachment.ts';
import { volumeSnapshotClassKind, volumeSnapshotContentKind, volumeSnapshotKind } from './storage/volume-snapshot.ts';

// A kind's rules take its own type; the registry holds them by their common surface, and the API server never mixes them up.
export const kinds: readonly Kind[] = [
  namespaceKind as unknown as Kind,
  nodeKind as unknown as Kind,
  podKind as unknown as Kind,
  replicationControllerKind as unknown as Kind,
  serviceKind as unknown as Kind,
  endpointsKind as unknown as Kind,
  configMapKind as unknown as Kind,
  secretKind as unknown as Kind,
  serviceAccountKind as unknown as Kind,
  limitRangeKind as unknown as Kind,
  resourceQuotaKind as unknown as Kind,
  persistentVolumeKind as unknown as Kind,
  persistentVolumeClaimKind as unknown as Kind,
  eventKind as unknown as Kind,
  replicaSetKind as unknown as Kind,
  deploymentKind as unknown as Kind,
  jobKind as unknown as Kind,
  cronJobKind as unknown as Kind,
  statefulSetKind as unknown as Kind,
  daemonSetKind as unknown as Kind,
  controllerRevisionKind as unknown as Kind,
  horizontalPodAutoscalerKind as unknown as Kind,
  verticalPodAutoscalerKind as unknown as Kind,
  endpointSliceKind as unknown as Kind,
  storageClassKind as unknown as Kind,
  volumeAttachmentKind as unknown as Kind,
  csiDriverKind as unknown as Kind,
  csiNodeKind as unknown as Kind,
  ingressKind as unknown as Kind,
  ingressClassKind as unknown as Kind,
  networkPolicyKind as unknown as Kind,
  serviceCidrKind as unknown as Kind,
  ipAddressKind as unknown as Kind,
  podDisruptionBudgetKind as unknown as Kind,
  csiStorageCapacityKind as unknown as Kind,
  volumeSnapshotKind as unknown as Kind,
  volumeSnapshotContentKind as unknown as Kind,
  volumeSnapshotClassKind as unknown as Kind,
  runtimeClassKind as unknown as Kind,
  priorityClassKind as unknown as Kind,
  certificateSigningRequestKind as unknown as Kind,
  roleKind as unknown as Kind,
  roleBindingKind as unknown as Kind,
  clusterRoleKind as unknown as Kind,
  clusterRoleBindingKind as unknown as Kind,
  leaseKind as unknown as Kind,
  flowSchemaKind as unknown as Kind,
  priorityLevelConfigurationKind as unknown as Kind,
  apiServiceKind as unknown as Kind,
  customResourceDefinitionKind as unknown as Kind,
  validatingAdmissionPolicyKind as unknown as Kind,
  validatingAdmissionPolicyBindingKind as unknown as Kind,
];

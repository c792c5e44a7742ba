// The ordered list of controllers: they start in this order, and one that is not here does not run.
import type { AnyController } from '../client/component.ts';
import { attachDetach } from './attach-detach.ts';
import { clusterAutoscalerController } from './cluster-autoscaler.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation.ts';
import { cronJobController } from './cron-job-controller.ts';
import { customResourceDefinitions } from './custom-resource-definitions.ts';
import { daemonSetController } from './daemon-set-controller.ts';
import { deploymentController } from './deployment-controller.ts';
import { disruptionController } from './disruption-controller.ts';
import { endpointSliceController } from './endpoint-slice-controller.ts';
import { endpointsController } from './endpoints-controller.ts';
import { ephemeralVolumeController } from './ephemeral-volume-controller.ts';
import { garbageCollector } from './garbage-collector.ts';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler-controller.ts';
import { jobController } from './job-controller.ts';
import { namespaceController } from './namespace.ts';
import { nodeIpamController } from './node-ipam-controller.ts';
import { nodeLifecycleController } from './node-lifecycle-controller.ts';
import { persistentVolumeBinder } from './persistent-volume-binder.ts';
import { persistentVolumeClaimProtection } from './persistent-volume-claim-protection.ts';
import { persistentVolumeProtection } from './persistent-volume-protection.ts';
import { podGarbageCollector } from './pod-garbage-collector.ts';
import { replicaSetController } from './replica-set-controller.ts';
import { replicationController } from './replication-controller.ts';
import { resourceQuotaController } from './resource-quota-controller.ts';
import { rootCaPublisher, serviceAccountController } from './service-account.ts';
import { serviceCidrsController } from './service-cidrs-controller.ts';
import { statefulSetController } from './stateful-set-controller.ts';
import { taintEvictionController } from './taint-eviction-controller.ts';
import { ttlAfterFinishedController } from './ttl-after-finished-controller.ts';
import { ttlController } from './ttl-controller.ts';
import { validatingAdmissionPolicyStatus } from './validating-admission-policy-status.ts';
import { verticalPodAutoscalerController } from './vertical-pod-autoscaler-controller.ts';
import { volumeExpandController } from './volume-expand-controller.ts';

export const controllers: readonly AnyController[] = [
  namespaceController,
  serviceAccountController,
  rootCaPublisher,
  replicationController,
  replicaSetController,
  deploymentController,
  jobController,
  cronJobController,
  ttlAfterFinishedController,
  statefulSetController,
  daemonSetController,
  endpointSliceController,
  endpointsController,
  nodeIpamController,
  serviceCidrsController,
  ttlController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollector,
  persistentVolumeBinder,
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
  attachDetach,
  volumeExpandController,
  ephemeralVolumeController,
  disruptionController,
  resourceQuotaController,
  clusterRoleAggregation,
  validatingAdmissionPolicyStatus,
  horizontalPodAutoscalerController,
  verticalPodAutoscalerController,
  clusterAutoscalerController,
  garbageCollector,
  customResourceDefinitions,
];

// Every kind has the names kubectl knows it by, and prints itself in the columns kubectl shows.
import { expect, test } from 'vitest';
import { kindKey } from '../../../../src-main/engine/kinds/kind.ts';
import { kinds } from '../../../../src-main/engine/kinds/registry.ts';
import { guessedPlural, storedKind } from '../../../../src-main/engine/kinds/stored-kind.ts';

function check(key: string, expected: string): void {
  const kind = kinds.find((candidate) => kindKey(candidate) === key)!;
  const columns = kind.columns.map(({ name, priority = 0 }) => (priority > 0 ? `(${name})` : name)).join(' | ');
  expect(`${kind.plural} ${kind.shortNames.join(',')} ${kind.namespaced ? 'namespaced' : 'cluster'}: ${columns}`).toBe(expected);
}

const rows: readonly (readonly [string, string])[] = [
  ['Namespace', 'namespaces ns cluster: Name | Status | Age'],
  [
    'Node',
    'nodes no cluster: Name | Status | Roles | Age | Version | (Internal-IP) | (External-IP) | (OS-Image) | (Kernel-Version) | (Container-Runtime)',
  ],
  ['Pod', 'pods po namespaced: Name | Ready | Status | Restarts | Age | (IP) | (Node) | (Nominated Node) | (Readiness Gates)'],
  [
    'ReplicationController',
    'replicationcontrollers rc namespaced: Name | Desired | Current | Ready | Age | (Containers) | (Images) | (Selector)',
  ],
  ['Service', 'services svc namespaced: Name | Type | Cluster-IP | External-IP | Port(s) | Age | (Selector)'],
  ['Endpoints', 'endpoints ep namespaced: Name | Endpoints | Age'],
  ['ConfigMap', 'configmaps cm namespaced: Name | Data | Age'],
  ['Secret', 'secrets  namespaced: Name | Type | Data | Age'],
  ['ServiceAccount', 'serviceaccounts sa namespaced: Name | Secrets | Age'],
  [
    'PersistentVolume',
    'persistentvolumes pv cluster: Name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | (VolumeMode)',
  ],
  [
    'PersistentVolumeClaim',
    'persistentvolumeclaims pvc namespaced: Name | Status | Volume | Capacity | Access Modes | StorageClass | VolumeAttributesClass | Age | (VolumeMode)',
  ],
  [
    'Event',
    'events ev namespaced: Last Seen | Type | Reason | Object | (Subobject) | (Source) | Message | (First Seen) | (Count) | (Name)',
  ],
  ['ReplicaSet.apps', 'replicasets rs namespaced: Name | Desired | Current | Ready | Age | (Containers) | (Images) | (Selector)'],
  ['Deployment.apps', 'deployments deploy namespaced: Name | Ready | Up-to-date | Available | Age | (Containers) | (Images) | (Selector)'],
  ['StatefulSet.apps', 'statefulsets sts namespaced: Name | Ready | Age | (Containers) | (Images)'],
  [
    'DaemonSet.apps',
    'daemonsets ds namespaced: Name | Desired | Current | Ready | Up-to-date | Available | Node Selector | Age | (Containers) | (Images) | (Selector)',
  ],
  ['ControllerRevision.apps', 'controllerrevisions  namespaced: Name | Controller | Revision | Age'],
  ['Job.batch', 'jobs  namespaced: Name | Status | Completions | Duration | Age | (Containers) | (Images) | (Selector)'],
  [
    'CronJob.batch',
    'cronjobs cj namespaced: Name | Schedule | Timezone | Suspend | Active | Last Schedule | Age | (Containers) | (Images) | (Selector)',
  ],
  [
    'HorizontalPodAutoscaler.autoscaling',
    'horizontalpodautoscalers hpa namespaced: Name | Reference | Targets | MinPods | MaxPods | Replicas | Age',
  ],
  ['VerticalPodAutoscaler.autoscaling.k8s.io', 'verticalpodautoscalers vpa namespaced: Name | Mode | CPU | Mem | Provided | Age'],
  ['EndpointSlice.discovery.k8s.io', 'endpointslices  namespaced: Name | AddressType | Ports | Endpoints | Age'],
  [
    'StorageClass.storage.k8s.io',
    'storageclasses sc cluster: Name | Provisioner | ReclaimPolicy | VolumeBindingMode | AllowVolumeExpansion | Age',
  ],
  ['VolumeAttachment.storage.k8s.io', 'volumeattachments  cluster: Name | Attacher | PV | Node | Attached | Age'],
  [
    'CSIDriver.storage.k8s.io',
    'csidrivers  cluster: Name | AttachRequired | PodInfoOnMount | StorageCapacity | TokenRequests | RequiresRepublish | Modes | Age',
  ],
  ['CSINode.storage.k8s.io', 'csinodes  cluster: Name | Drivers | Age'],
  ['RuntimeClass.node.k8s.io', 'runtimeclasses  cluster: Name | Handler | Age'],
  ['PriorityClass.scheduling.k8s.io', 'priorityclasses pc cluster: Name | Value | Global-Default | Age | PreemptionPolicy'],
  [
    'CertificateSigningRequest.certificates.k8s.io',
    'certificatesigningrequests csr cluster: Name | Age | SignerName | Requestor | RequestedDuration | Condition',
  ],
  ['Lease.coordination.k8s.io', 'leases  namespaced: Name | Holder | Age'],
  ['CustomResourceDefinition.apiextensions.k8s.io', 'customresourcedefinitions crd,crds cluster: Name | Created At'],
  ['ValidatingAdmissionPolicy.admissionregistration.k8s.io', 'validatingadmissionpolicies  cluster: Name | Validations | ParamKind | Age'],
  [
    'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
    'validatingadmissionpolicybindings  cluster: Name | PolicyName | ParamRef | Age',
  ],
  ['LimitRange', 'limitranges limits namespaced: Name | Created At'],
  ['ResourceQuota', 'resourcequotas quota namespaced: Name | Request | Limit | Age'],
  ['Ingress.networking.k8s.io', 'ingresses ing namespaced: Name | Class | Hosts | Address | Ports | Age'],
  ['IngressClass.networking.k8s.io', 'ingressclasses  cluster: Name | Controller | Parameters | Age'],
  ['NetworkPolicy.networking.k8s.io', 'networkpolicies netpol namespaced: Name | Pod-Selector | Age'],
  ['ServiceCIDR.networking.k8s.io', 'servicecidrs  cluster: Name | CIDRs | Age'],
  ['IPAddress.networking.k8s.io', 'ipaddresses ip cluster: Name | ParentRef'],
  [
    'FlowSchema.flowcontrol.apiserver.k8s.io',
    'flowschemas  cluster: Name | PriorityLevel | MatchingPrecedence | DistinguisherMethod | Age | MissingPL',
  ],
  [
    'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
    'prioritylevelconfigurations  cluster: Name | Type | NominalConcurrencyShares | Queues | HandSize | QueueLengthLimit | Age',
  ],
  ['APIService.apiregistration.k8s.io', 'apiservices  cluster: Name | Service | Available | Age'],
  ['PodDisruptionBudget.policy', 'poddisruptionbudgets pdb namespaced: Name | Min Available | Max Unavailable | Allowed Disruptions | Age'],
  ['Role.rbac.authorization.k8s.io', 'roles  namespaced: Name | Created At'],
  ['RoleBinding.rbac.authorization.k8s.io', 'rolebindings  namespaced: Name | Role | Age | (Users) | (Groups) | (ServiceAccounts)'],
  ['ClusterRole.rbac.authorization.k8s.io', 'clusterroles  cluster: Name | Created At'],
  [
    'ClusterRoleBinding.rbac.authorization.k8s.io',
    'clusterrolebindings  cluster: Name | Role | Age | (Users) | (Groups) | (ServiceAccounts)',
  ],
  ['CSIStorageCapacity.storage.k8s.io', 'csistoragecapacities  namespaced: Name | StorageClassName | Capacity'],
  [
    'VolumeSnapshot.snapshot.storage.k8s.io',
    'volumesnapshots vs namespaced: Name | ReadyToUse | SourcePVC | SourceSnapshotContent | RestoreSize | SnapshotClass | SnapshotContent | CreationTime | Age',
  ],
  [
    'VolumeSnapshotContent.snapshot.storage.k8s.io',
    'volumesnapshotcontents vsc,vscs cluster: Name | ReadyToUse | RestoreSize | DeletionPolicy | Driver | VolumeSnapshotClass | VolumeSnapshot | VolumeSnapshotNamespace | Age',
  ],
  ['VolumeSnapshotClass.snapshot.storage.k8s.io', 'volumesnapshotclasses vsclass,vsclasses cluster: Name | Driver | DeletionPolicy | Age'],
];

test.each(rows)('%s', check);

test('each kind of the list has its row here', () => {
  const told = new Set(rows.map(([key]) => key));
  expect(kinds.map(kindKey).filter((key) => !told.has(key))).toEqual([]);
});

test.each([
  ['Gadget', 'gadgets'],
  ['Policy', 'policies'],
  ['Class', 'classes'],
  ['Endpoints', 'endpoints'],
])('the plural of %s is guessed', (kind, plural) => expect(guessedPlural(kind)).toBe(plural));

test.each([
  ['flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', true, 'flowschemas   cluster'],
  ['certificates.k8s.io/v1', 'CertificateSigningRequest', undefined, 'certificatesigningrequests csr  cluster'],
  ['example.com/v1', 'Gadget', undefined, 'gadgets   namespaced'],
  ['example.com/v1', 'Gadget', false, 'gadgets   cluster'],
])('%s %s is stored only', (apiVersion, kind, namespaced, expected) => {
  const made = storedKind(apiVersion, kind, undefined, namespaced);
  const scope = made.namespaced ? 'namespaced' : 'cluster';
  expect(`${made.plural} ${made.shortNames.join(',')} ${made.categories.join(',')} ${scope}`).toBe(expected);
  expect(made.simulated).toBe(false);
});

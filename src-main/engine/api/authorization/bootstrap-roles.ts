// The rules of the roles that every cluster begins with, one line a rule: they are read beside upstream's own tables.
// upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy {policy,controller_policy,namespace_policy}.go (release 1.33, with its default feature gates)

/**
 * A role's name stands at the margin, `>` before the label of the role that gathers it, `@` before its namespace. Its rules follow:
 * verbs | groups | resources | names; or verbs | paths. READ, WRITE and ALL stand for their verbs, `core` for the group without a name,
 * EVENTS for the rule of those who tell Events.
 */
export const PEOPLES_ROLES = `
cluster-admin
  * | * | *
  * | *
system:discovery
  get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
system:monitoring
  get | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*
system:basic-user
  create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
  create | authentication.k8s.io | selfsubjectreviews
system:public-info-viewer
  get | /healthz /livez /readyz /version /version/
system:aggregate-to-admin > admin
  create | authorization.k8s.io | localsubjectaccessreviews
  ALL | rbac.authorization.k8s.io | rolebindings roles
system:aggregate-to-edit > edit
  READ | core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy
  impersonate | core | serviceaccounts
  WRITE | core | pods pods/attach pods/exec pods/portforward pods/proxy
  create | core | pods/eviction
  WRITE | core | configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy
  create | core | serviceaccounts/token
  WRITE | apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale
  WRITE | autoscaling | horizontalpodautoscalers
  WRITE | batch | cronjobs jobs
  WRITE | extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale
  WRITE | policy | poddisruptionbudgets
  WRITE | networking.k8s.io | ingresses networkpolicies
  ALL | coordination.k8s.io | leases
system:aggregate-to-view > view
  READ | core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status
  READ | core | bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status
  READ | core | namespaces
  READ | discovery.k8s.io | endpointslices
  READ | apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status
  READ | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status
  READ | batch | cronjobs cronjobs/status jobs jobs/status
  READ | extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale
  READ | policy | poddisruptionbudgets poddisruptionbudgets/status
  READ | networking.k8s.io | ingresses ingresses/status networkpolicies
`;

/** The parts of the cluster that are no controllers. */
export const SYSTEM_ROLES = `
system:heapster
  READ | core | events namespaces nodes pods
  READ | extensions | deployments
system:node
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | localsubjectaccessreviews subjectaccessreviews
  READ | core | services
  create get list watch | core | nodes
  patch update | core | nodes/status
  patch update | core | nodes
  create patch update | core | events
  READ | core | pods
  create delete | core | pods
  patch update | core | pods/status
  create | core | pods/eviction
  READ | core | configmaps secrets
  get | core | persistentvolumeclaims persistentvolumes
  get | core | endpoints
  create get list watch | certificates.k8s.io | certificatesigningrequests
  create delete get patch update | coordination.k8s.io | leases
  get | storage.k8s.io | volumeattachments
  create | core | serviceaccounts/token
  get patch update | core | persistentvolumeclaims/status
  READ | storage.k8s.io | csidrivers
  create delete get patch update | storage.k8s.io | csinodes
  READ | node.k8s.io | runtimeclasses
system:node-problem-detector
  get | core | nodes
  patch | core | nodes/status
  EVENTS
system:kubelet-api-admin
  READ | core | nodes
  proxy | core | nodes
  * | core | nodes/log nodes/metrics nodes/proxy nodes/stats
  * | core | nodes/configz nodes/healthz nodes/pods
system:node-bootstrapper
  create get list watch | certificates.k8s.io | certificatesigningrequests
system:auth-delegator
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
system:kube-aggregator
  READ | core | endpoints services
system:kube-controller-manager
  EVENTS
  create | coordination.k8s.io | leases
  get update | coordination.k8s.io | leases | kube-controller-manager
  create | core | secrets serviceaccounts
  delete | core | secrets
  get | core | configmaps namespaces secrets serviceaccounts
  update | core | secrets serviceaccounts
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  list watch | * | *
  create | core | serviceaccounts/token
system:kube-dns
  list watch | core | endpoints services
system:persistent-volume-provisioner
  create delete get list watch | core | persistentvolumes
  get list update watch | core | persistentvolumeclaims
  READ | storage.k8s.io | storageclasses
  watch | core | events
  EVENTS
system:certificates.k8s.io:certificatesigningrequests:nodeclient
  create | certificates.k8s.io | certificatesigningrequests/nodeclient
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
  create | certificates.k8s.io | certificatesigningrequests/selfnodeclient
system:volume-scheduler
  get list patch update watch | core | persistentvolumes
  READ | storage.k8s.io | storageclasses
  get list patch update watch | core | persistentvolumeclaims
system:certificates.k8s.io:legacy-unknown-approver
  approve | certificates.k8s.io | signers | kubernetes.io/legacy-unknown
system:certificates.k8s.io:kubelet-serving-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kubelet-serving
system:certificates.k8s.io:kube-apiserver-client-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
system:service-account-issuer-discovery
  get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
system:node-proxier
  list watch | core | endpoints services
  READ | core | nodes
  EVENTS
  list watch | networking.k8s.io | servicecidrs
  list watch | discovery.k8s.io | endpointslices
system:kube-scheduler
  EVENTS
  create | coordination.k8s.io | leases
  get update | coordination.k8s.io | leases | kube-scheduler
  READ | core | nodes
  delete get list watch | core | pods
  create | core | bindings pods/binding
  patch update | core | pods/status
  READ | core | replicationcontrollers services
  READ | apps extensions | replicasets
  READ | apps | statefulsets
  READ | policy | poddisruptionbudgets
  READ | core | persistentvolumeclaims persistentvolumes
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  READ | storage.k8s.io | csinodes
  READ | storage.k8s.io | volumeattachments
  READ | core | namespaces
  READ | storage.k8s.io | csidrivers
  READ | storage.k8s.io | csistoragecapacities
`;

/** Each is bound to the service account of its own name in kube-system. */
export const CONTROLLER_ROLES = `
attachdetach-controller
  list watch | core | persistentvolumeclaims persistentvolumes
  READ | core | nodes
  patch update | core | nodes/status
  list watch | core | pods
  EVENTS
  create delete get list watch | storage.k8s.io | volumeattachments
  READ | storage.k8s.io | csidrivers
  READ | storage.k8s.io | csinodes
clusterrole-aggregation-controller
  escalate get list patch update watch | rbac.authorization.k8s.io | clusterroles
cronjob-controller
  get list update watch | batch | cronjobs
  create delete get list patch update watch | batch | jobs
  update | batch | cronjobs/status
  update | batch | cronjobs/finalizers
  delete list watch | core | pods
  EVENTS
daemon-set-controller
  READ | apps extensions | daemonsets
  update | apps extensions | daemonsets/status
  update | apps extensions | daemonsets/finalizers
  list watch | core | nodes
  create delete list patch watch | core | pods
  create | core | pods/binding
  create delete get list patch update watch | apps | controllerrevisions
  EVENTS
deployment-controller
  get list update watch | apps extensions | deployments
  update | apps extensions | deployments/status
  update | apps extensions | deployments/finalizers
  create delete get list patch update watch | apps extensions | replicasets
  get list update watch | core | pods
  EVENTS
disruption-controller
  READ | apps extensions | deployments
  READ | apps extensions | replicasets
  READ | core | replicationcontrollers
  READ | policy | poddisruptionbudgets
  READ | apps | statefulsets
  update | policy | poddisruptionbudgets/status
  patch update | core | pods/status
  get | * | */scale
  EVENTS
endpoint-controller
  READ | core | pods services
  create delete get list update watch | core | endpoints
  create | core | endpoints/restricted
  EVENTS
endpointslice-controller
  READ | core | nodes pods services
  update | core | services/finalizers
  create delete get list update watch | discovery.k8s.io | endpointslices
  EVENTS
endpointslicemirroring-controller
  READ | core | endpoints services
  update | core | services/finalizers
  update | core | endpoints/finalizers
  create delete get list update watch | discovery.k8s.io | endpointslices
  EVENTS
expand-controller
  get list patch update watch | core | persistentvolumes
  patch update | core | persistentvolumeclaims/status
  READ | core | persistentvolumeclaims
  EVENTS
  get | core | services
ephemeral-volume-controller
  READ | core | pods
  update | core | pods/finalizers
  create get list watch | core | persistentvolumeclaims
  EVENTS
generic-garbage-collector
  delete get list patch update watch | * | *
  EVENTS
horizontal-pod-autoscaler
  READ | autoscaling | horizontalpodautoscalers
  update | autoscaling | horizontalpodautoscalers/status
  get update | * | */scale
  list watch | core | pods
  list watch | metrics.k8s.io | pods
  READ | custom.metrics.k8s.io | *
  READ | external.metrics.k8s.io | *
  EVENTS
job-controller
  get list patch update watch | batch | jobs
  update | batch | jobs/status
  update | batch | jobs/finalizers
  create delete list patch watch | core | pods
  EVENTS
namespace-controller
  delete get list watch | core | namespaces
  update | core | namespaces/finalize namespaces/status
  delete deletecollection get list watch | * | *
node-controller
  delete get list patch update watch | core | nodes
  patch update | core | nodes/status
  patch update | core | pods/status
  delete get list watch | core | pods
  EVENTS
persistent-volume-binder
  create delete get list update watch | core | persistentvolumes
  update | core | persistentvolumes/status
  get list update watch | core | persistentvolumeclaims
  update | core | persistentvolumeclaims/status
  create delete get list watch | core | pods
  READ | storage.k8s.io | storageclasses
  list watch | core | nodes
  EVENTS
  watch | core | events
  get | core | services
pod-garbage-collector
  delete list watch | core | pods
  READ | core | nodes
  patch | core | pods/status
replicaset-controller
  get list update watch | apps extensions | replicasets
  update | apps extensions | replicasets/status
  update | apps extensions | replicasets/finalizers
  create delete list patch watch | core | pods
  EVENTS
replication-controller
  get list update watch | core | replicationcontrollers
  update | core | replicationcontrollers/status
  update | core | replicationcontrollers/finalizers
  create delete list patch watch | core | pods
  EVENTS
resourcequota-controller
  list watch | * | *
  update | core | resourcequotas/status
  EVENTS
route-controller
  list watch | core | nodes
  patch | core | nodes/status
  EVENTS
service-account-controller
  create | core | serviceaccounts
  EVENTS
service-controller
  READ | core | services
  patch update | core | services/status
  list watch | core | nodes
  EVENTS
service-cidrs-controller
  get list patch update watch | networking.k8s.io | servicecidrs
  patch update | networking.k8s.io | servicecidrs/finalizers
  patch update | networking.k8s.io | servicecidrs/status
  READ | networking.k8s.io | ipaddresses
  EVENTS
statefulset-controller
  list watch | core | pods
  READ | apps | statefulsets
  update | apps | statefulsets/status
  update | apps | statefulsets/finalizers
  create delete get patch update | core | pods
  create delete get list patch update watch | apps | controllerrevisions
  create get list watch | core | persistentvolumeclaims
  delete update | core | persistentvolumeclaims
  update | core | pods/finalizers
  EVENTS
ttl-controller
  list patch update watch | core | nodes
  EVENTS
certificate-controller
  delete get list watch | certificates.k8s.io | certificatesigningrequests
  update | certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
  sign | certificates.k8s.io | signers | kubernetes.io/legacy-unknown kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving
  create | authorization.k8s.io | subjectaccessreviews
  EVENTS
pvc-protection-controller
  get list update watch | core | persistentvolumeclaims
  READ | core | pods
  EVENTS
pv-protection-controller
  get list update watch | core | persistentvolumes
  EVENTS
ttl-after-finished-controller
  delete get list watch | batch | jobs
  EVENTS
root-ca-cert-publisher
  create update | core | configmaps
  EVENTS
validatingadmissionpolicy-status-controller
  READ | admissionregistration.k8s.io | validatingadmissionpolicies
  get patch update | admissionregistration.k8s.io | validatingadmissionpolicies/status
  EVENTS
legacy-service-account-token-cleaner
  get | core | configmaps | kube-apiserver-legacy-service-account-token-tracking
  delete patch | core | secrets
selinux-warning-controller
  EVENTS
  READ | core | persistentvolumes
  READ | core | persistentvolumeclaims
  READ | core | pods
  READ | storage.k8s.io | csidrivers
`;

/** What stands in kube-system and kube-public alone. */
export const NAMESPACE_ROLES = `
extension-apiserver-authentication-reader @ kube-system
  READ | core | configmaps | extension-apiserver-authentication
system:controller:bootstrap-signer @ kube-system
  READ | core | secrets
system:controller:cloud-provider @ kube-system
  create get list watch | core | configmaps
system:controller:token-cleaner @ kube-system
  delete get list watch | core | secrets
  EVENTS
system::leader-locking-kube-controller-manager @ kube-system
  watch | core | configmaps
  get update | core | configmaps | kube-controller-manager
system::leader-locking-kube-scheduler @ kube-system
  watch | core | configmaps
  get update | core | configmaps | kube-scheduler
system:controller:bootstrap-signer @ kube-public
  READ | core | configmaps
  update | core | configmaps | cluster-info
  EVENTS
`;

/** binding | role | subjects; a service account by its name in kube-system. The nodes have an authorizer of their own. */
export const CLUSTER_BINDINGS = `
cluster-admin | cluster-admin | Group/system:masters
system:monitoring | system:monitoring | Group/system:monitoring
system:discovery | system:discovery | Group/system:authenticated
system:basic-user | system:basic-user | Group/system:authenticated
system:public-info-viewer | system:public-info-viewer | Group/system:authenticated Group/system:unauthenticated
system:node-proxier | system:node-proxier | User/system:kube-proxy
system:kube-controller-manager | system:kube-controller-manager | User/system:kube-controller-manager
system:kube-dns | system:kube-dns | ServiceAccount/kube-dns
system:kube-scheduler | system:kube-scheduler | User/system:kube-scheduler
system:volume-scheduler | system:volume-scheduler | User/system:kube-scheduler
system:node | system:node
system:service-account-issuer-discovery | system:service-account-issuer-discovery | Group/system:serviceaccounts
`;

export const NAMESPACE_BINDINGS = `
system::extension-apiserver-authentication-reader @ kube-system | extension-apiserver-authentication-reader | User/system:kube-controller-manager User/system:kube-scheduler
system::leader-locking-kube-controller-manager @ kube-system | system::leader-locking-kube-controller-manager | User/system:kube-controller-manager ServiceAccount/kube-controller-manager
system::leader-locking-kube-scheduler @ kube-system | system::leader-locking-kube-scheduler | User/system:kube-scheduler ServiceAccount/kube-scheduler
system:controller:bootstrap-signer @ kube-system | system:controller:bootstrap-signer | ServiceAccount/bootstrap-signer
system:controller:cloud-provider @ kube-system | system:controller:cloud-provider | ServiceAccount/cloud-provider
system:controller:token-cleaner @ kube-system | system:controller:token-cleaner | ServiceAccount/token-cleaner
system:controller:bootstrap-signer @ kube-public | system:controller:bootstrap-signer | ServiceAccount/bootstrap-signer
`;

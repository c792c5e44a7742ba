// Which server answers for each group version: the API server itself for its own and for those of definitions, the metrics server for its one.
// upstream: pkg/controlplane/apiserver/aggregator.go, cmd/kube-apiserver/app aggregator.go, pkg/controlplane/controller/crdregistration, autoregister
import { customResourceDefinitionKind } from '../kinds/apiextensions/custom-resource-definition.ts';
import { type APIService, AUTO_MANAGED, apiServiceKind } from '../kinds/apiregistration/api-service.ts';
import { kinds } from '../kinds/registry.ts';
import { StatusError } from '../meta/status-error.ts';
import type { ApiServer } from './server.ts';

const USER = 'system:apiserver';
/** Who puts manifests of add-ons into a new cluster. */
const INSTALLER = 'kubernetes-admin';

/** Group versions in the order of their groups' priority, with that and their own. upstream: apiVersionPriorities */
const OWN: readonly (readonly [name: string, group: number, version: number])[] = [
  ['v1.', 18_000, 1],
  ['v1.apps', 17_800, 15],
  ['v1.events.k8s.io', 17_750, 15],
  ['v1.authentication.k8s.io', 17_700, 15],
  ['v1.authorization.k8s.io', 17_600, 15],
  ['v1.autoscaling', 17_500, 15],
  ['v2.autoscaling', 17_500, 30],
  ['v1.batch', 17_400, 15],
  ['v1.certificates.k8s.io', 17_300, 15],
  ['v1.networking.k8s.io', 17_200, 15],
  ['v1.policy', 17_100, 15],
  ['v1.rbac.authorization.k8s.io', 17_000, 15],
  ['v1.storage.k8s.io', 16_800, 15],
  ['v1.apiextensions.k8s.io', 16_700, 15],
  ['v1.admissionregistration.k8s.io', 16_700, 15],
  ['v1.scheduling.k8s.io', 16_600, 15],
  ['v1.coordination.k8s.io', 16_500, 15],
  ['v1.node.k8s.io', 16_300, 15],
  ['v1.discovery.k8s.io', 16_200, 15],
  ['v1.flowcontrol.apiserver.k8s.io', 16_100, 21],
];
/** Those of definitions; several versions are ordered by their names. upstream: crdregistration_controller.go handleVersionUpdate */
const OF_DEFINITIONS = { groupPriorityMinimum: 1_000, versionPriority: 100 };
/** upstream: kubernetes-sigs/metrics-server manifests/base/apiservice.yaml */
const METRICS = {
  metadata: { name: 'v1beta1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
  spec: {
    ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true },
    service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
  },
};

/** Once, when the server starts. */
export function createOwnApiServices(server: ApiServer): void {
  for (const [name, groupPriorityMinimum, versionPriority] of OWN) {
    if (server.find(apiServiceKind, name) !== undefined) continue;
    create(server, name, 'onstart', { groupPriorityMinimum, versionPriority });
  }
  followDefinitions(server);
  if (server.find(apiServiceKind, METRICS.metadata.name) !== undefined) return;
  server.create(apiServiceKind, METRICS, INSTALLER);
  const answers = { type: 'Available', status: 'True', reason: 'Passed', message: 'all checks passed' };
  const told = (service: APIService): APIService => ({
    ...service,
    status: { conditions: [{ ...answers, lastTransitionTime: service.metadata.creationTimestamp }] },
  });
  server.patch(apiServiceKind, METRICS.metadata.name, told, USER, 'status');
}

/** One for each version that a definition serves, and none for what none serves any more. */
export function followDefinitions(server: ApiServer): void {
  const wanted = new Set(WITH_THE_LAB);
  for (const { spec } of server.list(customResourceDefinitionKind))
    for (const { name, served } of spec.versions) if (served) wanted.add(`${name}.${spec.group}`);
  for (const { metadata } of server.list(apiServiceKind))
    if (metadata.labels?.[AUTO_MANAGED] === 'true' && !wanted.has(metadata.name)) remove(server, metadata.name);
  for (const name of wanted) if (server.find(apiServiceKind, name) === undefined) create(server, name, 'true', OF_DEFINITIONS);
}

/** Definitions that other clusters are given and the lab knows without. */
const WITH_THE_LAB: readonly string[] = kinds
  .map(({ group, version }) => `${version}.${group}`)
  .filter((name) => name !== 'v1.apiregistration.k8s.io' && !OWN.some(([own]) => own === name));

function create(server: ApiServer, name: string, managed: string, priorities: typeof OF_DEFINITIONS): void {
  const dot = name.indexOf('.');
  const group = name.slice(dot + 1);
  const spec = { ...(group !== '' && { group }), version: name.slice(0, dot), ...priorities };
  server.create(apiServiceKind, { metadata: { name, labels: { [AUTO_MANAGED]: managed } }, spec }, USER);
}

function remove(server: ApiServer, name: string): void {
  try {
    server.delete(apiServiceKind, name, {}, USER);
  } catch (error) {
    // A policy is against it; it is tried again with the next change.
    if (!(error instanceof StatusError)) throw error;
  }
}

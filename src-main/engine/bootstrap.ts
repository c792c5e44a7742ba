// What a fresh cluster holds before anybody uses it: the API server's own namespaces, priority classes, Service, roles and bindings.
import { createOwnApiServices } from './api/api-services.ts';
import { createBootstrapPolicy } from './api/authorization/bootstrap-policy.ts';
import { createFlowControl } from './api/flow-control.ts';
import type { ApiServer } from './api/server.ts';
import type { Random } from './base/random.ts';
import { priorityClassKind } from './kinds/scheduling/priority-class.ts';
import { machineAddress } from './kubelet/node-addresses.ts';
import { createOwnService, createOwnServiceCidr, createSystemNamespaces, keepOwnEndpoints } from './own-objects.ts';
import type { Physics } from './physics/physics.ts';
import type { ScenarioPlan } from './scenario.ts';

const USER = 'system:apiserver';
/** A pull gets what a cloud machine's line to a registry gives: 100 Mbit/s to 200 Mbit/s. */
const DOWNLOAD_BYTES_PER_SECOND_MIN = 12_500_000;
const DOWNLOAD_BYTES_PER_SECOND_MAX = 25_000_000;

/** Machines under power, their kubelets running. */
export function placeMachines(plan: ScenarioPlan, physics: Physics, random: Random): void {
  for (const { name, zone, controlPlane, cpu, memory, pods } of plan.machines) {
    physics.set('machine', name, {
      powered: true,
      zone,
      region: plan.region,
      bootedAtMs: 0,
      downloadBytesPerSecond: random.between(DOWNLOAD_BYTES_PER_SECOND_MIN, DOWNLOAD_BYTES_PER_SECOND_MAX),
      controlPlane,
      capacity: { cpu, memory, pods, 'ephemeral-storage': '100Gi' },
    });
    physics.set('kubelet', name, { running: true });
    physics.set('link', name, { cut: false });
  }
}

/** upstream: pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, pkg/apis/scheduling/v1 SystemPriorityClasses */
export function createSystemObjects(server: ApiServer, plan: ScenarioPlan): void {
  createSystemNamespaces(server);
  const priority = (name: string, value: number, description: string): void => {
    server.create(priorityClassKind, { metadata: { name }, value, globalDefault: false, description }, USER);
  };
  priority('system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.');
  priority(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  );
  server.drawingFrom('service-cidr', () => createOwnServiceCidr(server));
  createOwnService(server);
  server.drawingFrom('bootstrap-policy', () => createBootstrapPolicy(server));
  server.drawingFrom('flow-control', () => createFlowControl(server));
  server.drawingFrom('api-services', () => createOwnApiServices(server));
  server.drawingFrom('kubernetes-endpoints', () => keepOwnEndpoints(server, apiServerAddresses(plan)));
}

/** Where the API server runs. */
export function apiServerAddresses({ machines }: ScenarioPlan): readonly string[] {
  const names = machines.map(({ name }) => name);
  return machines.filter(({ controlPlane }) => controlPlane).map(({ name }) => machineAddress(names, name));
}

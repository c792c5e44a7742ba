// Pods a second that the scheduler places in a large cluster, with nothing beside it but the API server: all plugins, pods that ask for much.
import { performance } from 'node:perf_hooks';
import { KindRegistry } from '../../../engine/api/kind-registry.ts';
import { ApiServer, noAdmission } from '../../../engine/api/server.ts';
import { ServiceAddresses } from '../../../engine/api/service-addresses.ts';
import { Store } from '../../../engine/api/store.ts';
import { ComponentHost } from '../../../engine/client/component-host.ts';
import { nodeKind } from '../../../engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../engine/kinds/core/pod.ts';
import { serviceKind } from '../../../engine/kinds/core/service.ts';
import { Physics } from '../../../engine/physics/physics.ts';
import { schedulerWith } from '../../../engine/scheduler/scheduler.ts';
import { schedulerSettings } from '../../../engine/scheduler/scheduler-configuration.ts';
import { Timeline } from '../../../engine/time/timeline.ts';
import { EPOCH_MS } from '../../../session/scenarios.ts';

const USER = 'bench';
const ZONES = 5;
const STANDING_PER_NODE = 10;
const VIRTUAL_MS_MAX = 86_400_000;
const LABEL = { app: 'web' };
const ZONE = 'topology.kubernetes.io/zone';

/** What the pods that are placed ask for beyond their requests. */
const sorts: Readonly<Record<string, object>> = {
  /** Of a Service: spread by default over hosts and zones. */
  plain: {},
  spread: {
    topologySpreadConstraints: [
      { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: LABEL } },
    ],
  },
  affinity: {
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, preference: { matchExpressions: [{ key: ZONE, operator: 'In', values: ['zone-1', 'zone-2'] }] } },
        ],
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 50, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: LABEL } } },
        ],
      },
    },
  },
};

export const schedulingSorts: readonly string[] = Object.keys(sorts);

/** Pods a second of wall time. */
export function schedulingRate(sort: string, nodes: number, pods: number): number {
  const timeline = Timeline.start(EPOCH_MS, 1);
  const store = new Store();
  const server = new ApiServer(store, timeline, noAdmission, new ServiceAddresses(store, timeline.stream('service-addresses')));
  for (let index = 0; index < nodes; index += 1) addNode(server, index);
  const service = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: LABEL, ports: [{ port: 80 }] } };
  server.create(serviceKind, service, USER);
  const standing = specOf({});
  for (let index = 0; index < nodes * STANDING_PER_NODE; index += 1) {
    const labels = { app: `other-${index % 100}` };
    addPod(server, `standing-${index}`, labels, { ...standing, nodeName: `node-${index % nodes}` });
  }
  const host = new ComponentHost(server, timeline, new Physics(timeline), new KindRegistry(), null);
  // The API server's limit would only stretch virtual time.
  host.startComponent(schedulerWith(schedulerSettings({ clientConnection: { qps: 100_000, burst: 100_000 } })));
  host.started();
  timeline.advance(1_000, Number.POSITIVE_INFINITY);
  const spec = specOf(sorts[sort] as object);
  for (let index = 0; index < pods; index += 1) addPod(server, `web-${index}`, LABEL, spec);
  const startMs = performance.now();
  let placed = 0;
  while (placed < pods) {
    if (timeline.nowMs > VIRTUAL_MS_MAX) throw new Error(`only ${placed} of ${pods} pods were placed in a day`);
    timeline.advance(timeline.nowMs + 1_000, Number.POSITIVE_INFINITY);
    placed = server.list<Pod>(podKind).filter(({ metadata, spec: { nodeName } }) => metadata.labels?.['app'] === 'web' && nodeName).length;
  }
  return (pods * 1_000) / (performance.now() - startMs);
}

function addNode(server: ApiServer, index: number): void {
  const name = `node-${index}`;
  const labels = { 'kubernetes.io/hostname': name, [ZONE]: `zone-${index % ZONES}` };
  const allocatable = { cpu: '16', memory: '64Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  server.create(nodeKind, { metadata: { name, labels }, spec: {}, status: { allocatable } }, USER);
}

function specOf(more: object): object {
  return { containers: [{ name: 'app', image: 'nginx:1.28', resources: { requests: { cpu: '100m', memory: '128Mi' } } }], ...more };
}

function addPod(server: ApiServer, name: string, labels: Readonly<Record<string, string>>, spec: object): void {
  server.create(podKind, { metadata: { namespace: 'default', name, labels }, spec }, USER);
}

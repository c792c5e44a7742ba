// A cluster with one Deployment whose pods are all Ready: the ground of most measurements, and one itself.
import { performance } from 'node:perf_hooks';
import { Cluster } from '../../../engine/cluster.ts';
import { deploymentKind } from '../../../engine/kinds/apps/deployment.ts';
import type { JsonObject } from '../../../engine/meta/object.ts';
import { planMachines, type ScenarioPlan } from '../../../engine/scenario.ts';
import { FRAME_MS } from '../../../session/open-session.ts';
import type { TableReader } from '../../../session/projection/table-set.ts';
import { EPOCH_MS } from '../../../session/scenarios.ts';
import { World } from '../../../session/world.ts';

const READY_MS_MAX = 24 * 3_600_000;
const STEP_MS = 200;
const ZONES = 3;

/** A world as the lab runs it: a window is open, and takes a frame of what changed every 16 ms of real time. */
export class BenchLab {
  readonly cluster: Cluster;
  readonly #world: World;
  readonly #reader: TableReader;
  #framedAtMs = performance.now();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.#world = new World(cluster);
    this.#reader = this.#world.projection.tables.open();
  }

  /** Runs on by so much virtual time. */
  advance(ms: number): void {
    this.cluster.advance(this.cluster.timeline.nowMs + ms);
    if (performance.now() - this.#framedAtMs < FRAME_MS) return;
    this.#world.projection.refresh();
    this.#world.projection.tables.take(this.#reader);
    this.#framedAtMs = performance.now();
  }
}

/** Nodes in three zones, and nothing on them. */
export function emptyScenario(nodes: number): ScenarioPlan {
  return { name: 'bench', seed: 1, epochMs: EPOCH_MS, region: 'orrery', machines: planMachines(ZONES, nodes), objects: [] };
}

/** `wallSeconds`: from applying the Deployment until all of its pods were Ready. */
export function readyCluster(
  replicas: number,
  nodes: number,
): { readonly lab: BenchLab; readonly cluster: Cluster; readonly wallSeconds: number } {
  const cluster = Cluster.start(emptyScenario(nodes));
  const lab = new BenchLab(cluster);
  if (replicas === 0) return { lab, cluster, wallSeconds: 0 };
  const startMs = performance.now();
  cluster.command({ type: 'apply', object: deployment(replicas) });
  const limitMs = cluster.timeline.nowMs + READY_MS_MAX;
  while (readyReplicas(cluster) < replicas) {
    if (cluster.timeline.nowMs > limitMs) throw new Error(`only ${readyReplicas(cluster)} of ${replicas} pods became Ready in a day`);
    lab.advance(STEP_MS);
  }
  return { lab, cluster, wallSeconds: (performance.now() - startMs) / 1_000 };
}

/** How many pods of its Deployment the cluster tells to be Ready. */
export function readyReplicas(cluster: Cluster): number {
  return cluster.server.find(deploymentKind, 'default/web')?.status.readyReplicas ?? 0;
}

/** Wall seconds until pods of another image have taken the place of all. */
export function rolloutSeconds(replicas: number, nodes: number): number {
  const { lab, cluster } = readyCluster(replicas, nodes);
  const startMs = performance.now();
  cluster.command({ type: 'apply', object: deployment(replicas, 'nginx:1.28') });
  const limitMs = cluster.timeline.nowMs + READY_MS_MAX;
  while (!isRolledOut(cluster, replicas)) {
    if (cluster.timeline.nowMs > limitMs) throw new Error('the rollout did not end in a day');
    lab.advance(STEP_MS);
  }
  return (performance.now() - startMs) / 1_000;
}

function isRolledOut(cluster: Cluster, replicas: number): boolean {
  const found = cluster.server.find(deploymentKind, 'default/web');
  if (found === undefined || found.status.observedGeneration !== found.metadata.generation) return false;
  const { updatedReplicas, readyReplicas: ready, replicas: all } = found.status;
  return updatedReplicas === replicas && ready === replicas && all === replicas;
}

/** With a readiness probe. */
export function deployment(replicas: number, image = 'nginx:1.27'): JsonObject {
  const labels = { app: 'web' };
  const container = {
    name: 'web',
    image,
    ports: [{ containerPort: 80 }],
    resources: { requests: { cpu: '10m', memory: '16Mi' } },
    readinessProbe: { httpGet: { path: '/', port: 80 } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
}

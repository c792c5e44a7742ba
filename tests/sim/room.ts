// Says by plain counting whether a waiting pod could run somewhere now: a second opinion on the scheduler that shares none of its code.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { quantityMilliValue, quantityValue } from '../../src-main/engine/meta/quantity.ts';
import { toleratesTaint } from '../../src-main/engine/meta/tolerations.ts';

const ZONE = 'topology.kubernetes.io/zone';

/** Names of nodes where it would run, alone or in the place of lesser pods. Pods that keep a distance are not judged. */
export function nodesFor(cluster: Cluster, pod: Pod): readonly string[] {
  const pods = table<Pod>(cluster, 'Pod');
  const distant = ({ metadata, spec }: Pod): boolean =>
    metadata.namespace === pod.metadata.namespace &&
    (spec.affinity?.podAntiAffinity !== undefined || spec.topologySpreadConstraints !== undefined);
  if (distant(pod) || pods.some(distant)) return [];
  const zones = zonesOf(cluster, pod);
  return table<Node>(cluster, 'Node')
    .filter((node) => welcomes(node, pod) && (zones === null || zones.has(node.metadata.labels?.[ZONE] ?? '')))
    .filter((node) => hasRoom(node, pod, pods))
    .map(({ metadata }) => metadata.name);
}

function table<T extends ApiObject>(cluster: Cluster, kind: string): readonly T[] {
  return [...cluster.store.table(kind).values()] as unknown as readonly T[];
}

function welcomes({ metadata, spec }: Node, pod: Pod): boolean {
  if (spec.unschedulable === true) return false;
  const [pin] = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (pin?.matchFields?.every(({ values = [] }) => values.includes(metadata.name)) === false) return false;
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([label, value]) => metadata.labels?.[label] !== value)) return false;
  const hard = (spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  return hard.every((taint) => pod.spec.tolerations?.some((toleration) => toleratesTaint(toleration, taint)) === true);
}

function hasRoom({ metadata, status }: Node, pod: Pod, pods: readonly Pod[]): boolean {
  const preempts = pod.spec.preemptionPolicy !== 'Never';
  const others = pods.filter(
    (other) =>
      other.spec.nodeName === metadata.name &&
      other.status.phase !== 'Succeeded' &&
      other.status.phase !== 'Failed' &&
      !(preempts && (other.spec.priority ?? 0) < (pod.spec.priority ?? 0)),
  );
  const all = [...others, pod];
  const { cpu = '0', memory = '0', pods: most = '0' } = status.allocatable ?? {};
  const sum = (name: 'cpu' | 'memory', of: (text: string) => number): number =>
    all.reduce((total, { spec }) => total + asked(spec, name, of), 0);
  const ports = hostPorts(pod);
  return (
    sum('cpu', quantityMilliValue) <= quantityMilliValue(cpu) &&
    sum('memory', quantityValue) <= quantityValue(memory) &&
    all.length <= Number(most) &&
    !others.some((other) => hostPorts(other).some((port) => ports.includes(port)))
  );
}

/** Init containers of these worlds ask for nothing. What the sandbox takes is asked for, too. */
function asked({ containers, overhead }: Pod['spec'], name: 'cpu' | 'memory', of: (text: string) => number): number {
  return containers.reduce((total, { resources }) => total + of(resources?.requests?.[name] ?? '0'), of(overhead?.[name] ?? '0'));
}

function hostPorts({ spec }: Pod): readonly number[] {
  return spec.containers.flatMap(({ ports }) => (ports ?? []).flatMap(({ hostPort }) => (hostPort === undefined ? [] : [hostPort])));
}

/** Nobody will get a volume by it. Whether one that is to be filled from a source should have got it, is for the rules of claims. */
export function isHopeless({ metadata, spec, status }: PersistentVolumeClaim): boolean {
  if (metadata.deletionTimestamp !== undefined || status.phase === 'Lost') return true;
  return status.phase === 'Pending' && spec.dataSource !== undefined;
}

/** One pod alone may have it, and another one has. */
function isTaken(cluster: Cluster, { metadata, spec }: PersistentVolumeClaim): boolean {
  if (spec.accessModes?.includes('ReadWriteOncePod') !== true) return false;
  const key = `${metadata.namespace}/${metadata.name}`;
  return table<Pod>(cluster, 'Pod').some((pod) => (pod.spec.nodeName ?? '') !== '' && podClaimKeys(pod).includes(key));
}

/** Zones where all its volumes are; null: anywhere; none when a claim is not there. */
function zonesOf(cluster: Cluster, pod: Pod): ReadonlySet<string> | null {
  let zones: ReadonlySet<string> | null = null;
  for (const key of podClaimKeys(pod)) {
    const claim = cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
    if (claim === undefined || isHopeless(claim) || isTaken(cluster, claim)) return new Set();
    const volume = cluster.store.get('PersistentVolume', claim.spec.volumeName ?? '') as PersistentVolume | undefined;
    const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    const here = terms.flatMap(({ matchExpressions }) => (matchExpressions ?? []).flatMap(({ values }) => values ?? []));
    if (here.length > 0) zones = zones === null ? new Set(here) : new Set(here.filter((zone) => zones?.has(zone)));
  }
  return zones;
}

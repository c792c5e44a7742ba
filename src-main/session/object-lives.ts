// Where the lives of an object are on their statecharts, read from the memory of the component that lives them.
import type { ObjectDetail } from '../contract/bridge.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { KubeletState } from '../engine/kubelet/kubelet-state.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { unschedulableReasons, type Verdicts } from '../engine/scheduler/verdicts.ts';

type Lives = ObjectDetail['lives'];

function livesOfPod(cluster: Cluster, uid: string): Lives {
  const memory = cluster.components.memoryOf('kubelet') as KubeletState | undefined;
  const pod = memory?.pods[uid];
  if (pod === undefined) return [];
  const lives: Lives[number][] = [{ chart: 'pod', title: 'Pod', state: pod.life.value, sinceMs: pod.life.sinceMs }];
  for (const [name, container] of Object.entries(pod.containers)) {
    lives.push({ chart: 'container', title: name, state: container.life.value, sinceMs: container.life.sinceMs });
    for (const [type, probe] of Object.entries(container.probes ?? {}))
      lives.push({ chart: 'probe', title: `${name} · ${type}`, state: probe.life.value, sinceMs: probe.life.sinceMs });
  }
  return lives;
}

/** Charts whose place is what the object's own status says. */
const BY_PHASE: Readonly<Record<string, string>> = { PersistentVolumeClaim: 'claim', PersistentVolume: 'volume' };

export function livesOf(cluster: Cluster, kind: string, object: ApiObject): Lives {
  if (kind === 'Pod') return livesOfPod(cluster, object.metadata.uid);
  const chart = BY_PHASE[kind];
  const phase = (object as { status?: { phase?: string } }).status?.phase;
  return chart === undefined || phase === undefined ? [] : [{ chart, title: object.kind, state: phase, sinceMs: 0 }];
}

/** Why the scheduler put the pod on no node, node by node. */
export function whyUnscheduled(cluster: Cluster, kind: string, key: string): ObjectDetail['unschedulable'] {
  if (kind !== 'Pod') return [];
  const memory = cluster.components.memoryOf('default-scheduler') as { readonly verdicts: Verdicts } | undefined;
  const verdict = memory === undefined ? null : unschedulableReasons(memory, key);
  return Object.entries(verdict?.nodes ?? {}).map(([node, reasons]) => ({ node, reasons }));
}

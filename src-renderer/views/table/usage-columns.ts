/**
 * What `kubectl top` shows, as columns beside those of pods and nodes.
 * upstream: kubectl pkg/metricsutil/metrics_printer.go NodeColumns, PodColumns
 */
import { cpuAmount, memoryAmount, percent } from '../../panels/usage/amounts.ts';
import type { ClusterStore } from '../../stores/cluster-store.svelte.ts';
import type { UsageStore } from '../../stores/usage-store.svelte.ts';
import type { ShownColumn } from './column-widths.ts';

export const MEASURED_KINDS: ReadonlySet<string> = new Set(['Pod', 'Node']);
const NOTHING = '<unknown>';
const WIDTH_PX = 112;

export function usageColumns(kind: string, usage: UsageStore, cluster: ClusterStore): ShownColumn[] {
  if (!MEASURED_KINDS.has(kind)) return [];
  const all = kind === 'Node' ? usage.nodes : usage.pods;
  const nodes = kind === 'Node' ? new Map(cluster.list('nodes').map((node) => [node.name, node.allocatable])) : new Map();
  const amounts = (name: string, place: number, read: (key: string) => string | undefined): ShownColumn => ({
    index: -2 - place,
    name,
    width: WIDTH_PX,
    numeric: true,
    measured: (key) => read(key) ?? NOTHING,
  });
  const cpu = amounts('CPU(cores)', 0, (key) => maybe(all.get(key)?.cpuMillis, cpuAmount));
  const memory = amounts('MEMORY(bytes)', 2, (key) => maybe(all.get(key)?.memoryBytes, memoryAmount));
  if (kind === 'Pod') return [cpu, memory];
  const cpuShare = amounts('CPU(%)', 1, (key) => maybe(all.get(key)?.cpuMillis, (used) => percent(used, nodes.get(key)?.cpuMillis ?? 0)));
  const memoryShare = amounts('MEMORY(%)', 3, (key) =>
    maybe(all.get(key)?.memoryBytes, (used) => percent(used, nodes.get(key)?.memoryBytes ?? 0)),
  );
  return [cpu, cpuShare, memory, memoryShare];
}

function maybe(value: number | undefined, words: (value: number) => string): string | undefined {
  return value === undefined ? undefined : words(value);
}

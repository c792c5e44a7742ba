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
  const nodes: ReadonlyMap<string, Amounts> = new Map(
    kind === 'Node' ? cluster.list('nodes').map(({ name, allocatable }) => [name, allocatable]) : [],
  );
  const column = (
    name: string,
    place: number,
    amount: (key: string) => number | undefined,
    words: (amount: number) => string,
  ): ShownColumn => ({
    index: -2 - place,
    name,
    width: WIDTH_PX,
    numeric: true,
    measured: {
      amount,
      words: (key) => {
        const found = amount(key);
        return found === undefined ? NOTHING : words(found);
      },
    },
  });
  const share = (read: (one: Amounts) => number) => (key: string) => {
    const [used, whole] = [all.get(key), nodes.get(key)];
    return used && whole ? read(used) / read(whole) : undefined;
  };
  const cpu = column('CPU(cores)', 0, (key) => all.get(key)?.cpuMillis, cpuAmount);
  const memory = column('MEMORY(bytes)', 2, (key) => all.get(key)?.memoryBytes, memoryAmount);
  if (kind === 'Pod') return [cpu, memory];
  const inPercent = (part: number): string => percent(part, 1);
  const cpuShare = column(
    'CPU(%)',
    1,
    share(({ cpuMillis }) => cpuMillis),
    inPercent,
  );
  const memoryShare = column(
    'MEMORY(%)',
    3,
    share(({ memoryBytes }) => memoryBytes),
    inPercent,
  );
  return [cpu, cpuShare, memory, memoryShare];
}

interface Amounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

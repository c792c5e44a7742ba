// Answers what the named nodes and pods use; nothing is measured while nobody asks.
import type { UsageRecord, UsageReport } from '../contract/usage.ts';
import type { Cluster } from '../engine/cluster.ts';
import { nodeKind } from '../engine/kinds/core/node.ts';
import { podKind } from '../engine/kinds/core/pod.ts';

const NAMES_MAX = 10_000;

export function readUsage({ server, metrics }: Cluster, nodes: readonly string[], pods: readonly string[]): UsageReport {
  if (nodes.length + pods.length > NAMES_MAX) throw new Error(`too many names at once: ask for ${NAMES_MAX} at most`);
  const ofNode = (name: string): UsageRecord | null => {
    const node = server.find(nodeKind, name);
    const use = node === undefined ? null : metrics.ofNode(node);
    return use === null ? null : { cpuMillis: use.cpuNanos / 1e6, memoryBytes: use.memoryBytes };
  };
  const ofPod = (key: string): UsageRecord | null => {
    const pod = server.find(podKind, key);
    const use = pod === undefined ? null : metrics.ofPod(pod);
    if (use === null) return null;
    const sum = { cpuMillis: 0, memoryBytes: 0 };
    for (const { cpuNanos, memoryBytes } of use.containers) {
      sum.cpuMillis += cpuNanos / 1e6;
      sum.memoryBytes += memoryBytes;
    }
    return sum;
  };
  return {
    nodes: Object.fromEntries(nodes.map((name) => [name, ofNode(name)])),
    pods: Object.fromEntries(pods.map((key) => [key, ofPod(key)])),
  };
}

// Why a pod is not on a node, kept per pod for whoever asks: the window's "why not", bounded so that a hopeless Deployment costs little.
import type { Diagnosis } from './fit-error.ts';

/** The newest verdict about a pod. */
export interface Verdict {
  readonly atMs: number;
  /** The sentence of the FailedScheduling event. */
  readonly message: string;
  /** Node names by reason. */
  readonly nodesByReason: Readonly<Record<string, readonly string[]>>;
  /** Which plugin gave a reason; the one that spoke `beforehand` as well. */
  readonly pluginByReason: Readonly<Record<string, string>>;
  /** Why no node was looked at; '' when nodes were. */
  readonly beforehand: string;
}

export type Verdicts = Record<string, Verdict>;

const VERDICTS_MAX = 256;
/** Names of nodes in all verdicts together: 256 hopeless pods on 5,000 nodes must not fill the memory. */
const NODES_MAX = 100_000;

/** Keeps the verdict; the oldest ones go when there are too many. */
export function keepVerdict(verdicts: Verdicts, podKey: string, atMs: number, message: string, diagnosis: Diagnosis | null): void {
  delete verdicts[podKey];
  const nodesByReason: Record<string, string[]> = {};
  const pluginByReason: Record<string, string> = {};
  const beforehand = diagnosis?.beforehand?.reasons.join(', ') ?? '';
  if (diagnosis?.beforehand) pluginByReason[beforehand] = diagnosis.beforehand.plugin;
  for (const [node, { reasons, plugin }] of diagnosis?.byNode ?? [])
    for (const reason of reasons) {
      pluginByReason[reason] = plugin;
      const nodes = nodesByReason[reason];
      if (nodes === undefined) nodesByReason[reason] = [node];
      else nodes.push(node);
    }
  verdicts[podKey] = { atMs, message, nodesByReason, pluginByReason, beforehand };
  const keys = Object.keys(verdicts);
  let nodes = 0;
  for (const key of keys) nodes += nodesOf(verdicts[key] as Verdict);
  for (let index = 0; index < keys.length - 1; index += 1) {
    if (keys.length - index <= VERDICTS_MAX && nodes <= NODES_MAX) return;
    const oldest = keys[index] as string;
    nodes -= nodesOf(verdicts[oldest] as Verdict);
    delete verdicts[oldest];
  }
}

function nodesOf({ nodesByReason }: Verdict): number {
  let nodes = 0;
  for (const names of Object.values(nodesByReason)) nodes += names.length;
  return nodes;
}

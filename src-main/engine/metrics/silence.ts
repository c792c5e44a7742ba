// Since when a node's kubelet gives no metrics, and how it gives none.
import type { Physics } from '../physics/physics.ts';
import type { Silence } from './metrics-server.ts';

/** null: it answers. Of a machine without power nothing comes back, not even a refusal. */
export function silenceOf(physics: Physics, node: string): Silence | null {
  if (physics.kubeletRuns(node) && physics.connected(node)) return null;
  const machine = physics.get('machine', node);
  const offMs = machine?.powered === true ? Infinity : (machine?.offMs ?? 0);
  const link = physics.get('link', node);
  const kubelet = physics.get('kubelet', node);
  const cutMs = link?.cut === true ? (link.cutMs ?? 0) : Infinity;
  const stoppedMs = kubelet?.running === true ? Infinity : (kubelet?.stoppedMs ?? 0);
  return { sinceMs: Math.min(offMs, cutMs, stoppedMs), refuses: offMs === Infinity && cutMs === Infinity };
}

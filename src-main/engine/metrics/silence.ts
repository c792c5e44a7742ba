// Since when a node's kubelet gives no metrics, and how it gives none.
import type { Physics } from '../physics/physics.ts';
import type { Silence } from './metrics-server.ts';

/** null: it answers. What a machine without power did is lost with its processes. */
export function silenceOf(physics: Physics, node: string): Silence | null {
  if (physics.kubeletRuns(node) && physics.connected(node)) return null;
  if (!physics.powered(node)) return { sinceMs: 0, refuses: false };
  const link = physics.get('link', node);
  const kubelet = physics.get('kubelet', node);
  const cutMs = link?.cut === true ? (link.cutMs ?? 0) : Infinity;
  const stoppedMs = kubelet?.running === true ? Infinity : (kubelet?.stoppedMs ?? 0);
  return { sinceMs: Math.min(cutMs, stoppedMs), refuses: cutMs === Infinity };
}

// A node as the window draws it: what the API says of it, beside the physical facts that the API cannot know.
import type { NodeRecord } from '../../contract/view.ts';
import { parseTimestamp } from '../../engine/base/timestamp.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { quantityMilliValue, quantityValue } from '../../engine/meta/quantity.ts';
import type { Physics } from '../../engine/physics/physics.ts';

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
export const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

export type Requested = NodeRecord['requested'];

export interface NodeSurroundings {
  readonly physics: Physics;
  readonly epochMs: number;
}

export function readyOf(node: Node): NodeRecord['ready'] {
  const status = findCondition(node.status.conditions, 'Ready')?.status;
  return status === 'True' ? 'True' : status === 'False' ? 'False' : 'Unknown';
}

/** upstream: printers.go printNode */
function statusOf(node: Node): string {
  const ready = findCondition(node.status.conditions, 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

export function nodeRecord(node: Node, requested: Requested, { physics, epochMs }: NodeSurroundings): NodeRecord {
  const { name, uid, labels } = node.metadata;
  const { allocatable, conditions } = node.status;
  const sinceMs = parseTimestamp(findCondition(conditions, 'Ready')?.lastTransitionTime ?? '');
  const pressures = (['Memory', 'Disk', 'PID'] as const).filter((pressure) => isConditionTrue(conditions, `${pressure}Pressure`));
  return {
    id: uid,
    name,
    zone: labels?.[ZONE_LABEL] ?? '',
    controlPlane: labels?.[CONTROL_PLANE_LABEL] !== undefined,
    ready: readyOf(node),
    readySinceMs: sinceMs === null ? null : sinceMs - epochMs,
    status: statusOf(node),
    cordoned: node.spec.unschedulable === true,
    taints: (node.spec.taints ?? []).map(
      ({ key, value, effect }) => `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`,
    ),
    pressures: pressures.map((pressure) => pressure.toLowerCase() as 'memory' | 'disk' | 'pid'),
    allocatable: {
      cpuMillis: quantityMilliValue(allocatable?.['cpu'] ?? '0'),
      memoryBytes: quantityValue(allocatable?.['memory'] ?? '0'),
      pods: quantityValue(allocatable?.['pods'] ?? '0'),
    },
    requested,
    powered: physics.powered(name),
    kubeletRunning: physics.get('kubelet', name)?.running === true,
    linkCut: physics.get('link', name)?.cut === true,
  };
}

// Where a node stands on its chart, read from its own conditions and taints; what the node controller does goes through these steps.
import type { Node } from '../../kinds/core/node.ts';
import { nodeChart } from '../../statecharts/node.chart.ts';
import { type StepHost, step } from '../../statecharts/step.ts';
import { hasTaint, notReadyTaint, unreachableTaint } from './node-taints.ts';

export type LeaseState = 'fresh' | 'expired';
export type EvictionState = 'none' | 'queued' | 'notReady' | 'unreachable';
type ReadyState = 'Unreported' | 'Ready' | 'NotReady' | 'Unknown';
type Report = 'reportReady' | 'reportNotReady' | 'reportUnknown';

/** `status` is that of the condition Ready; undefined without one. */
export function readyState(status: string | undefined): ReadyState {
  if (status === undefined) return 'Unreported';
  return status === 'True' ? 'Ready' : status === 'False' ? 'NotReady' : 'Unknown';
}

/** A node with both taints stands at the one that does not fit `status`, so that it is swapped away. */
export function evictionState(node: Node, isQueued: boolean, status: string | undefined): EvictionState {
  const isUnreachable = hasTaint(node, unreachableTaint);
  if (hasTaint(node, notReadyTaint)) return isUnreachable && status !== 'Unknown' ? 'unreachable' : 'notReady';
  if (isUnreachable) return 'unreachable';
  return isQueued ? 'queued' : 'none';
}

/** A pass looks at heartbeat and readiness: the lease's state after it; the chart's actions go to the host. */
export function stepLook(lease: LeaseState, status: string | undefined, host: StepHost): LeaseState {
  return step(nodeChart, { lease, ready: readyState(status), eviction: 'none' }, 'lease', 'look', host) as LeaseState;
}

/** A pass meets pods that an earlier one could not mark. */
export function stepRetry(status: string | undefined, host: StepHost): void {
  step(nodeChart, { lease: 'fresh', ready: readyState(status), eviction: 'none' }, 'ready', 'retry', host);
}

/** What a pass saw of the condition Ready, told to the eviction of the node's pods. */
export function stepReport(eviction: EvictionState, status: string, host: StepHost): void {
  const report: Report = status === 'True' ? 'reportReady' : status === 'False' ? 'reportNotReady' : 'reportUnknown';
  step(nodeChart, { lease: 'fresh', ready: readyState(status), eviction }, 'eviction', report, host);
}

/** The zone's rate lets the node through. */
export function stepTurn(eviction: EvictionState, status: string | undefined, host: StepHost): void {
  const guard = (name: string): boolean => status === (name === 'isNotReady' ? 'False' : 'Unknown');
  step(nodeChart, { lease: 'fresh', ready: readyState(status), eviction }, 'eviction', 'turn', { ...host, guard });
}

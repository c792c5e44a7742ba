// Keeps pods off a cordoned node unless they tolerate that.
// upstream: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go
import type { Pod } from '../../kinds/core/pod.ts';
import { type Taint, toleratesTaint } from '../../meta/tolerations.ts';
import type { Rejection, SchedulerPlugin } from './plugin.ts';

const CORDON: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const name = 'NodeUnschedulable';
const rejection: Rejection = { plugin: name, reasons: ['node(s) were unschedulable'], resolvable: false };

export const nodeUnschedulable: SchedulerPlugin = {
  name,
  local: true,
  planFilter: (pod) => {
    if (toleratesCordon(pod)) return null;
    return { filter: (node) => (node.node.spec.unschedulable === true ? rejection : null) };
  },
  mayHelp: (pod, event) => {
    if (event.resource === 'UnscheduledPod') return event.next !== undefined && toleratesCordon(event.next);
    if (event.resource !== 'Node' || event.next === undefined) return false;
    const wasClosed = event.previous === undefined || event.previous.spec.unschedulable === true;
    return wasClosed && (event.next.spec.unschedulable !== true || toleratesCordon(pod));
  },
};

function toleratesCordon(pod: Pod): boolean {
  return (pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, CORDON));
}

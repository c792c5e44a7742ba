// Keeps a pod out of the queue while its spec names scheduling gates; the queue asks before it lets a pod in.
// upstream: pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go
import type { SchedulerPlugin } from './plugin.ts';

export const schedulingGates: SchedulerPlugin = {
  name: 'SchedulingGates',
  mayHelp: (_pod, event) => event.resource === 'UnscheduledPod' && (event.next?.spec.schedulingGates ?? []).length === 0,
};

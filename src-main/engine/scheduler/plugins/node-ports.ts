// Keeps a pod off nodes where another pod holds a host port it wants.
// upstream: pkg/scheduler/framework/plugins/nodeports/node_ports.go, framework/types.go HostPortInfo.CheckConflict
import { type HostPort, podFootprint } from '../pod-footprint.ts';
import type { Rejection, SchedulerPlugin } from './plugin.ts';

const ANY = '0.0.0.0';

const name = 'NodePorts';
const rejection: Rejection = { plugin: name, reasons: ["node(s) didn't have free ports for the requested pod ports"], resolvable: true };

export const nodePorts: SchedulerPlugin = {
  name,
  local: true,
  planFilter: (pod) => {
    const wanted = podFootprint(pod).hostPorts;
    if (wanted.length === 0) return null;
    return {
      filter: ({ ports }) => {
        for (const { port: taken } of ports.values()) if (wanted.some((port) => clash(port, taken))) return rejection;
        return null;
      },
    };
  },
  mayHelp: (pod, event) => {
    if (event.resource === 'Node') return event.next !== undefined && event.previous === undefined;
    if (event.resource !== 'AssignedPod' || event.next !== undefined || event.previous === undefined) return false;
    const freed = podFootprint(event.previous).hostPorts;
    return podFootprint(pod).hostPorts.some((port) => freed.some((other) => clash(port, other)));
  },
};

function clash(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY || b.ip === ANY);
}

// Holds a pod to the node its spec names.
// upstream: pkg/scheduler/framework/plugins/nodename/node_name.go
import type { Rejection, SchedulerPlugin } from './plugin.ts';

const name = 'NodeName';
const rejection: Rejection = { plugin: name, reasons: ["node(s) didn't match the requested node name"], resolvable: false };

export const nodeName: SchedulerPlugin = {
  name,
  local: true,
  planFilter: ({ spec: { nodeName: wanted } }) => {
    if (wanted === undefined || wanted === '') return null;
    return { filter: (node) => (node.name === wanted ? null : rejection) };
  },
  mayHelp: (_pod, event) => event.resource === 'Node' && event.previous === undefined,
};

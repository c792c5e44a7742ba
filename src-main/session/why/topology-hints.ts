// Why a Service whose traffic is to stay in its zones has no hints for it: what the endpoint slice controller last said.
import type { Cluster } from '../../engine/cluster.ts';
import { wantsTopologyHints } from '../../engine/controllers/endpoint-slice/close-hints.ts';
import type { Event } from '../../engine/kinds/core/event.ts';
import type { Service } from '../../engine/kinds/core/service.ts';
import type { ApiObject } from '../../engine/meta/object.ts';
import { line, type Question } from './question.ts';

const NEWS: ReadonlySet<string> = new Set(['TopologyAwareHintsEnabled', 'TopologyAwareHintsDisabled']);

export const topologyHints: Question = {
  name: 'topologyHints',
  answer: (cluster, kind, object) => {
    if (kind !== 'Service' || !wantsTopologyHints(object as Service)) return [];
    const last = newest(cluster, object);
    return last?.reason === 'TopologyAwareHintsDisabled' ? [line('off', { message: last.message ?? '' })] : [];
  },
};

function newest({ store }: Cluster, { metadata }: ApiObject): Event | undefined {
  let last: Event | undefined;
  for (const object of store.table('Event').values()) {
    const event = object as Event;
    if (!NEWS.has(event.reason ?? '') || event.involvedObject.uid !== metadata.uid) continue;
    if (last === undefined || (event.lastTimestamp ?? '') >= (last.lastTimestamp ?? '')) last = event;
  }
  return last;
}

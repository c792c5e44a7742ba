// What the inspector shows of one object: read from the store when somebody looks.

import { stringify } from 'yaml';
import type { ObjectDetail } from '../contract/bridge.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import type { Cluster } from '../engine/cluster.ts';
import { countOf, lastSeenAt, speakerOf } from '../engine/kinds/core/event-sighting.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { headlineOf } from './headline.ts';
import type { LifeWays } from './life-journal.ts';
import { eventsAbout } from './object-events.ts';
import { livesOf } from './object-lives.ts';
import { podResources } from './pod-resources.ts';
import { relatedTo } from './related-objects.ts';
import { whyOf } from './why/registry.ts';

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

const RELATED_MAX = 200;
const EVENTS_MAX = 100;

export function objectDetail(cluster: Cluster, kindName: string, key: string, ways?: LifeWays): ObjectDetail {
  const kind = cluster.kinds.byKey(kindName);
  const stored = kind === undefined ? undefined : cluster.server.find(kind, key);
  if (kind === undefined || stored === undefined) throw new Error(`There is no ${kindName} "${key}" (any more).`);
  const object = cluster.look(stored);
  const { epochMs, unixMs } = cluster.timeline;
  const since = (timestamp: string | null | undefined): number => (parseTimestamp(timestamp ?? '') ?? epochMs) - epochMs;
  const conditions = ((object as { status?: { conditions?: readonly ConditionLike[] } }).status?.conditions ?? []).map((condition) => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason ?? '',
    message: condition.message ?? '',
    sinceMs: since(condition.lastTransitionTime),
  }));
  return {
    kind: kindName,
    apiVersion: object.apiVersion,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    simulated: kind.simulated,
    headline: headlineOf(cluster, kindName, object),
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    summary: kind.columns.map((column) => ({ label: column.name, value: String(column.value(object, unixMs) ?? '<none>') })),
    conditions,
    events: eventsOf(cluster, object, since),
    containers: kindName === 'Pod' ? containersOf(object as Pod) : [],
    related: relatedTo(cluster, kindName, object).slice(0, RELATED_MAX),
    lives: livesOf(cluster, kindName, object, ways),
    why: whyOf(cluster, kindName, stored),
    resources: kindName === 'Pod' ? podResources(object as Pod) : null,
    yaml: yamlOf(object),
  };
}

function containersOf({ spec }: Pod): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name);
}

/** As `kubectl get -o yaml` shows it: who owns which field is long, and told elsewhere. */
export function yamlOf(object: ApiObject): string {
  const { managedFields: _owners, ...metadata } = object.metadata;
  return stringify({ ...object, metadata }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function eventsOf(cluster: Cluster, object: ApiObject, since: (timestamp: string | undefined) => number): ObjectDetail['events'] {
  const found: ObjectDetail['events'][number][] = [];
  for (const event of eventsAbout(cluster.store, object)) {
    found.push({
      type: event.type ?? 'Normal',
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: countOf(event),
      lastMs: since(lastSeenAt(event)),
      source: speakerOf(event),
    });
  }
  return found.sort((a, b) => b.lastMs - a.lastMs).slice(0, EVENTS_MAX);
}

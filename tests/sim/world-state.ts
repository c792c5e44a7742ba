// The state of a world as one value, and where two such values differ: of what they share nothing is looked at.
import type { Cluster, ClusterState } from '../../src-main/engine/cluster.ts';

/** Deltas aside: the revision counts them. */
export function stateOf(cluster: Cluster): object {
  const { store, ...rest } = cluster.save();
  return { ...rest, store: { revision: store.revision, objects: store.objects } };
}

/** What a refused write must leave as it was: all but the log, which holds what was refused, and the chance that names and uids were drawn from. */
export function stateBesideRefusals(cluster: Cluster): object {
  const { timeline, ...rest } = stateOf(cluster) as ClusterState;
  return { ...rest, log: [], timeline: { ...timeline, streams: {} } };
}

/** As the text of both would be: the order of members counts, undefined ones do not. */
export function unlike(one: unknown, other: unknown, path: string): string | null {
  if (one === other) return null;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return path;
  const [members, others] = [membersOf(one), membersOf(other)];
  if (Array.isArray(one) !== Array.isArray(other) || members.length !== others.length) return path;
  for (const [index, [name, value]] of members.entries()) {
    const [otherName, otherValue] = others[index] as [string, unknown];
    const found = name === otherName ? unlike(value, otherValue, `${path}.${name}`) : path;
    if (found !== null) return found;
  }
  return null;
}

const membersOf = (value: object): readonly [string, unknown][] => Object.entries(value).filter(([, member]) => member !== undefined);

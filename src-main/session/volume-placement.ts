// Which zones a volume can be used in, and why not in the others: its disk lies where it was made, and its node affinity says so for good.
import type { PlaceLine, VolumePlacement } from '../contract/placement.ts';
import type { Cluster } from '../engine/cluster.ts';
import { volumeFitsNode } from '../engine/kinds/core/find-matching-volume.ts';
import type { Node } from '../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../engine/kinds/core/persistent-volume.ts';
import { ZONE_LABEL } from './projection/node-record.ts';

export function volumePlacement(cluster: Cluster, name: string): VolumePlacement {
  const volume = cluster.store.get('PersistentVolume', name) as PersistentVolume | undefined;
  if (volume === undefined) throw new Error(`There is no PersistentVolume "${name}" (any more).`);
  const nodes = [...(cluster.store.table('Node').values() as Iterable<Node>)];
  const zoneOf = (node: Node): string => node.metadata.labels?.[ZONE_LABEL] ?? '';
  const fitting = new Set(nodes.filter((node) => volumeFitsNode(volume, node)).map(zoneOf));
  const zones = [...new Set(nodes.map(zoneOf))].sort();
  const homes = zones.filter((zone) => fitting.has(zone)).join(', ');
  return { zones: zones.map((zone) => ({ zone, fits: fitting.has(zone), line: lineOf(volume, zone, fitting, homes) })) };
}

/** upstream: ValidatePersistentVolumeUpdate, nodeAffinity is immutable */
function lineOf(volume: PersistentVolume, zone: string, fitting: ReadonlySet<string>, homes: string): PlaceLine {
  if (volume.spec.nodeAffinity?.required === undefined) return { says: 'everywhere', values: {} };
  if (fitting.has(zone)) return { says: 'onlyHere', values: { zone } };
  return homes === '' ? { says: 'nowhere', values: { zone } } : { says: 'elsewhere', values: { zone, homes } };
}

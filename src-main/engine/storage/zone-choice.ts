// Which zone a new disk goes to: that of the node the scheduler has picked, or any that the class and the driver's nodes allow.
// upstream: kubernetes-csi/external-provisioner pkg/controller/topology.go GenerateAccessibilityRequirements
import type { ComponentContext } from '../client/component.ts';
import { nodeKind } from '../kinds/core/node.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import { selectedNodeAnnotation } from '../kinds/core/volume-annotations.ts';
import { csiNodeKind } from '../kinds/storage/csi-node.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import { goQuote } from '../meta/go-quote.ts';
import { driverName, topologyKey } from './block-driver.ts';

/** With `reschedule` the picked node cannot be, so that the scheduler must pick again. */
export type ZoneChoice = { readonly zone: string } | { readonly error: string; readonly reschedule: boolean };

export function zoneFor(context: ComponentContext<unknown>, claim: PersistentVolumeClaim, storageClass: StorageClass): ZoneChoice {
  const selected = claim.metadata.annotations?.[selectedNodeAnnotation] ?? '';
  if (selected !== '') return zoneOfNode(context, selected, storageClass);
  const zones = allowedZones(context, storageClass);
  if (zones.length === 0) return failed('no available topology found');
  return { zone: context.time.random.pick(zones) };
}

function zoneOfNode({ cache }: ComponentContext<unknown>, name: string, storageClass: StorageClass): ZoneChoice {
  const node = cache(nodeKind).get(name);
  if (node === undefined) return { error: `node ${goQuote(name)} not found`, reschedule: true };
  if (!hasDriver(cache(csiNodeKind).get(name))) return failed(`no topology key found on CSINode ${name}`);
  const zone = node.metadata.labels?.[topologyKey] ?? '';
  if (zone !== '' && isAllowed(storageClass, zone)) return { zone };
  return failed(`selected node '"${name}"' topology 'map[${topologyKey}:${zone}]' is not in requisite: []`);
}

/** Sorted, so that the choice depends on the seed alone. */
function allowedZones({ cache }: ComponentContext<unknown>, storageClass: StorageClass): readonly string[] {
  const zones = new Set<string>();
  for (const node of cache(nodeKind).values()) {
    const zone = node.metadata.labels?.[topologyKey] ?? '';
    if (zone !== '' && hasDriver(cache(csiNodeKind).get(node.metadata.name)) && isAllowed(storageClass, zone)) zones.add(zone);
  }
  return [...zones].sort();
}

function isAllowed({ allowedTopologies = [] }: StorageClass, zone: string): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => key === topologyKey && values.includes(zone)),
  );
}

function hasDriver(csiNode: { readonly spec: { readonly drivers: readonly { readonly name: string }[] } } | undefined): boolean {
  return csiNode?.spec.drivers.some(({ name }) => name === driverName) === true;
}

function failed(why: string): ZoneChoice {
  return { error: `error generating accessibility requirements: ${why}`, reschedule: false };
}

// Which zone a new disk goes to: that of the node the scheduler has picked, or any that the class and the driver's nodes allow.
// upstream: kubernetes-csi/external-provisioner pkg/controller/topology.go GenerateAccessibilityRequirements
import type { ComponentContext } from '../client/component.ts';
import { nodeKind } from '../kinds/core/node.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import { selectedNodeAnnotation } from '../kinds/core/volume-annotations.ts';
import { type CSINode, csiNodeKind } from '../kinds/storage/csi-node.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import { goQuote } from '../meta/go-quote.ts';
import type { Backend } from './backends.ts';

const ZONE = 'topology.kubernetes.io/zone';

/** With `reschedule` the picked node cannot be, so that the scheduler must pick again. */
export type ZoneChoice = { readonly zone: string } | { readonly error: string; readonly reschedule: boolean };

export function zoneFor(
  context: ComponentContext<unknown>,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  { name: driver, topologyKey }: Backend,
): ZoneChoice {
  if (topologyKey === null) return { zone: '' };
  const topology = { driver, topologyKey };
  const selected = claim.metadata.annotations?.[selectedNodeAnnotation] ?? '';
  if (selected !== '') return zoneOfNode(context, selected, storageClass, topology);
  const zones = allowedZones(context, storageClass, topology);
  if (zones.length === 0) return failed('no available topology found');
  return { zone: context.time.random.pick(zones) };
}

interface Topology {
  readonly driver: string;
  readonly topologyKey: string;
}

function zoneOfNode({ cache }: ComponentContext<unknown>, name: string, storageClass: StorageClass, topology: Topology): ZoneChoice {
  const { driver, topologyKey } = topology;
  const node = cache(nodeKind).get(name);
  if (node === undefined) return { error: `node ${goQuote(name)} not found`, reschedule: true };
  if (!hasDriver(cache(csiNodeKind).get(name), driver)) return failed(`no topology key found on CSINode ${name}`);
  const zone = node.metadata.labels?.[topologyKey] ?? '';
  if (zone !== '' && isAllowed(storageClass, zone, topologyKey)) return { zone };
  return failed(`selected node '"${name}"' topology 'map[${topologyKey}:${zone}]' is not in requisite: []`);
}

/** Sorted, so that the choice depends on the seed alone. */
function allowedZones({ cache }: ComponentContext<unknown>, storageClass: StorageClass, topology: Topology): readonly string[] {
  const { driver, topologyKey } = topology;
  const zones = new Set<string>();
  for (const node of cache(nodeKind).values()) {
    const zone = node.metadata.labels?.[topologyKey] ?? '';
    if (zone !== '' && hasDriver(cache(csiNodeKind).get(node.metadata.name), driver) && isAllowed(storageClass, zone, topologyKey))
      zones.add(zone);
  }
  return [...zones].sort();
}

/** Classes may use the driver's own label or Kubernetes' common one. */
function isAllowed({ allowedTopologies = [] }: StorageClass, zone: string, topologyKey: string): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => (key === topologyKey || key === ZONE) && values.includes(zone)),
  );
}

function hasDriver(csiNode: CSINode | undefined, driver: string): boolean {
  return csiNode?.spec.drivers.some(({ name }) => name === driver) === true;
}

function failed(why: string): ZoneChoice {
  return { error: `error generating accessibility requirements: ${why}`, reschedule: false };
}

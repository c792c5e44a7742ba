// Suites of the scheduler's storage plugins: claims, volumes and limits of one case go before the plugin that the lab's scheduler runs.
import type { Node } from '../../../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../../engine/kinds/core/persistent-volume-claim.ts';
import type { CSIDriver } from '../../../engine/kinds/storage/csi-driver.ts';
import type { CSINode } from '../../../engine/kinds/storage/csi-node.ts';
import type { CSIStorageCapacity } from '../../../engine/kinds/storage/csi-storage-capacity.ts';
import type { StorageClass } from '../../../engine/kinds/storage/storage-class.ts';
import type { ClusterView, Listers } from '../../../engine/scheduler/cluster-view.ts';
import type { NodeInfo } from '../../../engine/scheduler/node-info.ts';
import { nodeVolumeLimits } from '../../../engine/scheduler/plugins/node-volume-limits.ts';
import type { Rejection, SchedulerPlugin } from '../../../engine/scheduler/plugins/plugin.ts';
import { findPodVolumes, volumeBinding } from '../../../engine/scheduler/plugins/volume-binding.ts';
import { volumeRestrictions } from '../../../engine/scheduler/plugins/volume-restrictions.ts';
import { volumeZone } from '../../../engine/scheduler/plugins/volume-zone.ts';
import { compareWherePresent } from './compare.ts';
import type { Suites } from './run-conformance.ts';
import { inDefault, type Loose, listerOf, type ManyNodes, type OneNode, viewOf, wholePod } from './scheduling-case.ts';

interface Stored {
  readonly pvcs?: readonly PersistentVolumeClaim[];
  readonly pvs?: readonly PersistentVolume[];
  readonly storageClasses?: readonly StorageClass[];
  readonly csiDrivers?: readonly CSIDriver[];
  readonly csiStorageCapacities?: readonly CSIStorageCapacity[];
}

interface Placing extends Omit<OneNode, 'node'>, Stored {
  readonly node?: Loose<Node> | string;
  readonly csiNode?: CSINode;
}

interface NodeOutcome {
  readonly fits: boolean;
  readonly reasons: readonly string[];
  /** Not asserted where a case leaves it out. */
  readonly bind?: Readonly<Record<string, string>>;
  readonly provision?: readonly string[];
}

interface BindingOutcome {
  readonly rejected: boolean;
  readonly rejectReason: string | null;
  readonly nodes: Readonly<Record<string, NodeOutcome>>;
}

export const volumeSuites: Suites = {
  'volume.restrictions': (given: Placing) => placing(volumeRestrictions, given),
  'volume.zone': (given: Placing) => placing(volumeZone, given),
  'volume.limits': (given: Placing) => placing(nodeVolumeLimits, given),
  'volume.binding': {
    run: binding,
    compare: (actual, expected) => compareWherePresent(asSets(actual as BindingOutcome), asSets(expected as BindingOutcome)),
  },
};

function placing(plugin: SchedulerPlugin, { pod, node, csiNode, existingPods = [], ...stored }: Placing): unknown {
  const at = typeof node === 'object' ? node : ({ metadata: { name: node ?? csiNode?.metadata.name ?? 'node' } } as Loose<Node>);
  const listers = { ...listersOf(stored), csiNodes: listerOf(csiNode === undefined ? [] : [csiNode]) };
  const view = viewOf([at], existingPods, listers);
  const rejection = rejectionBy(plugin, pod, view.node(at.metadata.name) as NodeInfo, view);
  return { fits: rejection === null, code: codeOf(rejection), reasons: rejection?.reasons ?? [] };
}

function rejectionBy(plugin: SchedulerPlugin, pod: OneNode['pod'], node: NodeInfo, view: ClusterView): Rejection | null {
  const plan = plugin.planFilter?.(wholePod(pod), view) ?? null;
  if (plan === null) return null;
  return 'rejection' in plan ? plan.rejection : plan.filter(node);
}

function codeOf(rejection: Rejection | null): string | null {
  if (rejection === null) return null;
  if (rejection.failed) return 'Error';
  return rejection.resolvable ? 'Unschedulable' : 'UnschedulableAndUnresolvable';
}

function binding({ pod, nodes, existingPods = [], ...stored }: ManyNodes & Stored): BindingOutcome {
  const view = viewOf(nodes, existingPods, listersOf(stored));
  const whole = wholePod(pod);
  const plan = volumeBinding.planFilter?.(whole, view) ?? null;
  if (plan !== null && 'rejection' in plan) return { rejected: true, rejectReason: plan.rejection.reasons.join(', '), nodes: {} };
  const outcome = (node: NodeInfo): NodeOutcome => {
    const rejection = plan?.filter(node) ?? null;
    const { bindings, provisions } = findPodVolumes(whole, node, view);
    const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);
    return {
      fits: rejection === null,
      reasons: rejection?.reasons ?? [],
      bind: Object.fromEntries(bindings.map(({ claim, volume }) => [nameOf(claim), volume])),
      provision: provisions.map(nameOf),
    };
  };
  const names = nodes.map(({ metadata }) => metadata.name);
  return {
    rejected: false,
    rejectReason: null,
    nodes: Object.fromEntries(names.map((name) => [name, outcome(view.node(name) as NodeInfo)])),
  };
}

// A reason that is null is not asserted; lists of reasons and claims are sets.
function asSets({ rejected, rejectReason, nodes }: BindingOutcome): unknown {
  const sorted = (items: readonly string[]): readonly string[] => items.toSorted();
  const shown = Object.entries(nodes).map(([name, { fits, reasons, bind, provision }]) => [
    name,
    {
      fits,
      reasons: sorted(reasons),
      ...(provision !== undefined && { provision: sorted(provision) }),
      ...(bind !== undefined && { bind: Object.entries(bind).sort() }),
    },
  ]);
  return { rejected, ...(rejectReason !== null && { rejectReason }), nodes: Object.fromEntries(shown) };
}

function listersOf({ pvcs = [], pvs = [], storageClasses = [], csiDrivers = [], csiStorageCapacities = [] }: Stored): Partial<Listers> {
  // Cases leave out what Go leaves empty.
  const claims = pvcs.map((claim) => inDefault({ ...claim, spec: claim.spec ?? {}, status: claim.status ?? {} }));
  const classes = storageClasses.map((storageClass) => ({ ...storageClass, provisioner: storageClass.provisioner ?? '' }));
  const drivers = csiDrivers.map((driver) => ({ ...driver, spec: driver.spec ?? {} }));
  return {
    claims: listerOf(claims),
    volumes: listerOf(pvs),
    volumesOfClass: (name) => pvs.filter(({ spec }) => (spec.storageClassName ?? '') === name),
    storageClasses: listerOf(classes),
    csiDrivers: listerOf(drivers),
    storageCapacities: listerOf(csiStorageCapacities),
  };
}

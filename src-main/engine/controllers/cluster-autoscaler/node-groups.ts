// The cloud behind the cluster autoscaler: groups of equal machines in a zone, which can be given and taken back.
// upstream: kubernetes/autoscaler cluster-autoscaler/cloudprovider
import type { Machine, NodeGroup, Physics } from '../../physics/physics.ts';
import { type Place, placeOf } from './room.ts';

export interface Group extends NodeGroup {
  readonly name: string;
  /** Names of its machines under power, in order. */
  readonly members: readonly string[];
  /** Machines that were taken back and may be given again. */
  readonly spare: readonly string[];
}

export function groupsOf(physics: Physics): readonly Group[] {
  return [...physics.all('nodeGroup')].map(([name, group]) => {
    const machines = [...physics.all('machine')].filter(([, machine]) => machine.zone === group.zone && !machine.controlPlane);
    const own = (machine: string): boolean => machine.startsWith(`${name}-`);
    return {
      ...group,
      name,
      members: machines.filter(([machine, { powered }]) => powered || !own(machine)).map(([machine]) => machine),
      spare: machines.filter(([machine, { powered }]) => !powered && own(machine)).map(([machine]) => machine),
    };
  });
}

/** A node of the group as it will be. */
export function templateOf(group: Group, region: string, name: string): Place {
  const labels = {
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'topology.kubernetes.io/zone': group.zone,
    'topology.kubernetes.io/region': region,
  };
  return placeOf(name, labels, [], { cpu: group.cpu, memory: group.memory, pods: group.pods });
}

/** Gives power to a machine of the group, an old one or a new one. */
export function bringMachine(physics: Physics, { zone, cpu, memory, pods }: NodeGroup, name: string, like: Machine, nowMs: number): void {
  const capacity = { cpu, memory, pods, 'ephemeral-storage': like.capacity['ephemeral-storage'] };
  physics.set('kubelet', name, { running: true });
  physics.set('link', name, { cut: false });
  physics.set('machine', name, { ...like, zone, capacity, powered: true, bootedAtMs: nowMs, controlPlane: false });
}

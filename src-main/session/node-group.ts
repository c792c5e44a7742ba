// Node groups as a person gives them to the cluster autoscaler: what it could not act on is refused in words.
import type { GroupRecord } from '../contract/view.ts';
import type { Cluster } from '../engine/cluster.ts';
import { groupsOf } from '../engine/controllers/cluster-autoscaler/node-groups.ts';
import { parseQuantity } from '../engine/meta/quantity.ts';
import type { NodeGroup } from '../engine/physics/physics.ts';

const SIZE_MAX = 1000;
/** Its machines are called `<name>-<number>`, and nodes by their machines. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/;

/** Sends the command; throws an error for a person. */
export function setNodeGroup(cluster: Cluster, name: unknown, wish: unknown): void {
  const named = String(name);
  if (wish === null) {
    cluster.command({ type: 'node-group', name: named, group: null });
    return;
  }
  if (!NAME.test(named)) throw new Error(`"${named}" is no name for a node group: small letters, digits and "-", as in pool-a.`);
  cluster.command({ type: 'node-group', name: named, group: readNodeGroup(cluster, wish) });
}

export function readNodeGroup({ physics }: Pick<Cluster, 'physics'>, wish: unknown): NodeGroup {
  const { zone, minSize, maxSize, cpu, memory, pods } = (wish ?? {}) as Readonly<Record<string, unknown>>;
  const zones = [...new Set([...physics.all('machine').values()].map((machine) => machine.zone))].sort();
  if (!zones.includes(String(zone))) throw new Error(`There is no zone "${String(zone)}". There are: ${zones.join(', ')}.`);
  const [least, most] = [size(minSize, 'the least'), size(maxSize, 'the most')];
  if (least > most) throw new Error(`The most machines (${most}) must not be fewer than the least (${least}).`);
  return { zone: String(zone), minSize: least, maxSize: most, cpu: amount(cpu), memory: amount(memory), pods: amount(pods) };
}

export function groupRecords({ physics }: Pick<Cluster, 'physics'>): readonly GroupRecord[] {
  if (physics.all('nodeGroup').size === 0) return [];
  return groupsOf(physics).map(({ name, members, spare: _spare, ...group }) => ({ id: name, ...group, machines: members.length }));
}

function size(value: unknown, which: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > SIZE_MAX)
    throw new Error(`${which} machines must be a whole number from 0 to ${SIZE_MAX}, not ${String(value)}`);
  return number;
}

function amount(value: unknown): string {
  const { value: parsed } = parseQuantity(String(value));
  if (parsed === undefined || parsed.nanos <= 0n) throw new Error(`"${String(value)}" is no quantity, as 4, 500m or 8Gi.`);
  return String(value);
}

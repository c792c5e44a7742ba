// The backend behind the driver: disks as physical facts, and why it refuses. No call writes to the API.
import type { Physics } from '../physics/physics.ts';
import type { Backend } from './backends.ts';

/** Makes an empty disk. */
export function createDisk(physics: Physics, { name, bound }: Backend, handle: string, zone: string, bytes: number): void {
  physics.set('disk', handle, { backend: name, zone, bytes, lost: false, ...(bound && { bound }), attachedTo: [], files: {} });
}

/** Makes a disk of what is on another one now; its size, or null when there is no such disk. `zone`: where the copy is. */
export function copyDisk(physics: Physics, source: string, handle: string, zone: string, bytes?: number): number | null {
  const disk = physics.get('disk', source);
  if (disk === undefined || disk.lost) return null;
  const size = bytes ?? disk.bytes;
  physics.set('disk', handle, { ...disk, zone, bytes: size, lost: false, attachedTo: [] });
  return size;
}

/** The disk and all that was on it are gone; deleting what is not there succeeds, as CSI demands. */
export function deleteDisk(physics: Physics, handle: string): void {
  if (physics.get('disk', handle) !== undefined) physics.set('disk', handle, undefined);
}

export function attachDisk(physics: Physics, handle: string, node: string): void {
  const disk = physics.get('disk', handle);
  if (disk !== undefined && !disk.attachedTo.includes(node)) physics.change('disk', handle, { attachedTo: [...disk.attachedTo, node] });
}

export function detachDisk(physics: Physics, handle: string, node: string): void {
  const disk = physics.get('disk', handle);
  if (disk?.attachedTo.includes(node)) physics.change('disk', handle, { attachedTo: disk.attachedTo.filter((other) => other !== node) });
}

/** Why a disk cannot be made in a zone; null when it can. */
export function whyNotCreated(physics: Physics, zone: string): string | null {
  return isDark(physics, zone) ? `rpc error: code = Unavailable desc = zone "${zone}" is not available` : null;
}

/** Why a disk cannot be attached to a node; null when it can. `shared`: several nodes may have it at once. */
export function whyNotAttached(physics: Physics, handle: string, node: string, shared: boolean): string | null {
  const disk = physics.get('disk', handle);
  const machine = physics.get('machine', node);
  if (disk === undefined) return `rpc error: code = NotFound desc = volume "${handle}" not found`;
  if (machine === undefined) return `rpc error: code = NotFound desc = instance "${node}" not found`;
  const refused = (code: string, why: string): string =>
    `rpc error: code = ${code} desc = could not attach volume "${handle}" to node "${node}": ${why}`;
  if (disk.zone !== '' && disk.zone !== machine.zone)
    return refused('InvalidArgument', `the volume is in zone "${disk.zone}", the node in zone "${machine.zone}"`);
  if (isDark(physics, disk.zone)) return refused('Unavailable', `zone "${disk.zone}" is not available`);
  if (disk.lost) return refused('Internal', 'the volume has failed');
  const holder = shared ? undefined : disk.attachedTo.find((other) => other !== node);
  return holder === undefined ? null : refused('FailedPrecondition', `the volume is attached to node "${holder}"`);
}

/** A disk only ever becomes larger. */
export function growDisk(physics: Physics, handle: string, bytes: number): void {
  const disk = physics.get('disk', handle);
  if (disk !== undefined && disk.bytes < bytes) physics.change('disk', handle, { bytes });
}

/** Why a disk cannot grow; null when it can. */
export function whyNotGrown(physics: Physics, handle: string): string | null {
  const disk = physics.get('disk', handle);
  if (disk === undefined) return `rpc error: code = NotFound desc = volume "${handle}" not found`;
  if (isDark(physics, disk.zone)) return `rpc error: code = Unavailable desc = zone "${disk.zone}" is not available`;
  return disk.lost ? `rpc error: code = Internal desc = could not expand volume "${handle}": the volume has failed` : null;
}

/** No machine of the zone has power: then its disks are out of reach too. */
function isDark(physics: Physics, zone: string): boolean {
  if (zone === '') return false;
  for (const machine of physics.all('machine').values()) if (machine.zone === zone && machine.powered) return false;
  return true;
}

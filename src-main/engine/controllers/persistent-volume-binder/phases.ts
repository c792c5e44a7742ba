// Publishes phases of claims and volumes: the charts decide, the status follows, and nothing is written that is there already.
import { equal } from '../../base/equal.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import { compareQuantities, parseQuantity } from '../../meta/quantity.ts';
import { claimChart } from '../../statecharts/claim.chart.ts';
import { type StepHost, step } from '../../statecharts/step.ts';
import { volumeChart } from '../../statecharts/volume.chart.ts';
import { type BinderWorld, BindingError } from './binder-world.ts';

/** upstream: util.AnnPreResizeCapacity */
const preResizeAnnotation = 'volume.alpha.kubernetes.io/pre-resize-capacity';

/** The claim after the event; `volume` is what a bound claim's status shows. upstream: updateClaimStatus */
export function moveClaim(
  world: BinderWorld,
  claim: PersistentVolumeClaim,
  event: 'wait' | 'bind',
  volume: PersistentVolume | null,
): PersistentVolumeClaim {
  return saveClaimPhase(world, claim, phaseOfClaim(claim, event), volume);
}

/** Marks the claim lost; the event is emitted once, when that happens. upstream: updateClaimStatusWithEvent */
export function loseClaim(world: BinderWorld, claim: PersistentVolumeClaim, reason: string, message: string): void {
  let report = false;
  const phase = phaseOfClaim(claim, 'lose', { action: () => (report = true) });
  if (!report) return;
  const lost = saveClaimPhase(world, claim, phase, null);
  world.record(lost, 'Warning', reason, message);
}

/** The volume after the event. upstream: updateVolumePhase */
export function moveVolume(world: BinderWorld, volume: PersistentVolume, event: 'free' | 'bind' | 'release'): PersistentVolume {
  return saveVolumePhase(world, volume, phaseOfVolume(volume, event), '');
}

/** Marks the volume failed; the event is emitted once. upstream: updateVolumePhaseWithEvent */
export function failVolume(world: BinderWorld, volume: PersistentVolume, reason: string, message: string): void {
  let report = false;
  const phase = phaseOfVolume(volume, 'fail', { action: () => (report = true) });
  if (!report) return;
  const failed = saveVolumePhase(world, volume, phase, message);
  world.record(failed, 'Warning', reason, message);
}

/** What the volume's policy does now that its claim is gone: the actions run once the chart has decided. */
export function stepReclaim(volume: PersistentVolume, host: StepHost): string {
  return phaseOfVolume(volume, 'reclaim', host);
}

type ClaimPhase = NonNullable<PersistentVolumeClaim['status']['phase']>;

function phaseOfClaim(claim: PersistentVolumeClaim, event: string, host?: StepHost): ClaimPhase {
  const states = { phase: claim.status?.phase || 'Pending', protection: 'protected' };
  return step(claimChart, states, 'phase', event, { ...host, whose: claim.metadata.uid }) as ClaimPhase;
}

function phaseOfVolume(volume: PersistentVolume, event: string, host?: StepHost): string {
  return step(volumeChart, { phase: volume.status?.phase || 'Pending', protection: 'protected' }, 'phase', event, {
    ...host,
    whose: volume.metadata.uid,
  });
}

function saveClaimPhase(
  world: BinderWorld,
  claim: PersistentVolumeClaim,
  phase: ClaimPhase,
  volume: PersistentVolume | null,
): PersistentVolumeClaim {
  const { accessModes, capacity, ...others } = claim.status ?? {};
  const modes = volume === null ? undefined : volume.spec.accessModes;
  const shown = volume === null ? undefined : capacityShown(claim, phase, volume);
  if (claim.status?.phase === phase && equal(accessModes, modes) && equal(capacity, shown)) return claim;
  const status = { ...others, phase, ...(modes !== undefined && { accessModes: modes }), ...(shown !== undefined && { capacity: shown }) };
  return world.saveClaimStatus({ ...claim, status });
}

// A bound claim keeps its capacity: it may differ from the volume's on purpose while a file system grows.
function capacityShown(claim: PersistentVolumeClaim, phase: string, volume: PersistentVolume): PersistentVolumeClaim['status']['capacity'] {
  const { capacity } = claim.status ?? {};
  if (claim.status?.phase === phase) return capacity;
  const size = volume.spec.capacity?.['storage'];
  if (size === undefined) throw new BindingError(`PersistentVolume "${volume.metadata.name}" is without a storage capacity`);
  const before = volume.metadata.annotations?.[preResizeAnnotation];
  if (before !== undefined) return { ...capacity, storage: parseQuantity(before).value === undefined ? size : before };
  const known = capacity?.['storage'];
  return known !== undefined && sameQuantity(known, size) ? capacity : volume.spec.capacity;
}

function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a).value, parseQuantity(b).value];
  return left !== undefined && right !== undefined && compareQuantities(left, right) === 0;
}

function saveVolumePhase(world: BinderWorld, volume: PersistentVolume, phase: string, message: string): PersistentVolume {
  if (volume.status?.phase === phase) return volume;
  const { message: _, ...others } = volume.status ?? {};
  return world.saveVolumeStatus({ ...volume, status: { ...others, phase, ...(message !== '' && { message }) } });
}

/**
 * The trays that a node or a zone can be dragged to, and the failure each of them causes.
 * They come in a fixed order, because a hand remembers where they are.
 */
import type { FailureKind } from '../../src-main/contract/lab-info.ts';

export interface Tray {
  readonly name: 'powered-off' | 'network-cut' | 'kubelet-stopped';
  /** Failures in the lab's registry; '' when the lab has none for it. */
  readonly node: string;
  readonly zone: string;
}

const TRAYS: readonly Tray[] = [
  { name: 'powered-off', node: 'node-power-off', zone: 'zone-outage' },
  { name: 'network-cut', node: 'node-network-cut', zone: '' },
  { name: 'kubelet-stopped', node: 'kubelet-stop', zone: '' },
];

/** The trays, with what this lab cannot do left out. */
export function traysOf(failures: readonly FailureKind[]): readonly Tray[] {
  const known = (name: string): string => (failures.some((failure) => failure.name === name) ? name : '');
  return TRAYS.map((tray) => ({ ...tray, node: known(tray.node), zone: known(tray.zone) }));
}

export function trayOfFailure(failure: string): Tray | undefined {
  return TRAYS.find((tray) => tray.node === failure || tray.zone === failure);
}

// What the attach/detach controller remembers of each volume on each node: upstream's actual state of world, as JSON.

/** One volume on one node, from the moment an attach was begun until the attachment object is gone. */
export interface Attached {
  stage: 'attaching' | 'attachFailed' | 'attached' | 'detaching';
  /** Name of the VolumeAttachment. */
  readonly attachment: string;
  /** Back-off after a failed attach. */
  delayMs: number;
  /** Time-out or back-off of an attach. */
  timer: number | null;
  /** Since when nobody wants it here. */
  detachRequestedMs: number | null;
  /** The countdown to a forced detach. */
  forceTimer: number | null;
  /** The node's last word on whether it has it mounted. */
  inUse: boolean;
}

export interface AttachMemory {
  /** By volume name, then node. */
  readonly attached: Record<string, Record<string, Attached>>;
  /** Volume and node of Multi-Attach errors that were reported: each is said once. */
  readonly reported: Record<string, Record<string, true>>;
  /** Volumes the next round of the loop looks at. */
  readonly dirty: Record<string, true>;
  tickArmed: boolean;
}

export function attachedOn(memory: AttachMemory, volume: string): Record<string, Attached> {
  return memory.attached[volume] ?? {};
}

export function begin(memory: AttachMemory, volume: string, node: string, attachment: string): Attached {
  const entry: Attached = {
    stage: 'attaching',
    attachment,
    delayMs: 0,
    timer: null,
    detachRequestedMs: null,
    forceTimer: null,
    inUse: false,
  };
  memory.attached[volume] = { ...memory.attached[volume], [node]: entry };
  return entry;
}

export function forget(memory: AttachMemory, volume: string, node: string): void {
  const { [node]: _, ...others } = attachedOn(memory, volume);
  if (Object.keys(others).length > 0) memory.attached[volume] = others;
  else delete memory.attached[volume];
}

/** Remembers only those reports whose node still wants the volume. */
export function keepReports(memory: AttachMemory, volume: string, wanted: ReadonlyMap<string, unknown>): void {
  const reports = memory.reported[volume];
  if (reports === undefined) return;
  const kept = Object.keys(reports).filter((node) => wanted.has(node));
  if (kept.length === 0) delete memory.reported[volume];
  else memory.reported[volume] = Object.fromEntries(kept.map((node) => [node, true as const]));
}

/** `volume|node`: the key of timers. */
export const timerKey = (volume: string, node: string): string => `${volume}|${node}`;

export function splitTimerKey(key: string): { readonly volume: string; readonly node: string } {
  const bar = key.lastIndexOf('|');
  return { volume: key.slice(0, bar), node: key.slice(bar + 1) };
}

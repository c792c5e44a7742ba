// What of a kubelet's configuration a person may set: by annotations of its Node, because the lab has no configuration files.
// upstream: pkg/kubelet/apis/config/v1beta1/defaults.go, pkg/kubelet/eviction/defaults_linux.go
import type { Node } from '../kinds/core/node.ts';
import { parseThresholds, type Threshold } from './eviction-thresholds.ts';

/** Every name, with what it means. `orrery.dev/<name>` on a Node; durations are Go's: `90s`, `5m0s`. */
export const NODE_ANNOTATIONS = {
  'eviction-hard': 'thresholds at which pods are evicted at once: memory.available<100Mi,nodefs.inodesFree<5%,pid.available<10%',
  'eviction-soft': 'thresholds that must hold for a while',
  'eviction-soft-grace-period': 'for how long, each: memory.available=1m30s',
  'eviction-minimum-reclaim': 'what is freed beyond the threshold, each: memory.available=200Mi',
  'eviction-pressure-transition-period': 'how long a pressure condition stays after it was last seen',
  'shutdown-grace-period': 'how long a node that shuts down waits for its pods; 0s: it does not wait',
  'shutdown-grace-period-critical-pods': 'the part of it that is kept for critical pods',
  'runtime-handlers': 'the runtimes that containerd has besides runc, as RuntimeClasses call them: kata,runsc',
} as const;

export interface KubeletSettings {
  readonly thresholds: readonly Threshold[];
  readonly transitionMs: number;
  readonly shutdownGraceMs: number;
  readonly shutdownCriticalMs: number;
  /** In the order in which containerd tells of them. */
  readonly runtimeHandlers: readonly string[];
}

const EVICTION_HARD = 'memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,imagefs.inodesFree<5%';

/** The runtime of pods that ask for none. */
export const DEFAULT_HANDLER = 'runc';

const known = new WeakMap<object, KubeletSettings>();

export function kubeletSettings(node: Node | undefined): KubeletSettings {
  const annotations = node?.metadata.annotations;
  if (annotations === undefined) return DEFAULTS;
  let settings = known.get(annotations);
  if (settings === undefined) {
    settings = settingsOf((name) => annotations[`orrery.dev/${name}`]);
    known.set(annotations, settings);
  }
  return settings;
}

/** By what is written, not by who wrote it: a world that was opened again has other objects. */
export function haveSameSettings(one: Node | undefined, other: Node | undefined): boolean {
  const [texts, others] = [one?.metadata.annotations, other?.metadata.annotations];
  if (texts === others) return true;
  return Object.keys(NODE_ANNOTATIONS).every((name) => texts?.[`orrery.dev/${name}`] === others?.[`orrery.dev/${name}`]);
}

/** What containerd has is told with the node's status. */
export function haveSameRuntimes(one: Node | undefined, other: Node | undefined): boolean {
  return kubeletSettings(one).runtimeHandlers.join() === kubeletSettings(other).runtimeHandlers.join();
}

function settingsOf(told: (name: keyof typeof NODE_ANNOTATIONS) => string | undefined): KubeletSettings {
  const reclaim = pairs(told('eviction-minimum-reclaim'));
  const grace = pairs(told('eviction-soft-grace-period'));
  const hard = parseThresholds(told('eviction-hard') ?? EVICTION_HARD, reclaim);
  const soft = parseThresholds(told('eviction-soft') ?? '', reclaim).map((threshold) => ({
    ...threshold,
    graceMs: durationMs(grace.get(threshold.signal), 0),
  }));
  return {
    thresholds: [...hard, ...soft],
    transitionMs: durationMs(told('eviction-pressure-transition-period'), 300_000),
    shutdownGraceMs: durationMs(told('shutdown-grace-period'), 0),
    shutdownCriticalMs: durationMs(told('shutdown-grace-period-critical-pods'), 0),
    runtimeHandlers: handlersOf(told('runtime-handlers')),
  };
}

/** upstream: containerd internal/cri/config config_unix.go DefaultRuntimeConfig */
function handlersOf(others = ''): readonly string[] {
  const names = others.split(',').map((name) => name.trim());
  return [...new Set([DEFAULT_HANDLER, ...names.filter((name) => name !== '')])].sort();
}

const DEFAULTS: KubeletSettings = settingsOf(() => undefined);

/** `a=b,c=d`. */
function pairs(text = ''): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(',')
      .map((pair) => pair.split('=', 2))
      .filter((pair): pair is [string, string] => pair.length === 2),
  );
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** What cannot be read is as good as absent. */
function durationMs(text: string | undefined, absent: number): number {
  if (text === undefined || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return absent;
  let total = 0;
  for (const [, number, unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) total += Number(number) * (UNITS[unit] ?? 0);
  return Math.round(total);
}

// `orrery run`: manifests in, a simulated stretch of time, a summary out.
import { performance } from 'node:perf_hooks';
import type { ApplyResult } from '../../../contract/bridge.ts';
import { Cluster } from '../../../engine/cluster.ts';
import { planMachines } from '../../../engine/scenario.ts';
import { applyFiles } from '../../../session/apply-files.ts';
import { crashReport } from '../../../session/crash-report.ts';
import { EPOCH_MS } from '../../../session/scenarios.ts';
import { packSnapshot } from '../../../session/snapshot-file.ts';
import { writeFileAtomically } from '../../files/write-file-atomically.ts';
import { durationMs, wholeNumber } from '../arguments.ts';
import { readNamedFile, requireWritable, writeNamedFile } from '../named-file.ts';
import { schedulerOf } from '../scheduler-file.ts';
import { UsageError } from '../usage-error.ts';
import { type Condition, parseCondition } from './condition.ts';
import { EventLines } from './event-lines.ts';
import { parsePlannedFailure } from './planned-failure.ts';
import { parsePlannedLoad } from './planned-load.ts';
import { type Planned, runWorld } from './run-world.ts';
import { objectRows, stateHash, tableLines } from './summary.ts';

/** As commander hands them over. */
export interface RunOptions {
  readonly nodes?: string;
  readonly zones?: string;
  readonly seed?: string;
  readonly schedulerConfig?: string;
  readonly for?: string;
  readonly until?: string;
  readonly fail?: readonly string[];
  readonly heal?: readonly string[];
  readonly load?: readonly string[];
  readonly snapshot?: string;
  readonly events?: string;
  readonly json?: boolean;
}

const NODES_MAX = 5_000;
const FOR_MS_DEFAULT = 600_000;
/** A condition that nothing brings about must not be waited for for ever. */
const UNTIL_MS_DEFAULT = 3_600_000;

/** The exit code. Throws UsageError for what cannot be run. */
export function runCommand(files: readonly string[], options: RunOptions): 0 | 1 {
  const planned: readonly Planned[] = [
    ...(options.fail ?? []).map((text) => parsePlannedFailure('fail', text)),
    ...(options.heal ?? []).map((text) => parsePlannedFailure('heal', text)),
    ...(options.load ?? []).map(parsePlannedLoad),
  ];
  const forMs = options.for === undefined ? null : durationMs(options.for, '--for');
  const texts = files.map((name) => ({ name, text: readNamedFile(name) }));
  for (const name of [options.snapshot, options.events]) if (name !== undefined) requireWritable(name);
  const startedMs = performance.now();
  const cluster = startCluster(options);
  const startMs = cluster.timeline.nowMs;
  const events = options.events === undefined ? null : new EventLines(cluster, startMs);
  replayable(cluster, () => apply(cluster, texts));
  // After the objects, which may have brought kinds of their own.
  const until = options.until === undefined ? null : parseCondition(options.until, cluster);
  const progress = progressLine(forMs);
  const limitMs = forMs ?? (until === null ? FOR_MS_DEFAULT : UNTIL_MS_DEFAULT);
  const met = replayable(cluster, () => runWorld(cluster, { forMs: limitMs, until, planned, progress: progress.show, missed: sayMissed }));
  progress.clear();
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  const { snapshot } = options;
  if (snapshot !== undefined) writeNamedFile(snapshot, () => writeFileAtomically(snapshot, packSnapshot(cluster.save())));
  if (events !== null) writeNamedFile(options.events as string, events.text());
  report(cluster, startMs, wallSeconds, options, until, met);
  return met ? 0 : 1;
}

/** A condition that already holds ends the run, and a person who planned a failure would look for its traces in vain. */
function sayMissed(planned: readonly Planned[]): void {
  for (const { action, text } of planned) console.error(`Warning: the condition held before --${action} ${text}, which did not happen`);
}

/** A broken assertion stops the world with a report that replays it. */
function replayable<T>(cluster: Cluster, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(crashReport(cluster, error), { cause: error });
  }
}

function startCluster(options: RunOptions): Cluster {
  const workers = wholeNumber(options.nodes ?? '9', '--nodes', 1, NODES_MAX);
  const zones = wholeNumber(options.zones ?? String(Math.min(3, workers)), '--zones', 1, workers);
  const seed = wholeNumber(options.seed ?? '1', '--seed', 0, 2 ** 32 - 1);
  const machines = planMachines(zones, workers);
  const scheduler = schedulerOf(options.schedulerConfig);
  return Cluster.start({ name: 'run', seed, epochMs: EPOCH_MS, region: 'orrery', machines, objects: [], ...scheduler });
}

function apply(cluster: Cluster, files: readonly { readonly name: string; readonly text: string }[]): void {
  const { faults, results } = applyFiles(cluster, files);
  if (faults.length > 0)
    throw new UsageError(
      [...faults.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`), 'nothing was applied'].join('\n'),
    );
  for (const result of results) for (const warning of result.warnings) console.error(`Warning: ${subjectOf(result)}: ${warning}`);
  if (results.length === 0) throw new UsageError(`${files.map(({ name }) => name).join(', ')}: there is no object in it`);
  if (results.every(({ outcome }) => outcome !== 'refused')) return;
  const lines = results.map((result) => `${subjectOf(result)} ${result.outcome}${result.message === '' ? '' : `: ${result.message}`}`);
  throw new UsageError([...lines, 'some objects were refused, so the cluster was not run'].join('\n'));
}

function subjectOf({ kind, namespace, name }: ApplyResult): string {
  return `${kind.toLowerCase()}/${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function report(cluster: Cluster, startMs: number, wallSeconds: number, options: RunOptions, until: Condition | null, met: boolean): void {
  const virtualSeconds = (cluster.timeline.nowMs - startMs) / 1_000;
  const events = cluster.timeline.processed;
  const hash = stateHash(cluster);
  if (options.json === true) {
    const condition = until === null ? {} : { until: { condition: options.until, met } };
    const document = { virtualSeconds, wallSeconds, events, stateHash: hash, ...condition, objects: objectRows(cluster) };
    console.log(JSON.stringify(document, null, 2));
    return;
  }
  console.log(`Simulated ${virtualSeconds} s in ${wallSeconds.toFixed(2)} s of real time: ${events} events, state ${hash.slice(0, 16)}.`);
  for (const line of tableLines(cluster)) console.log(line);
  if (until === null) return;
  console.log('');
  console.log(met ? `The condition "${options.until}" holds.` : `The condition "${options.until}" did not come to hold.`);
}

const PROGRESS_MS = 200;

/** One line on a terminal that is written over; nothing where nobody watches. */
function progressLine(forMs: number | null): { readonly show: (passedMs: number) => void; readonly clear: () => void } {
  if (!process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shownMs = performance.now();
  return {
    show: (passedMs) => {
      if (performance.now() - shownMs < PROGRESS_MS) return;
      shownMs = performance.now();
      const share = forMs === null ? '' : ` of ${forMs / 1_000} s`;
      process.stderr.write(`\r\u001b[KSimulating: ${Math.floor(passedMs / 1_000)} s${share}`);
    },
    clear: () => process.stderr.write('\r\u001b[K'),
  };
}

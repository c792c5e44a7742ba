// Says what a failure will do by letting it happen in a fork of the world and watching: no prose that could be wrong.
import type { Prediction, PredictionStep } from '../contract/bridge.ts';
import type { Cluster } from '../engine/cluster.ts';
import { type Ending, type Finding, PredictionWatch } from './prediction-watch.ts';

/** Long enough for 50 s of silence, 300 s of toleration and a slow start elsewhere. */
export const HORIZON_MS = 900_000;
/** Few enough that no batch of ordinary entries is felt. */
const BATCH = 4;
/** More names than this tell a person less than their number. */
const NAMED_MAX = 3;
/** Two forks draw other numbers as soon as they differ: as much as images that are pulled sooner or later is chance. */
const CHANCE_MS = 15_000;
/** Not worth a word where they come with the failure alone; that they come late or never is. */
const USUAL: ReadonlySet<PredictionStep['what']> = new Set(['pods-created', 'pods-ready']);
/** What is missing where it does not come. Ills that do not come are no loss: something else came before them. */
const MISSED: ReadonlySet<PredictionStep['what']> = new Set([
  'node-unknown',
  'endpoints-drop',
  'pods-deleted',
  'pods-created',
  'pods-replaced',
  'pods-ready-again',
  'pods-ready',
  'pods-recover',
]);

/** Yields between small batches of entries; the forks are thrown away at the end. */
export function* predict(cluster: Cluster, failure: string, targets: readonly string[]): Generator<void, Prediction> {
  const fork = yield* cluster.forkInSteps();
  const usual = yield* runAhead(yield* fork.forkInSteps());
  const strike = (): void => targets.forEach((target) => void fork.command({ type: 'fail', failure, target }));
  const struck = yield* runAhead(fork, strike);
  const steps = [...changed(struck.found, usual.found), ...missing(struck.found, usual.found), ...ills(struck.endings(), usual.endings())];
  return { horizonMs: HORIZON_MS, steps: steps.length > 0 ? steps : [{ afterMs: HORIZON_MS, what: 'nothing', values: {} }] };
}

function* runAhead(fork: Cluster, strike: () => void = () => {}): Generator<void, PredictionWatch> {
  const startMs = fork.timeline.nowMs;
  const watch = new PredictionWatch(fork);
  strike();
  while (!fork.advance(startMs + HORIZON_MS, BATCH)) yield;
  return watch;
}

type Findings = ReadonlyMap<string, Finding>;

/** What comes only with the failure, or at another time than without it. */
function changed(struck: Findings, usual: Findings): readonly PredictionStep[] {
  const fresh: Finding[] = [];
  const moved: (readonly [Finding, number])[] = [];
  for (const [name, finding] of struck) {
    if (isToldAsReplaced(name, struck)) continue;
    const otherwise = usual.get(name);
    if (otherwise === undefined) {
      if (!USUAL.has(finding.what)) fresh.push(finding);
    } else if (Math.abs(finding.afterMs - otherwise.afterMs) >= CHANCE_MS) moved.push([finding, otherwise.afterMs]);
  }
  const others = together(moved.map(([finding]) => finding)).map((step) => {
    const [, otherwiseMs] = moved.find(([{ what }]) => what === step.what) ?? [];
    return otherwiseMs === undefined ? step : { ...step, otherwiseMs };
  });
  return [...together(fresh), ...others].sort((one, other) => one.afterMs - other.afterMs);
}

/** A new pod that takes the place of another one is told as that. */
function isToldAsReplaced(name: string, found: Findings): boolean {
  return name.startsWith(CREATED) && found.has(`pods-replaced ${name.slice(CREATED.length)}`);
}
const CREATED = 'pods-created ';

/** What comes only without it. */
function missing(struck: Findings, usual: Findings): readonly PredictionStep[] {
  const lost = [...usual].filter(
    ([name, { what, afterMs }]) =>
      MISSED.has(what) && !struck.has(name) && !isToldAsReplaced(name, usual) && afterMs < HORIZON_MS - CHANCE_MS,
  );
  return together(lost.map(([, finding]) => finding)).map((step) => ({ ...step, otherwiseMs: step.afterMs, isMissing: true }));
}

/** One line a kind of consequence: it begins at its first instance, lasts until its last. */
function together(findings: readonly Finding[]): readonly PredictionStep[] {
  const kinds = new Map<PredictionStep['what'], Finding[]>();
  for (const finding of findings) {
    const known = kinds.get(finding.what);
    if (known === undefined) kinds.set(finding.what, [finding]);
    else known.push(finding);
  }
  return [...kinds.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { what, afterMs, values } = first;
    // A few are named; of many their number says more.
    const pods = all.length > NAMED_MAX ? '' : [...new Set(all.map((one) => one.values['pods']))].join(', ');
    const names = values['pods'] === undefined ? {} : { pods };
    return [{ afterMs, what, values: { ...values, ...names, count: all.length, untilMs: all.at(-1)?.afterMs ?? afterMs } }];
  });
}

/** What is not well at the horizon, and without the failure would be, or would lack something else. */
function ills(struck: ReadonlyMap<string, Ending>, usual: ReadonlyMap<string, Ending>): readonly PredictionStep[] {
  const fresh = [...struck].filter(([name, { what }]) => usual.get(name)?.what !== what).map(([, ending]) => ending);
  const step = (what: Ending['what'], values: PredictionStep['values']): PredictionStep => ({ afterMs: HORIZON_MS, what, values });
  const of = (wanted: Ending['what']): readonly Ending[] => fresh.filter(({ what }) => what === wanted);
  const byReason = (what: Ending['what']): readonly PredictionStep[] => {
    const all = of(what);
    const reasons = [...new Set(all.map(({ reason }) => reason))];
    return reasons.flatMap((reason) =>
      counted(all.filter((ending) => ending.reason === reason)).map((values) => step(what, { ...values, reason })),
    );
  };
  return [
    ...of('volume-stuck').map(({ pod, reason }) => step('volume-stuck', { pod, reason })),
    ...counted(of('pods-stay')).map((values) => step('pods-stay', values)),
    ...counted(of('pods-leaving')).map((values) => step('pods-leaving', values)),
    ...byReason('pods-refused'),
    ...byReason('pods-unscheduled'),
    ...counted(of('pods-stuck')).map((values) => step('pods-stuck', values)),
  ];
}

/** None where there is nothing to count. */
function counted(endings: readonly Ending[]): readonly { readonly count: number; readonly pods: string }[] {
  return endings.length === 0 ? [] : [{ count: endings.length, pods: named(endings.map(({ pod }) => pod)) }];
}

function named(names: readonly string[]): string {
  return names.length > NAMED_MAX ? `${names.slice(0, NAMED_MAX).join(', ')}, …` : names.join(', ');
}

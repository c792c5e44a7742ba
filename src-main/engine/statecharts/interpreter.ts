// Runs XState charts on the lab's queue: each distinct (configuration, event, guard answers) is asked of XState once and remembered, because XState's own answer costs a hundred times its replay.
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, type StateNode, transition } from 'xstate';
import { assert } from '../base/assert.ts';
import { copied } from '../base/extended.ts';

/** Where one life is: plain JSON, held and saved by its owner and changed in place by the interpreter. */
export interface Life {
  /** The active leaves in document order: `running`, `waiting.backOff`, or for parallel regions `readiness.held|liveness.on`. */
  value: string;
  /** When `value` last became what it is. */
  sinceMs: number;
  /** Timer ids of the delays that are armed, by delay name. Never changed in place. */
  timers: Readonly<Record<string, number>>;
}

/** What the owner of a life gives the interpreter. Guards only look, and are all asked before the first action runs. */
export interface LifeHost {
  readonly nowMs: number;
  /** Names the life among all of its world; asked for only while somebody watches. */
  whose?(): string;
  guard(name: string): boolean;
  /** Runs after `value` has changed. Must not send an event to the same life. */
  action(name: string): void;
  delayMs(name: string): number;
  /** Arms a timer; when it is due the owner calls `elapse` with this name. */
  after(delayMs: number, name: string): number;
  cancel(id: number): void;
}

/** A chart of named events, guards, actions and delays. `machine.config` is JSON and can be drawn. */
export interface Chart {
  readonly id: string;
  readonly machine: AnyStateMachine;
  /** Event names, without delays. */
  readonly events: readonly string[];
  readonly guards: readonly string[];
  /** Delay name to the ids of the states that wait for it. */
  readonly delays: ReadonlyMap<string, readonly string[]>;
}

/** One thing XState wants done. */
export interface Step {
  readonly kind: 'action' | 'arm' | 'cancel';
  readonly name: string;
}

/** XState's answer to one event. */
export interface Outcome {
  readonly value: string;
  readonly steps: readonly Step[];
}

/** An outcome as it is remembered, with the answers that lead to it: all steps that go this way share them. */
interface Answered extends Outcome {
  readonly answers: readonly GuardAnswer[];
}

/** What to ask next to know the outcome. */
interface Question {
  readonly guard: string;
  yes: Question | Answered | null;
  no: Question | Answered | null;
}

interface LiveChart extends Chart {
  readonly snapshots: Map<string, AnyMachineSnapshot>;
  readonly memory: Map<string, Map<string, Question | Answered>>;
  /** How guards are answered while XState decides. */
  readonly oracle: { answer: (guard: string) => boolean };
}

/** How a guard answered. */
export interface GuardAnswer {
  readonly name: string;
  readonly said: boolean;
}

/** One event and what became of it; `from` equals `to` where the life stayed. */
export interface LifeStep {
  /** Only the region of a life that its object remembers; the moment is that of its owner. */
  readonly isPart?: true;
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly on: string;
  readonly guards: readonly GuardAnswer[];
}

/** `whose`: the life as its host names it. */
export type LifeWatcher = (whose: string, step: LifeStep) => void;

const NOBODY: ReadonlySet<LifeWatcher> = new Set();
const ofTheLiveWorld = new Set<LifeWatcher>();
/** Who is told now. */
let watchers: ReadonlySet<LifeWatcher> = ofTheLiveWorld;
const NO_TIMERS: Readonly<Record<string, number>> = Object.freeze({});
const START = '';
const DELAY = 'after.';

/** Wraps a machine made by `setup({...}).createMachine` that has only named guards, actions and delays, no context and no actors. */
export function defineChart(definition: { readonly id: string; readonly machine: AnyStateMachine }): Chart {
  const { id, machine } = definition;
  const oracle: LiveChart['oracle'] = { answer: () => assert(false, `guard asked outside a transition of chart ${id}`) as never };
  const guards = Object.keys(machine.implementations.guards);
  const provided = machine.provide({
    guards: Object.fromEntries(guards.map((name) => [name, () => oracle.answer(name)])),
    delays: Object.fromEntries(Object.keys(machine.implementations.delays).map((name) => [name, 1])),
  });
  const chart: LiveChart = {
    id,
    machine: provided,
    events: provided.events.filter((name) => !name.startsWith('xstate.')),
    guards,
    delays: delaysOf(provided.root),
    snapshots: new Map(),
    memory: new Map(),
    oracle,
  };
  return chart;
}

/** A new life, in the chart's initial state with its entry actions run. */
export function begin(chart: Chart, host: LifeHost): Life {
  const life: Life = { value: START, sinceMs: host.nowMs, timers: NO_TIMERS };
  interpret(chart, life, START, host);
  return life;
}

/** Sends a named event; one that the configuration does not know changes nothing. */
export function interpret(chart: Chart, life: Life, event: string, host: LifeHost): void {
  if (!isWatched() || host.whose === undefined) {
    interpretUnseen(chart, life, event, host);
    return;
  }
  const from = life.value;
  const outcome = decide(chart as LiveChart, from, event, host);
  tellStep(host.whose(), { atMs: host.nowMs, from, to: outcome.value, on: nameOf(event), guards: outcome.answers });
  follow(life, outcome, host);
}

/** Tells of every step of every life in this process, but those that go on aside, until the returned function is called. No part of a world may watch: it would not go on the same without. */
export function watchLives(watcher: LifeWatcher): () => void {
  ofTheLiveWorld.add(watcher);
  return () => void ofTheLiveWorld.delete(watcher);
}

/** What is done in `run` happens in another world than the one that is watched: it is told to its own watcher, or to nobody. */
export function aside<T>(run: () => T, watcher?: LifeWatcher): T {
  const before = watchers;
  watchers = watcher === undefined ? NOBODY : new Set([watcher]);
  try {
    return run();
  } finally {
    watchers = before;
  }
}

export function isWatched(): boolean {
  return watchers.size > 0;
}

/** What neither moved the life nor was decided by a guard is no step. */
export function tellStep(whose: string, step: LifeStep): void {
  if (step.from !== step.to || step.guards.length > 0) for (const watcher of watchers) watcher(whose, step);
}

/** A step that nobody watches, for lives that last no longer than it. */
export function interpretUnseen(chart: Chart, life: Life, event: string, host: LifeHost): void {
  follow(life, decide(chart as LiveChart, life.value, event, host), host);
}

function follow(life: Life, outcome: Outcome, host: LifeHost): void {
  if (outcome.value !== life.value) {
    life.value = outcome.value;
    life.sinceMs = host.nowMs;
  }
  const { steps } = outcome;
  for (let index = 0; index < steps.length; index += 1) perform(life, steps[index] as Step, host);
}

/** Tells the life that the delay `name` is over. */
export function elapse(chart: Chart, life: Life, name: string, host: LifeHost): void {
  forget(life, name);
  interpret(chart, life, DELAY + name, host);
}

/** Cancels all that is armed: the owner of the life goes away. */
export function end(life: Life, host: Pick<LifeHost, 'cancel'>): void {
  for (const id of Object.values(life.timers)) host.cancel(id);
  life.timers = NO_TIMERS;
}

/** Is the dotted state among the active ones? `within('waiting.backOff', 'waiting')` is true. */
export function within(value: string, state: string): boolean {
  return value.split('|').some((leaf) => leaf === state || leaf.startsWith(`${state}.`));
}

/** XState's own answer, not remembered: what the memory must agree with. */
export function askXState(chart: Chart, value: string, event: string, answer: (guard: string) => boolean): Outcome {
  const live = chart as LiveChart;
  const { machine, oracle } = live;
  const outside = oracle.answer;
  oracle.answer = answer;
  try {
    if (value === START) return outcomeOf(live, initialTransition(machine));
    const snapshot = snapshotOf(live, value);
    return outcomeOf(live, transition(machine, snapshot, { type: typeOf(live, snapshot, event) }));
  } finally {
    oracle.answer = outside;
  }
}

/** Without the mark that tells a delay from an event. */
function nameOf(event: string): string {
  return event.startsWith(DELAY) ? event.slice(DELAY.length) : event;
}

function decide(chart: LiveChart, value: string, event: string, host: Pick<LifeHost, 'guard'>): Answered {
  const answers: GuardAnswer[] = [];
  let node: Question | Answered | null = chart.memory.get(value)?.get(event) ?? null;
  while (node !== null && 'guard' in node) {
    const name: string = node.guard;
    const said = host.guard(name);
    answers.push({ name, said });
    node = said ? node.yes : node.no;
  }
  return node ?? learn(chart, value, event, host, answers);
}

/** Asks XState and remembers the questions it asked on the way. A guard is asked once for an event, whatever was remembered before: asking may cost its owner a call. */
function learn(chart: LiveChart, value: string, event: string, host: Pick<LifeHost, 'guard'>, answers: GuardAnswer[]): Answered {
  const found = askXState(chart, value, event, (name) => {
    const known = answers.find((answer) => answer.name === name);
    if (known !== undefined) return known.said;
    const said = host.guard(name);
    answers.push({ name, said });
    return said;
  });
  const outcome: Answered = { ...found, answers: [...answers] };
  const events = chart.memory.get(value) ?? new Map<string, Question | Answered>();
  chart.memory.set(value, events);
  events.set(event, branch(events.get(event) ?? null, answers, outcome));
  return outcome;
}

/** The same questions with one more way through them. */
function branch(known: Question | Answered | null, [first, ...others]: readonly GuardAnswer[], outcome: Answered): Question | Answered {
  if (first === undefined) return outcome;
  const { name: guard, said } = first;
  const question: Question = known !== null && 'guard' in known ? known : { guard, yes: null, no: null };
  if (said) question.yes = branch(question.yes, others, outcome);
  else question.no = branch(question.no, others, outcome);
  return question;
}

function perform(life: Life, step: Step, host: LifeHost): void {
  const { kind, name } = step;
  if (kind === 'action') {
    host.action(name);
    return;
  }
  const armed = life.timers[name];
  if (armed !== undefined) {
    host.cancel(armed);
    forget(life, name);
  }
  if (kind !== 'arm') return;
  const timers: Record<string, number> = copied(life.timers);
  timers[name] = host.after(host.delayMs(name), name);
  life.timers = timers;
}

function forget(life: Life, name: string): void {
  if (life.timers[name] === undefined) return;
  let others: Record<string, number> | undefined;
  for (const other in life.timers) {
    if (other === name) continue;
    others ??= {};
    others[other] = life.timers[other] as number;
  }
  life.timers = others ?? NO_TIMERS;
}

function outcomeOf(chart: LiveChart, [snapshot, actions]: readonly [AnyMachineSnapshot, readonly unknown[]]): Outcome {
  const leaves = snapshot._nodes.filter((node) => node.type === 'atomic' || node.type === 'final').sort((a, b) => a.order - b.order);
  const value = leaves.map((node) => node.path.join('.')).join('|');
  if (!chart.snapshots.has(value)) chart.snapshots.set(value, snapshot);
  const steps = actions.flatMap((action) => stepOf(chart, action as { type: string; params?: Record<string, unknown> }));
  return { value, steps };
}

/** upstream of these shapes: xstate 5 `after` becomes a delayed raise when a state is entered and a cancel when it is left. */
function stepOf(chart: LiveChart, action: { type: string; params?: Record<string, unknown> }): readonly Step[] {
  const { type, params } = action;
  if (type === 'xstate.raise')
    return params?.['delay'] === undefined ? [] : [{ kind: 'arm', name: delayName(chart, String(params['id'])) }];
  if (type === 'xstate.cancel') return [{ kind: 'cancel', name: delayName(chart, String(params?.['sendId'])) }];
  assert(!type.startsWith('xstate.'), `chart ${chart.id} does what the interpreter does not know: ${type}`);
  return [{ kind: 'action', name: type }];
}

function delayName(chart: LiveChart, id: string): string {
  for (const [name, states] of chart.delays) for (const state of states) if (id === `xstate.after.${name}.${state}`) return name;
  assert(false, `chart ${chart.id} has no delay ${id}`);
}

function typeOf(chart: LiveChart, snapshot: AnyMachineSnapshot, event: string): string {
  if (!event.startsWith(DELAY)) return event;
  const name = event.slice(DELAY.length);
  const waiting = (chart.delays.get(name) ?? []).filter((state) => snapshot._nodes.some((node) => node.id === state));
  assert(waiting.length <= 1, `two states of chart ${chart.id} wait for ${name} at once`);
  return `xstate.after.${name}.${waiting[0] ?? 'nobody'}`;
}

function snapshotOf(chart: LiveChart, value: string): AnyMachineSnapshot {
  const known = chart.snapshots.get(value);
  if (known !== undefined) return known;
  const snapshot = chart.machine.resolveState({ value: stateValueOf(chart, value), context: {} });
  chart.snapshots.set(value, snapshot);
  return snapshot;
}

type StateValue = string | { [state: string]: StateValue };

/** The inverse of the text in `Life.value`. */
function stateValueOf(chart: LiveChart, value: string): StateValue {
  const root: { [state: string]: StateValue } = {};
  for (const leaf of value.split('|')) {
    let at = root;
    for (const state of leaf.split('.')) {
      const below = at[state] ?? {};
      at[state] = below;
      at = below as { [state: string]: StateValue };
    }
  }
  const shorten = (node: StateValue): StateValue => {
    const entries = Object.entries(node);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && Object.keys(only[1]).length === 0) return only[0];
    return Object.fromEntries(entries.map(([state, below]) => [state, shorten(below)]));
  };
  assert(value !== START, `a life of chart ${chart.id} has not begun`);
  return shorten(root);
}

function delaysOf(root: StateNode): ReadonlyMap<string, readonly string[]> {
  const delays = new Map<string, string[]>();
  const visit = (node: StateNode): void => {
    for (const { delay } of node.after) {
      assert(typeof delay === 'string', `a delay without a name in state ${node.id}`);
      const states = delays.get(delay) ?? [];
      if (!states.includes(node.id)) states.push(node.id);
      delays.set(delay, states);
    }
    for (const below of Object.values(node.states)) visit(below as StateNode);
  };
  visit(root);
  return delays;
}

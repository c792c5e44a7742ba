// The lab: one world, its clock, and the answers to everything a window can ask. Both hosts open sessions on it.
import { performance } from 'node:perf_hooks';
import type { Handlers, Result } from '../contract/bridge.ts';
import type { LabInfo } from '../contract/lab-info.ts';
import type { ClockRecord, Frame } from '../contract/view.ts';
import { AssertionError, defined } from '../engine/base/assert.ts';
import { Cluster } from '../engine/cluster.ts';
import { failureKinds } from '../engine/failures/registry.ts';
import type { ScenarioPlan } from '../engine/scenario.ts';
import { definitionOf } from '../engine/statecharts/definition.ts';
import { charts } from '../engine/statecharts/registry.ts';
import { KUBERNETES_RELEASE } from '../persistence/snapshot.ts';
import { actOn } from './actions/act-on.ts';
import { consequences } from './actions/consequences.ts';
import { drainPlan } from './actions/drain-plan.ts';
import { applyFiles } from './apply-files.ts';
import { lookIntoContainer } from './container-look.ts';
import { crashReport } from './crash-report.ts';
import { inSlices } from './in-slices.ts';
import type { LabHost, LabView } from './lab-host.ts';
import { LabKeeper, type LabStorage } from './lab-keeper.ts';
import { readRate } from './load-rate.ts';
import { setNodeGroup } from './node-group.ts';
import { objectDetail } from './object-detail.ts';
import { openSession } from './open-session.ts';
import { Pacer } from './pacer.ts';
import { elsewhere } from './past/elsewhere.ts';
import { PastTravel } from './past/travel.ts';
import { WindowSight } from './past/window-sight.ts';
import { movePod, movePodBack, podPlacement } from './placement.ts';
import { podParts } from './pod-parts.ts';
import { predict } from './prediction.ts';
import { readUsage } from './read-usage.ts';
import { realSchedule } from './real-schedule.ts';
import { builtInScenario, DEFAULT_SCENARIO, scenarioNames } from './scenarios.ts';
import { advanceInSlice } from './sliced-advance.ts';
import { openInSlices, packInSlices } from './snapshot-file.ts';
import { ruleBook } from './timeline/rule-book.ts';
import { volumeLook } from './volume-look.ts';
import { volumePlacement } from './volume-placement.ts';
import { World } from './world.ts';
import { applyYaml, asEdit, checkYaml } from './yaml/edit-yaml.ts';
import { fieldTable } from './yaml/field-table.ts';

export const VERSION = '0.1.0';

export interface LabOptions {
  readonly scenario?: ScenarioPlan;
  /** Continue this world instead of starting a scenario. */
  readonly restored?: Cluster;
  readonly speed?: number | 'max';
  readonly playing?: boolean;
  /** Where it is kept, so that it can go on after a crash. A restored world is there already. */
  readonly storage?: LabStorage;
}

interface OpenView {
  readonly wake: () => void;
  readonly sight: WindowSight;
  /** Counts its questions about the future, so that a newer one cancels an older one. */
  predictions: number;
}

/** When thousands of pods change at once, the picture follows within a few frames. */
const RECORDS_PER_FRAME = 500;

export class Lab implements LabHost {
  #world: World;
  /** Counts the snapshots that were asked to be opened. */
  #openings = 0;
  #crash: string | undefined;
  #recovered: boolean;
  readonly #views = new Set<OpenView>();
  readonly #replaced: (() => void)[] = [];
  readonly #pacer: Pacer;
  readonly #keeper: LabKeeper | null;
  readonly #travel: PastTravel;

  constructor(options: LabOptions = {}) {
    const { restored, storage } = options;
    this.#recovered = restored !== undefined;
    this.#world = new World(restored ?? Cluster.start(options.scenario ?? builtInScenario(DEFAULT_SCENARIO, 1)));
    this.#keeper =
      storage === undefined ? null : new LabKeeper(storage, this.#world.cluster, restored !== undefined, () => performance.now());
    this.#pacer = new Pacer(
      {
        advance: (untilMs, budgetMs) => advanceInSlice(this.#world.cluster.timeline, untilMs, budgetMs, () => performance.now()),
        now: () => performance.now(),
        schedule: realSchedule,
        failed: (error) => this.#stop(error),
        advanced: () => {
          this.#keeper?.advanced();
          this.#changed();
        },
      },
      this.#world.cluster.timeline.nowMs,
    );
    this.#travel = new PastTravel(this.#pacer, this.#world, this.#recovered);
    this.#pacer.setSpeed(options.speed ?? 1);
    if (options.playing !== false) this.#pacer.play();
  }

  get world(): World {
    return this.#world;
  }

  openSession(...[send, options]: Parameters<LabHost['openSession']>): ReturnType<LabHost['openSession']> {
    return openSession((wake) => this.#openView(wake), send, options);
  }

  close(): void {
    this.#pacer.pause();
    this.#keeper?.close();
    this.#travel.close();
    this.#world.close();
  }

  /** Opens another world, one that begins or one that was `restored`: every window starts afresh. */
  replace(world: World, restored = false): void {
    const { cluster } = world;
    this.#world.close();
    this.#world = world;
    this.#crash = undefined;
    this.#recovered = false;
    this.#keeper?.begin(cluster);
    this.#travel.replace(this.#world, restored);
    this.#pacer.resync(cluster.timeline.nowMs);
    for (const listener of this.#replaced) listener();
    for (const { sight } of this.#views) sight.replace(this.#world);
    this.#changed();
  }

  #openView(wake: () => void): LabView {
    const view: OpenView = { wake, sight: new WindowSight(this.#world), predictions: 0 };
    this.#views.add(view);
    wake();
    return {
      handlers: this.#handlers(view),
      takeFrame: () => this.#takeFrame(view),
      close: () => {
        this.#travel.leave(view.sight);
        view.sight.close();
        this.#views.delete(view);
      },
    };
  }

  #takeFrame({ sight, wake }: OpenView): Frame {
    const { reset, delta, written, table, more } = sight.take(RECORDS_PER_FRAME);
    if (more) wake();
    const { presentMs, fromMs } = this.#travel;
    return {
      ...(reset ? { opened: this.#info() } : {}),
      clock: this.#clock(sight.world.cluster),
      delta,
      ...(written ? { written } : {}),
      ...(sight.isPast ? { past: { presentMs, fromMs } } : {}),
      ...(table === undefined ? {} : { table }),
      ...(this.#crash === undefined ? {} : { crash: this.#crash }),
    };
  }

  #info(): LabInfo {
    const { seed, name } = this.#world.cluster.scenario;
    return {
      version: VERSION,
      kubernetes: KUBERNETES_RELEASE,
      seed,
      scenario: name,
      recovered: this.#recovered,
      kept: this.#keeper !== null,
      failures: failureKinds,
      scenarios: scenarioNames,
      charts: charts.map(definitionOf),
    };
  }

  #clock({ timeline }: Cluster): ClockRecord {
    const { nowMs, unixMs } = timeline;
    return { nowMs, unixMs, playing: this.#pacer.playing, speed: this.#pacer.speed, achieved: this.#pacer.achievedSpeed };
  }

  #changed(): void {
    for (const view of this.#views) view.wake();
  }

  /** A broken assertion stops the world and says what replays it. */
  #stop(error: unknown): void {
    this.#pacer.pause();
    this.#crash = crashReport(this.#world.cluster, error);
    console.error(this.#crash);
    this.#changed();
  }

  /** For hosts that serve other clients than windows: does something to the world between two entries. */
  act<T>(action: (cluster: Cluster) => T): T {
    return this.#act(action);
  }

  /** See Pacer.hold. */
  hold(who: string): void {
    this.#pacer.hold(who);
  }

  release(who: string): void {
    this.#pacer.release(who);
  }

  /** Told when another world is opened. */
  onReplace(listener: () => void): void {
    this.#replaced.push(listener);
  }

  /** Does something to the world between two entries and shows it. */
  #act<T>(action: (cluster: Cluster) => T): T {
    if (this.#crash !== undefined) throw new Error('This world has stopped on an internal fault. Open a snapshot or start a new one.');
    try {
      const result = action(this.#world.cluster);
      this.#keeper?.acted();
      return result;
    } catch (error) {
      // A command that broke the world is not kept: recovery ends before it.
      if (error instanceof AssertionError) this.#stop(error);
      else this.#keeper?.acted();
      throw error;
    } finally {
      this.#changed();
    }
  }

  #handlers(view: OpenView): Handlers {
    const { sight } = view;
    return this.#travel.guard(sight, {
      'lab.new': ({ scenario, seed }) => {
        this.replace(new World(Cluster.start(builtInScenario(String(scenario), Number.isSafeInteger(seed) ? (seed as number) : 1))));
        return {};
      },
      ...this.#clockHandlers(view),
      ...this.#pastHandlers(view),
      'failure.apply': ({ failure, target }) => ({
        id: this.#act((cluster) => cluster.command({ type: 'fail', failure: String(failure), target: String(target) }).id ?? ''),
      }),
      'failure.heal': ({ id }) => {
        this.#act((cluster) => cluster.command({ type: 'heal', id: String(id) }));
        return {};
      },
      'failure.predict': ({ failure, target, others = [] }) => this.#predict(view, String(failure), [target, ...others].map(String)),
      ...this.#placementHandlers(sight),
      'load.set': ({ service, requestsPerSecond }) => {
        this.#act((cluster) => cluster.command({ type: 'load', service: String(service), requestsPerSecond: readRate(requestsPerSecond) }));
        return {};
      },
      'group.set': ({ name, group }) => {
        this.#act((cluster) => setNodeGroup(cluster, name, group));
        return {};
      },
      'usage.read': ({ nodes, pods }) => readUsage(sight.world.cluster, nodes.map(String), pods.map(String)),
      'object.get': ({ kind, key }) => objectDetail(sight.world.cluster, String(kind), String(key), sight.world.ways),
      'container.look': ({ key, container, previous }) =>
        lookIntoContainer(sight.world.cluster, String(key), String(container), previous === true),
      'yaml.fields': ({ kind, key }) => fieldTable(sight.world.cluster, String(kind), String(key)),
      'yaml.check': (edit) => checkYaml(this.#world.cluster, asEdit(edit)),
      'yaml.apply': (edit) => this.#act((cluster) => applyYaml(cluster, asEdit(edit))),
      'object.act': ({ action, names }) => this.#act((cluster) => actOn(cluster, action, names)),
      'object.weigh': ({ action, names }) => consequences(this.#world.cluster, action, names),
      'drain.plan': ({ nodes, ...options }) => drainPlan(this.#world.cluster, nodes, options),
      ...this.#tableHandlers(view),
      'manifest.apply': ({ files }) => this.#act((cluster) => applyFiles(cluster, files)),
      'timeline.read': ({ edition, nextId, nextPoint }) =>
        this.#world.chronicle.news({ edition: Number(edition), nextId: Number(nextId), nextPoint: Number(nextPoint) }),
      'timeline.rules': () => ruleBook,
      'snapshot.export': () => this.#export(sight.world.cluster),
      'snapshot.open': ({ base64 }) => this.#open(Buffer.from(String(base64), 'base64')),
    });
  }

  #pastHandlers({ sight, wake }: OpenView): Pick<Handlers, 'past.show' | 'past.step' | 'past.leave'> {
    const shown = async (work: Promise<void>): Promise<Record<never, never>> => {
      await work;
      this.#changed();
      return {};
    };
    return {
      'past.show': ({ atMs }) => shown(this.#travel.show(sight, Number(atMs))),
      'past.step': ({ by }) => shown(this.#travel.step(sight, Math.trunc(Number(by)))),
      'past.leave': () => {
        this.#travel.leave(sight);
        wake();
        return {};
      },
    };
  }

  #clockHandlers({ sight }: OpenView): Pick<Handlers, 'clock.play' | 'clock.pause' | 'clock.speed' | 'clock.step' | 'clock.next'> {
    const done = (): Record<never, never> => {
      this.#changed();
      return {};
    };
    return {
      'clock.play': () => {
        this.#recovered = false;
        this.#travel.leave(sight);
        if (this.#crash === undefined) this.#pacer.play();
        return done();
      },
      'clock.pause': () => {
        this.#travel.stop();
        this.#pacer.pause();
        this.#world.cluster.settle();
        return done();
      },
      'clock.speed': ({ speed }) => {
        this.#pacer.setSpeed(speed);
        return done();
      },
      'clock.step': () => this.#runPaused(() => this.#world.step()),
      'clock.next': () => this.#next(sight),
    };
  }

  #tableHandlers({ sight, wake }: OpenView): Pick<Handlers, 'table.open' | 'table.look' | 'table.close'> {
    return {
      'table.open': ({ kind }) => {
        sight.table.open(sight.world.cluster, String(kind));
        wake();
        return {};
      },
      'table.look': ({ keys }) => {
        sight.table.look(keys.map(String));
        wake();
        return {};
      },
      'table.close': () => {
        sight.table.close();
        return {};
      },
    };
  }

  #runPaused(run: () => void): Record<never, never> {
    this.#travel.stop();
    this.#pacer.pause();
    try {
      this.#act(run);
    } catch (error) {
      this.#stop(error);
    }
    this.#pacer.resync(this.#world.cluster.timeline.nowMs);
    return {};
  }

  async #export(cluster: Cluster): Promise<Result<'snapshot.export'>> {
    const name = `${cluster.scenario.name}-${Math.floor(cluster.timeline.nowMs / 1000)}s.orrery`;
    const bytes = defined(await packInSlices(cluster), 'a snapshot that nobody cancels');
    return { name, base64: bytes.toString('base64') };
  }

  /** Everything that can fail happens before the running world is let go. Of several that are opened the last one counts. */
  async #open(bytes: Uint8Array): Promise<Record<never, never>> {
    this.#openings += 1;
    const mine = this.#openings;
    const isOther = (): boolean => this.#openings !== mine;
    const cluster = await openInSlices(bytes, isOther);
    const world = cluster && (await inSlices(World.inSteps(cluster), isOther));
    if (world === undefined) return {};
    this.#pacer.pause();
    this.replace(world, true);
    return {};
  }

  async #next(sight: WindowSight): Promise<Result<'clock.next'>> {
    this.#travel.stop();
    this.#pacer.pause();
    const world = this.#world;
    let found: boolean | undefined;
    try {
      found = await inSlices(world.next(), () => this.#world !== world || this.#pacer.playing || sight.isPast);
    } catch (error) {
      this.#stop(error);
    }
    this.#pacer.resync(this.#world.cluster.timeline.nowMs);
    this.#changed();
    return { found: found !== false };
  }

  /** Questions are answered of the moment that the window shows. */
  #placementHandlers(
    sight: WindowSight,
  ): Pick<Handlers, 'pod.placement' | 'pod.move' | 'pod.moveBack' | 'pods.parts' | 'volume.look' | 'volume.placement'> {
    return {
      'pod.placement': async ({ key }) =>
        defined(await inSlices(elsewhere(podPlacement(sight.world.cluster, String(key)))), 'an answer that nobody cancels'),
      'pod.move': ({ key, node }) => this.#act((cluster) => movePod(cluster, String(key), String(node))),
      'pod.moveBack': ({ key, manifest }) => this.#act((cluster) => movePodBack(cluster, String(key), String(manifest))),
      'pods.parts': ({ keys }) => podParts(sight.world.cluster, keys.map(String)),
      'volume.look': ({ name }) => volumeLook(sight.world.cluster, this.#world.chronicle.steps, String(name)),
      'volume.placement': ({ name }) => volumePlacement(sight.world.cluster, String(name)),
    };
  }

  async #predict(view: OpenView, failure: string, targets: readonly string[]): Promise<Result<'failure.predict'>> {
    view.predictions += 1;
    const mine = view.predictions;
    const prediction = await inSlices(elsewhere(predict(this.#world.cluster, failure, targets)), () => view.predictions !== mine);
    if (prediction === undefined) throw new Error('A newer question took the place of this one.');
    return prediction;
  }
}

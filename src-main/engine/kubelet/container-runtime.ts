// Processes of containers: starts them, lets time and signals act on them, runs commands beside them. It goes on when the kubelet stops.
import { flat } from '../base/flat.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { hasShell, imageCommand, imageFacts, isBare, isKnownImage, knowsProgram } from '../runtime/image-catalogue.ts';
import { advanceProcess, failsRequests, listens, type Next, runImageProgram, startProcess, terminateProcess } from '../runtime/process.ts';
import { type ProcessPlan, processPlan } from '../runtime/process-plan.ts';
import { BECOME, newShell, runShell } from '../runtime/shell.ts';
import { NOT_MODELLED } from '../runtime/shell-commands.ts';
import { compileShell, type ShellStep, scriptIn } from '../runtime/shell-program.ts';
import type { ShellMemory } from '../runtime/shell-world.ts';
import { type Converse, connectionsOf } from './container-connections.ts';
import { sourcedEnvironment } from './container-environment.ts';
import { ContainerFiles, type SeenFile } from './container-files.ts';
import { keepOutput, turnLog } from './container-log.ts';
import { ContainerSystem } from './container-system.ts';
import { isAdded, isInstalled } from './installed-programs.ts';
import type { ContainerState, Ended, PodState } from './kubelet-state.ts';
import { containerKey, type KubeletWorld } from './kubelet-world.ts';
import { isBounded } from './local-storage.ts';
import { takes } from './node-use.ts';
import { type Container, isToEnd } from './pod-types.ts';
import { terminationMessage } from './termination-message.ts';

export const WAKE_TIMER = 'wake';
export const EXIT_TIMER = 'exit';
/** Of a run that ended with its machine's power. */
export const LOST_REASON = 'Unknown';

/** Of one command that somebody runs. */
const OUTPUT_LENGTH_MAX = 20_000_000;
const PAUSES_MAX = 100;
const BEYOND = "sh: the lab's shell knows no background jobs and no eval, and reads only what a file or a pipe holds\n";

/** One container with all that belongs to it. */
export interface Instance {
  readonly pod: PodState;
  readonly object: Pod;
  readonly spec: Container;
  readonly state: ContainerState;
}

export interface CommandResult {
  readonly status: number;
  readonly output: string;
  readonly complaints: string;
  /** How long the command slept in all. */
  readonly tookMs: number;
  /** Of the shell that ran it; absent: none did. */
  readonly memory?: ShellMemory;
}

/** `bytes`: of memory that is taken, or left when it is below 0, where nothing else counts. */
type UsesChanged = (node: string, bytes?: number) => void;

export class ContainerRuntime {
  readonly #world: KubeletWorld;
  readonly #filesChanged: (pod: PodState) => void;
  readonly #usesChanged: UsesChanged;
  readonly #converse: Converse;

  /** `usesChanged`: a container that takes something of the node has started or ended. */
  constructor(world: KubeletWorld, filesChanged: (pod: PodState) => void, usesChanged: UsesChanged, converse: Converse) {
    this.#world = world;
    this.#usesChanged = usesChanged;
    this.#converse = converse;
    this.#filesChanged = filesChanged;
  }

  planOf({ object, spec }: Pick<Instance, 'object' | 'spec'>): ProcessPlan {
    return processPlan(spec, object.metadata.annotations, isToEnd(object, spec));
  }

  /** A new container with an empty layer of its own; what ran before becomes its last state. */
  start(instance: Instance): void {
    const { state } = instance;
    const { time } = this.#world.context;
    if (state.ended !== null) {
      state.restarts += 1;
      state.previous = state.ended;
    }
    state.ended = null;
    state.id = flat(`containerd://${this.#world.identity()}`);
    state.startedAt = time.timestamp();
    state.startedMs = time.nowMs;
    state.files = null;
    delete state.madeOf;
    delete state.lostUpMs;
    const environment = sourcedEnvironment(this.#world, instance.object, instance.spec);
    if (environment === undefined) delete state.environment;
    else state.environment = environment;
    turnLog(state);
    const files = this.#online(instance);
    files.makeMounts();
    const [process, next] = startProcess(this.planOf(instance), files, time.nowMs);
    state.process = process;
    keepOutput(state, files, time.nowMs);
    if (files.changed) this.#wrote(instance, files.swelled);
    this.#call(instance);
    this.#arm(instance, next);
    this.#noteUse(instance);
  }

  /** Time has come for the process. Returns its end, if this is it. */
  wake(instance: Instance): { readonly code: number; readonly reason: string } | null {
    const { state } = instance;
    state.wake = 0;
    if (state.process === null) return null;
    const files = this.#online(instance);
    const next = advanceProcess(this.planOf(instance), state.process, files, this.#world.nowMs);
    keepOutput(state, files, this.#world.nowMs);
    if (files.changed) this.#wrote(instance, files.swelled);
    if (next?.kind === 'exit') return next;
    // Probes have been told nothing else of it.
    if (this.failsRequests(instance)) this.#filesChanged(instance.pod);
    this.#arm(instance, next);
    return null;
  }

  /** Its limits have changed: what the process comes to next, it comes to at another time. */
  rearm(instance: Instance): { readonly code: number; readonly reason: string } | null {
    this.#world.context.time.cancel(instance.state.wake);
    return this.wake(instance);
  }

  /** SIGTERM. */
  terminate(instance: Instance): void {
    const { process } = instance.state;
    const answer = process === null ? null : terminateProcess(this.planOf(instance), process);
    if (answer !== null) this.exitAfter(instance, answer.afterMs, answer.code, answer.code === 0 ? 'Completed' : 'Error');
  }

  /** SIGKILL. */
  kill(instance: Instance): void {
    this.exitAfter(instance, 1, 137, 'Error');
  }

  exitAfter({ pod, spec, state }: Instance, delayMs: number, code: number, reason: string): void {
    const detail = { code, reason, id: state.id };
    this.#world.context.time.after(delayMs, EXIT_TIMER, containerKey(pod, spec.name), detail);
  }

  /** The process is gone: remembers how. */
  bury(instance: Instance, exitCode: number, reason: string, fault = ''): void {
    const { pod, spec, state } = instance;
    const { time } = this.#world.context;
    time.cancel(state.wake);
    state.wake = 0;
    if (reason === LOST_REASON && state.process !== null) state.lostUpMs = state.process.upMs;
    state.process = null;
    this.#hangUp(containerKey(pod, spec.name));
    state.finishedMs = time.nowMs;
    const { startedAt, id } = state;
    const ended: Ended = { exitCode, reason, startedAt, finishedAt: time.timestamp(), containerID: id };
    const message = [fault, terminationMessage(spec, state, exitCode)].filter((text) => text !== '').join(': ');
    state.ended = message === '' ? ended : { ...ended, message };
    this.#noteUse(instance);
  }

  /** Does the container answer on this port now? */
  answers(instance: Instance, port: number): boolean {
    const { process } = instance.state;
    return process !== null && listens(this.planOf(instance), process, port, this.#world.nowMs);
  }

  /** Does it answer HTTP requests with an error? */
  failsRequests(instance: Instance): boolean {
    const { process } = instance.state;
    return process !== null && failsRequests(this.planOf(instance), process, this.#world.nowMs);
  }

  /** Runs a command inside the container, from its start to its end at once. The kubelet's own depend on nothing but the container. */
  execute(instance: Instance, command: readonly string[]): CommandResult {
    const { process } = instance.state;
    if (process === null) return { status: 126, output: '', complaints: 'container not running', tookMs: 0 };
    const own = (): number | null => runImageProgram(this.planOf(instance), process, this.#world.nowMs);
    const steps = stepsOf(command);
    const files = this.#files(instance, () => (command.length === 0 ? 126 : own()));
    if (steps === null || looksForUnseen(steps, files, instance)) return { status: own() ?? 0, output: '', complaints: '', tookMs: 0 };
    files.outputMax = OUTPUT_LENGTH_MAX;
    return this.#run(instance, steps, files);
  }

  /** The same for a person, who has pipes and the network, and to whom a program that the image does not have is missing. */
  executeFor(instance: Instance, command: readonly string[], input: string, memory?: ShellMemory): CommandResult {
    const { process } = instance.state;
    if (process === null) return { status: 126, output: '', complaints: 'container not running', tookMs: 0 };
    const [first = ''] = command;
    const shell = /^(?:.*\/)?((?:ba|da|a)?sh)$/.exec(first)?.[1];
    if (
      isBare(instance.spec.image ?? '') ||
      (shell !== undefined && !hasShell(instance.spec.image ?? '', shell) && !isAdded(instance, shell))
    )
      return { status: 127, output: '', complaints: `sh: ${first}: not found\n`, tookMs: 0 };
    const script = scriptOf(command);
    const steps = script === undefined ? [{ argv: command, redirect: null }] : compileShell(script, () => true);
    if (steps === null) return { status: 2, output: '', complaints: BEYOND, tookMs: 0 };
    const files = this.#online(instance, ([program = '']) => {
      const name = program.slice(program.lastIndexOf('/') + 1);
      if (!isInstalled(instance, name)) return null;
      const status = runImageProgram(this.planOf(instance), process, this.#world.nowMs);
      return status ?? this.#notModelled(files, instance, name);
    });
    files.input = input;
    files.outputMax = OUTPUT_LENGTH_MAX;
    return this.#run(instance, steps, files, memory);
  }

  #run(instance: Instance, steps: readonly ShellStep[], files: ContainerFiles, before?: ShellMemory): CommandResult {
    const shell = newShell(before);
    let status = 0;
    let tookMs = 0;
    for (let pauses = 0; pauses < PAUSES_MAX; pauses += 1) {
      const pause = runShell(steps, shell, files);
      status = pause.kind === 'exit' ? pause.code : 0;
      if (pause.kind !== 'sleep' || pause.follows === true) break;
      tookMs += pause.forMs;
    }
    if (files.changed) this.#wrote(instance, files.swelled);
    const { directory, variables } = shell;
    const memory = { directory: directory ?? files.directory, variables, status };
    return { status, output: files.output, complaints: files.complaints, tookMs, memory };
  }

  /** What somebody would see who looks into the container. */
  filesOf(instance: Instance): readonly SeenFile[] {
    return this.#files(instance).all();
  }

  /** From now on its requests are on their way. */
  #call(instance: Instance): void {
    const { pod, object, spec } = instance;
    const { calls } = this.planOf(instance);
    if (calls === null) return;
    const { host, port, pauseMs } = calls;
    const { namespace, name } = object.metadata;
    const caller = { node: pod.node, namespace, pod: name, host, port, pauseMs };
    this.#world.context.physics.set('caller', containerKey(pod, spec.name), caller);
  }

  #hangUp(key: string): void {
    const { physics } = this.#world.context;
    if (physics.get('caller', key) !== undefined) physics.set('caller', key, undefined);
  }

  #files(instance: Instance, program?: (argv: readonly string[]) => number | null): ContainerFiles {
    const { pod, object, spec, state } = instance;
    const own = ([name = '']: readonly string[]): number | null => {
      const { ports, startUpMs } = this.planOf(instance);
      const program = name.slice(name.lastIndexOf('/') + 1);
      const isService = ports.size > 0 || startUpMs > 0;
      if (isService && isToEnd(object, spec) && !isOwnService(spec.image ?? '', program)) return 0;
      return isService ? BECOME : this.#notModelled(files, instance, program);
    };
    const files: ContainerFiles = new ContainerFiles(this.#world, pod, object, spec, state, program ?? own);
    return files;
  }

  /** null: the image has no such program. */
  #notModelled(files: ContainerFiles, { spec }: Instance, name: string): number | null {
    if (!knowsProgram(spec.image ?? '', name)) return null;
    files.complain(`${name}: the lab does not model this program\n`);
    return NOT_MODELLED;
  }

  #online(instance: Instance, program?: (argv: readonly string[]) => number | null): ContainerFiles {
    const files = this.#files(instance, program);
    files.network = connectionsOf(this.#world, instance, this.#converse);
    files.system = new ContainerSystem(this.#world, instance, () => this.terminate(instance));
    return files;
  }

  #wrote({ pod, object }: Instance, swelled: boolean): void {
    this.#filesChanged(pod);
    if (swelled || isBounded(object)) this.#usesChanged(pod.node);
  }

  #noteUse(instance: Instance): void {
    const { memory, disk, inodes, processes } = this.planOf(instance);
    const isPlain = memory.perSecond === 0 && processes.perSecond === 0 && !takes(disk) && !takes(inodes) && !isBounded(instance.object);
    const { amount } = memory;
    this.#usesChanged(instance.pod.node, isPlain ? (instance.state.process === null ? -amount : amount) : undefined);
  }

  #arm(instance: Instance, next: Next): void {
    if (next === null) return;
    const afterMs = next.kind === 'exit' ? 1 : next.afterMs;
    instance.state.wake = this.#world.after(afterMs, WAKE_TIMER, containerKey(instance.pod, instance.spec.name));
  }
}

const programs = new WeakMap<readonly string[], readonly ShellStep[] | { readonly unknown: true }>();

/** null: a script beyond the small shell. */
function stepsOf(command: readonly string[]): readonly ShellStep[] | null {
  let steps = programs.get(command);
  if (steps === undefined) {
    const script = scriptOf(command);
    steps = (script === undefined ? [{ argv: command, redirect: null }] : compileShell(script)) ?? { unknown: true };
    programs.set(command, steps);
  }
  return 'unknown' in steps ? null : steps;
}

/** A step of a script that is to end is not the image's service, unless it is called like one that is known. */
function isOwnService(image: string, program: string): boolean {
  return isKnownImage(image) && imageFacts(image).kind === 'service' && imageCommand(image).split(/[ :]/)[0] === program;
}

const LOOKING: ReadonlySet<string> = new Set(['cat', 'ls', 'stat', 'test', '[']);

/** Is it only whether a file is there that nobody can know of, because the image's own program would make it? */
function looksForUnseen(steps: readonly ShellStep[], files: ContainerFiles, { spec }: Instance): boolean {
  const [step] = steps;
  if (step === undefined || steps.length > 1 || !('argv' in step) || isKnownImage(spec.image ?? '')) return false;
  const [program = '', ...words] = step.argv;
  const paths = words.filter((word) => word.startsWith('/'));
  return (
    LOOKING.has(program.slice(program.lastIndexOf('/') + 1)) &&
    paths.length > 0 &&
    paths.every((path) => files.mayHold(path) && !files.exists(path))
  );
}

/** What `sh -c` is to run. */
function scriptOf(command: readonly string[]): string | undefined {
  return /(^|\/)(ba|da|a)?sh$/.test(command[0] ?? '') ? scriptIn(command) : undefined;
}

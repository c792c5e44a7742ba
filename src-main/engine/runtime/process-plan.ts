// What a container's process will do, worked out once from image, command and annotations, and shared by all containers made of one template.
import { quantityValue } from '../meta/quantity.ts';
import { type AnnotationName, annotationOf, numberOf } from './annotations.ts';
import { type ImageFacts, imageFacts, isKnownImage } from './image-catalogue.ts';
import { type RequestLoop, requestLoopOf, WAIT_FOR_EVER } from './request-loop.ts';
import { resourceProfile } from './resource-profile.ts';
import { isShellCommand } from './shell.ts';
import { isKnownCommand } from './shell-commands.ts';
import { compileShell, type ShellStep, scriptIn } from './shell-program.ts';
import { serverPort, toldProgram } from './told-programs.ts';
import { isEndless } from './unending-commands.ts';

interface Asked {
  readonly httpGet?: { readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number };
}

/** The part of a container's spec that matters here. */
export interface PlannedContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly startupProbe?: Asked;
  readonly livenessProbe?: Asked;
  readonly readinessProbe?: Asked;
  readonly lifecycle?: { readonly postStart?: Asked; readonly preStop?: Asked };
  /** Is there an input that somebody may attach to? */
  readonly stdin?: boolean;
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

/** What a process takes, in bytes or pieces: known for any moment, so that nobody has to look. */
export interface Growth {
  readonly amount: number;
  readonly perSecond: number;
}

export interface ProcessPlan {
  /** missing: the command does not exist in the image. */
  readonly kind: 'service' | 'shell' | 'task' | 'missing';
  readonly startUpMs: number;
  readonly ports: ReadonlySet<number>;
  /** From its start until it answers every request with 500; null: never. */
  readonly httpErrorsAfterMs: number | null;
  readonly stopMs: number;
  readonly ignoresTerm: boolean;
  readonly exitCode: number;
  /** null: it does not end by itself. */
  readonly runMs: number | null;
  /** From start to OOMKilled; null: never. */
  readonly outOfMemoryMs: number | null;
  /** As metrics tell it. */
  readonly memory: Growth;
  /** Of its own layer. */
  readonly disk: Growth;
  readonly inodes: Growth;
  readonly processes: Growth;
  readonly steps: readonly ShellStep[];
  /** Its script is more than the lab's shell knows, so that it behaves as the image's program does. */
  readonly isBeyond: boolean;
  readonly marker: string | null;
  /** Requests that it goes on sending. */
  readonly calls: RequestLoop | null;
  /** The program that is missing, for the message. */
  readonly program: string;
}

type Annotations = Readonly<Record<string, string>> | undefined;

const plans = new WeakMap<PlannedContainer, ProcessPlan>();

/** `isToEnd`: whoever wrote it expects its end, as of an init container's or a Job's. */
export function processPlan(container: PlannedContainer, annotations: Annotations, isToEnd = false): ProcessPlan {
  if (annotations !== undefined && Object.keys(annotations).some((name) => name.startsWith('orrery.dev/')))
    return makePlan(container, annotations, isToEnd);
  const known = plans.get(container);
  if (known !== undefined) return known;
  const plan = makePlan(container, undefined, isToEnd);
  plans.set(container, plan);
  return plan;
}

const SHELL = /^(?:.*\/)?(?:sh|bash|ash|dash)$/;
const NONE: readonly ShellStep[] = [];

function makePlan(container: PlannedContainer, annotations: Annotations, isToEnd: boolean): ProcessPlan {
  const facts = imageFacts(container.image ?? '');
  const told = toldProgram(container);
  const httpErrors = numberOf(annotations, container.name, 'http-errors-after-seconds');
  const seconds = (name: 'start-up-seconds' | 'exit-after-seconds' | 'stop-seconds'): number | undefined => {
    const given = numberOf(annotations, container.name, name);
    return given === undefined ? undefined : Math.round(given * 1000);
  };
  const ports = portsOf(container, told.ports ?? facts.ports);
  const { kind, steps, program, isBeyond = false } = commandOf(container, kindOf(container, facts, ports, isToEnd), isToEnd);
  const exitAfter = seconds('exit-after-seconds');
  const calls = kind === 'shell' ? requestLoopOf(steps) : null;
  const { memoryBytes, memoryGrowthBytesPerSecond } = resourceProfile(container, annotations);
  const memory = { amount: memoryBytes, perSecond: memoryGrowthBytesPerSecond };
  return {
    kind: kind === 'shell' && exitAfter !== undefined ? 'service' : kind,
    startUpMs: seconds('start-up-seconds') ?? facts.startUpMs,
    ports,
    httpErrorsAfterMs: httpErrors === undefined ? (told.httpErrorsAfterMs ?? null) : Math.round(httpErrors * 1000),
    stopMs: seconds('stop-seconds') ?? facts.stopMs,
    ignoresTerm: annotationOf(annotations, container.name, 'ignore-sigterm') === 'true',
    // That of a service is what it answers SIGTERM with.
    exitCode: numberOf(annotations, container.name, 'exit-code') ?? (kind === 'task' && facts.kind === 'service' ? 0 : facts.exitCode),
    runMs: exitAfter ?? told.runMs ?? (kind === 'task' ? facts.startUpMs : null),
    outOfMemoryMs: outOfMemoryMs(container, memory),
    memory,
    disk: growthOf(container, annotations, 'disk-bytes', 'disk-growth-bytes-per-second'),
    inodes: growthOf(container, annotations, 'inodes', 'inode-growth-per-second'),
    processes: growthOf(container, annotations, 'processes', 'process-growth-per-second', ONE),
    isBeyond,
    steps: calls === null ? steps : [...calls.before, WAIT_FOR_EVER],
    calls,
    marker: facts.marker ?? null,
    program,
  };
}

/** Of an image that nobody knows, its author does: who asks it at a port, or declares one, is believed. */
function portsOf(container: PlannedContainer, ofImage: readonly number[]): ReadonlySet<number> {
  const { ports = [], startupProbe, livenessProbe, readinessProbe, lifecycle } = container;
  const declared = ports.map((port) => port.containerPort);
  if (isKnownImage(container.image ?? '')) return new Set([...ofImage, ...declared]);
  const asked = [startupProbe, livenessProbe, readinessProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((one) => [
    one?.httpGet?.port,
    one?.tcpSocket?.port,
    one?.grpc?.port,
  ]);
  return new Set([...declared, ...asked.map(Number).filter((port) => port > 0)]);
}

/**
 * A script this shell cannot run, and any other command of an image that is a service, is taken for the image's service;
 * where an end is expected, for a task.
 */
function commandOf(
  container: PlannedContainer,
  kind: 'service' | 'shell' | 'task',
  isToEnd: boolean,
): Pick<ProcessPlan, 'kind' | 'steps' | 'program'> & Partial<Pick<ProcessPlan, 'isBeyond'>> {
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  const [program = ''] = argv;
  if (container.stdin === true && waitsForInput(argv, kind)) return { kind: 'shell', steps: WAIT, program };
  const ownEntry = container.command === undefined && kind !== 'shell';
  if (argv.length === 0 || ownEntry) return { kind, steps: NONE, program };
  const other = kind === 'service' && !isToEnd ? 'service' : 'task';
  if (SHELL.test(program)) {
    const script = scriptIn(argv);
    // What comes over the network is an answer that only says who answers: no script is to judge by it.
    const steps = script === undefined ? NONE : compileShell(script, isKnownCommand);
    if (steps === null)
      return { kind: toldProgram(container).ports === undefined ? other : 'service', steps: NONE, program, isBeyond: true };
    return { kind: 'shell', steps, program };
  }
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (serverPort(name, argv.slice(1)) !== undefined) return { kind: 'service', steps: NONE, program };
  if (isShellCommand(name) || isEndless(name, argv.slice(1))) return { kind: 'shell', steps: [{ argv, redirect: null }], program };
  return { kind: kind === 'shell' ? 'missing' : other, steps: NONE, program };
}

/** What the image's program is. Of an image that nobody knows, a manifest tells: what nobody asks at a port, and is to end, is no service. */
function kindOf(container: PlannedContainer, { kind }: ImageFacts, ports: ReadonlySet<number>, isToEnd: boolean): ImageFacts['kind'] {
  return isToEnd && ports.size === 0 && !isKnownImage(container.image ?? '') ? 'task' : kind;
}

const WAIT: readonly ShellStep[] = [{ argv: ['pause'], redirect: null }];

/** A shell without a script, and programs that read what they are given. */
function waitsForInput(argv: readonly string[], kind: 'service' | 'shell' | 'task'): boolean {
  const [program] = argv;
  if (program === undefined) return kind === 'shell';
  if (SHELL.test(program)) return !argv.some((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return argv.length === 1 && /^(?:.*\/)?(?:cat|tee|wc|sort)$/.test(program);
}

function growthOf(
  { name }: PlannedContainer,
  annotations: Annotations,
  amountName: AnnotationName,
  growthName: AnnotationName,
  unless: Growth = NO_GROWTH,
): Growth {
  const amount = numberOf(annotations, name, amountName);
  const perSecond = numberOf(annotations, name, growthName);
  if (amount === undefined && perSecond === undefined) return unless;
  return { amount: amount ?? unless.amount, perSecond: perSecond ?? 0 };
}

export const NO_GROWTH: Growth = { amount: 0, perSecond: 0 };
const ONE: Growth = { amount: 1, perSecond: 0 };

function outOfMemoryMs(container: PlannedContainer, { amount, perSecond }: Growth): number | null {
  const limitText = container.resources?.limits?.['memory'];
  if (limitText === undefined) return null;
  const limit = quantityValue(limitText);
  if (amount > limit) return 0;
  return perSecond > 0 ? Math.ceil(((limit - amount) / perSecond) * 1000) : null;
}

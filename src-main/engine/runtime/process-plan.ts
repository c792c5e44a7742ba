// What a container's process will do, worked out once from image, command and annotations, and shared by all containers made of one template.
import { quantityValue } from '../meta/quantity.ts';
import { annotationOf, numberOf } from './annotations.ts';
import { imageFacts } from './image-catalogue.ts';
import { type RequestLoop, requestLoopOf, WAIT_FOR_EVER } from './request-loop.ts';
import { isShellCommand } from './shell.ts';
import { compileShell, type ShellStep } from './shell-program.ts';

/** The part of a container's spec that matters here. */
export interface PlannedContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Is there an input that somebody may attach to? */
  readonly stdin?: boolean;
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

/** What a process takes: known for any moment, so that nobody has to look. */
export interface Growth {
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

export interface ProcessPlan {
  /** missing: the command does not exist in the image. */
  readonly kind: 'service' | 'shell' | 'task' | 'missing';
  readonly startUpMs: number;
  readonly ports: ReadonlySet<number>;
  readonly stopMs: number;
  readonly ignoresTerm: boolean;
  readonly exitCode: number;
  /** null: it does not end by itself. */
  readonly runMs: number | null;
  /** From start to OOMKilled; null: never. */
  readonly outOfMemoryMs: number | null;
  readonly memory: Growth;
  /** Of its own layer. */
  readonly disk: Growth;
  readonly steps: readonly ShellStep[];
  readonly marker: string | null;
  /** Requests that it goes on sending. */
  readonly calls: RequestLoop | null;
  /** The program that is missing, for the message. */
  readonly program: string;
}

type Annotations = Readonly<Record<string, string>> | undefined;

const plans = new WeakMap<PlannedContainer, ProcessPlan>();

export function processPlan(container: PlannedContainer, annotations: Annotations): ProcessPlan {
  if (annotations !== undefined && Object.keys(annotations).some((name) => name.startsWith('orrery.dev/')))
    return makePlan(container, annotations);
  const known = plans.get(container);
  if (known !== undefined) return known;
  const plan = makePlan(container, undefined);
  plans.set(container, plan);
  return plan;
}

const SHELL = /^(?:.*\/)?(?:sh|bash|ash|dash)$/;
const NONE: readonly ShellStep[] = [];

function makePlan(container: PlannedContainer, annotations: Annotations): ProcessPlan {
  const facts = imageFacts(container.image ?? '');
  const seconds = (name: 'start-up-seconds' | 'exit-after-seconds' | 'stop-seconds'): number | undefined => {
    const given = numberOf(annotations, container.name, name);
    return given === undefined ? undefined : Math.round(given * 1000);
  };
  const { kind, steps, program } = commandOf(container, facts.kind);
  const exitAfter = seconds('exit-after-seconds');
  const calls = kind === 'shell' ? requestLoopOf(steps) : null;
  return {
    kind: kind === 'shell' && exitAfter !== undefined ? 'service' : kind,
    startUpMs: seconds('start-up-seconds') ?? facts.startUpMs,
    ports: new Set([...facts.ports, ...(container.ports ?? []).map((port) => port.containerPort)]),
    stopMs: seconds('stop-seconds') ?? facts.stopMs,
    ignoresTerm: annotationOf(annotations, container.name, 'ignore-sigterm') === 'true',
    exitCode: numberOf(annotations, container.name, 'exit-code') ?? facts.exitCode,
    runMs: exitAfter ?? (kind === 'task' ? facts.startUpMs : null),
    outOfMemoryMs: outOfMemoryMs(container, annotations),
    memory: growthOf(container, annotations, 'memory'),
    disk: growthOf(container, annotations, 'disk'),
    steps: calls === null ? steps : [...calls.before, WAIT_FOR_EVER],
    calls,
    marker: facts.marker ?? null,
    program,
  };
}

/** A script this shell cannot run, and any other command of an image that is a service, is taken for the image's service. */
function commandOf(container: PlannedContainer, kind: 'service' | 'shell' | 'task'): Pick<ProcessPlan, 'kind' | 'steps' | 'program'> {
  const argv = [...(container.command ?? []), ...(container.args ?? [])];
  const [program = ''] = argv;
  if (container.stdin === true && waitsForInput(argv, kind)) return { kind: 'shell', steps: WAIT, program };
  const ownEntry = container.command === undefined && kind !== 'shell';
  if (argv.length === 0 || ownEntry) return { kind, steps: NONE, program };
  if (SHELL.test(program)) {
    const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
    const script = flag < 0 ? undefined : argv[flag + 1];
    const steps = script === undefined ? NONE : compileShell(script);
    if (steps === null) return { kind: kind === 'service' ? 'service' : 'task', steps: NONE, program };
    return { kind: 'shell', steps, program };
  }
  if (isShellCommand(program.slice(program.lastIndexOf('/') + 1))) return { kind: 'shell', steps: [{ argv, redirect: null }], program };
  return { kind: kind === 'shell' ? 'missing' : kind, steps: NONE, program };
}

const WAIT: readonly ShellStep[] = [{ argv: ['pause'], redirect: null }];

/** A shell without a script, and programs that read what they are given. */
function waitsForInput(argv: readonly string[], kind: 'service' | 'shell' | 'task'): boolean {
  const [program] = argv;
  if (program === undefined) return kind === 'shell';
  if (SHELL.test(program)) return !argv.some((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return argv.length === 1 && /^(?:.*\/)?(?:cat|tee|wc|sort)$/.test(program);
}

function growthOf({ name }: PlannedContainer, annotations: Annotations, what: 'memory' | 'disk'): Growth {
  const bytes = numberOf(annotations, name, `${what}-bytes`) ?? 0;
  const bytesPerSecond = numberOf(annotations, name, `${what}-growth-bytes-per-second`) ?? 0;
  return bytes === 0 && bytesPerSecond === 0 ? NO_GROWTH : { bytes, bytesPerSecond };
}

export const NO_GROWTH: Growth = { bytes: 0, bytesPerSecond: 0 };

function outOfMemoryMs(container: PlannedContainer, annotations: Annotations): number | null {
  const limitText = container.resources?.limits?.['memory'];
  const growth = numberOf(annotations, container.name, 'memory-growth-bytes-per-second') ?? 0;
  const base = numberOf(annotations, container.name, 'memory-bytes') ?? 0;
  if (limitText === undefined) return null;
  const limit = quantityValue(limitText);
  if (base > limit) return 0;
  return growth > 0 ? Math.ceil(((limit - base) / growth) * 1000) : null;
}

// `orrery bench`: each measurement in a process of its own, so that none warms up or burdens another; medians as JSON.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { requireWritable, writeNamedFile } from '../named-file.ts';
import { UsageError } from '../usage-error.ts';
import { CLIENT, type ClientOrder, runDoorClient } from './door-client.ts';
import { measurements } from './measurements.ts';

/** As commander hands them over. */
export interface BenchOptions {
  readonly json?: string;
  readonly only?: string;
  readonly quick?: boolean;
}

/** Set in the child: the measurement it is to take. */
const CHILD = 'ORRERY_BENCH_MEASUREMENT';

/** Figures by dotted key, as one measurement gives them. */
type Figures = Readonly<Record<string, number>>;

/** For `--help`: each measurement's name, how often it is taken, and what its figures are. */
export function benchHelp(): string {
  const lines = Object.entries(measurements).map(
    ([name, { times, about, quick }]) => `  ${name} (${times}x${quick ? ', quick' : ''})\n      ${about}`,
  );
  return `Measurements, each in a process of its own; the median of its runs is given:\n${lines.join('\n')}\n
All controllers, the scheduler, the kubelets and their probes run, and a window takes a frame every 16 ms, as in the lab.
All of it takes about a quarter of an hour on two cores, --quick about one.`;
}

export async function benchCommand({ json, only, quick = false }: BenchOptions): Promise<void> {
  const order = process.env[CLIENT];
  if (order !== undefined) {
    process.stdout.write(JSON.stringify(await runDoorClient(JSON.parse(order) as ClientOrder)));
    return;
  }
  const child = process.env[CHILD];
  if (child !== undefined) {
    process.stdout.write(JSON.stringify((await measurements[child]?.measure()) ?? {}));
    return;
  }
  const names = only === undefined ? namesOf(quick) : only.split(',');
  const unknown = names.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined)
    throw new UsageError(`--only: there is no measurement "${unknown}"; there are: ${Object.keys(measurements).join(', ')}`);
  if (json !== undefined) requireWritable(json);
  const figures: Record<string, number> = {};
  for (const name of names) Object.assign(figures, medians(name, measurements[name]?.times ?? 1));
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, ${process.platform}`;
  const text = `${JSON.stringify({ machine, ...nested(figures) }, null, 2)}\n`;
  process.stdout.write(text);
  if (json !== undefined) writeNamedFile(json, text);
}

function namesOf(quick: boolean): readonly string[] {
  return Object.entries(measurements).flatMap(([name, measurement]) => (quick && measurement.quick !== true ? [] : [name]));
}

function medians(name: string, times: number): Figures {
  const samples: Figures[] = [];
  for (let time = 1; time <= times; time += 1) {
    process.stderr.write(`${name} (${time} of ${times})\n`);
    samples.push(sample(name));
  }
  const keys = Object.keys(samples[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(samples.map((figures) => figures[key] ?? Number.NaN))]));
}

function sample(name: string): Figures {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, '--expose-gc', '--max-old-space-size=8192', process.argv[1] as string, 'bench'],
    {
      env: { ...process.env, [CHILD]: name },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error(`the measurement ${name} failed: ${stderr}`);
  return JSON.parse(stdout) as Figures;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const value = sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return Number(value.toPrecision(4));
}

/** `{'a.b': 1}` as `{a: {b: 1}}`. */
function nested(figures: Figures): object {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(figures)) {
    const steps = key.split('.');
    const last = steps.pop() as string;
    let at = root;
    for (const step of steps) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}

// The command line's entry: which commands there are, what they take, and which exit code they end with.
import { Command, CommanderError } from 'commander';
import { StatusError } from '../../engine/meta/status-error.ts';
import { KUBERNETES_RELEASE } from '../../persistence/snapshot.ts';
import { VERSION } from '../../session/lab.ts';
import { type BenchOptions, benchCommand, benchHelp } from './bench/bench-command.ts';
import { conformanceCommand } from './conformance/conformance-command.ts';
import { reasonOf } from './named-file.ts';
import { conditionHelp } from './run/condition.ts';
import { failureHelp } from './run/planned-failure.ts';
import { loadHelp } from './run/planned-load.ts';
import { type RunOptions, runCommand } from './run/run-command.ts';
import { type ServeOptions, serveCommand } from './serve-command.ts';
import { UsageError } from './usage-error.ts';

const EXIT_CODES = `Exit codes:
  0  done: the time or the condition was reached, all cases passed
  1  the condition was not met, or a case failed
  2  bad input: what to do about it is said
  3  a fault of the program itself`;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function program(): Command {
  const orrery = new Command('orrery')
    .description(`Orrery ${VERSION}: a whole Kubernetes ${KUBERNETES_RELEASE} cluster, simulated.`)
    .version(`${VERSION} (Kubernetes ${KUBERNETES_RELEASE})`)
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', `\n${EXIT_CODES}`);
  const add = (name: string, description: string): Command =>
    orrery.command(name).description(`Kubernetes ${KUBERNETES_RELEASE}: ${description}`).addHelpText('after', `\n${EXIT_CODES}`);

  add('run', 'runs manifests in a fresh cluster as fast as the machine can, and prints what became of them')
    .argument('<FILE...>', 'Kubernetes manifests, YAML or JSON; - is the standard input')
    .option('--nodes <N>', 'workers', '9')
    .option('--zones <Z>', 'zones they are spread over (default: 3, or as many as there are workers)')
    .option('--seed <S>', 'of everything that happens by chance', '1')
    .option('--scheduler-config <FILE>', 'a KubeSchedulerConfiguration: profiles, plugins, weights and their arguments')
    .option('--for <TIME>', 'virtual time to run: 90s, 10m, 1h30m (default: 10m; with --until: at most 1h)')
    .option('--until <CONDITION>', 'run until this holds')
    .option('--fail <WHAT/TARGET@TIME>', 'break something, for example node/worker-2@2m (repeatable)', collect)
    .option('--heal <WHAT/TARGET@TIME>', 'mend it again (repeatable)', collect)
    .option('--load <SERVICE=RATE@TIME>', 'let requests come to a Service, for example shop/web=50@2m (repeatable)', collect)
    .option('--snapshot <OUT>', 'save the world at the end')
    .option('--events <OUT.jsonl>', 'write all Events, one JSON object a line')
    .option('--json', 'print one JSON document instead of tables')
    .addHelpText('after', `\n${conditionHelp}\n\n${failureHelp}\n\n${loadHelp}`)
    .action((files: string[], options: RunOptions) => {
      process.exitCode = runCommand(files, options);
    });
  add('serve', 'serves the lab to a browser window on 127.0.0.1; prints one JSON line with its address when ready')
    .option('--port <P>', 'port (default: any free one)')
    .option('--scenario <FILE>', 'manifests to start with, or the name of a built-in scenario')
    .option('--speed <X>', 'virtual seconds per second, from 0.1, or max', '1')
    .option('--nodes <N>', 'workers', '9')
    .option('--zones <Z>', 'zones they are spread over (default: 3, or as many as there are workers)')
    .option('--seed <S>', 'of everything that happens by chance', '1')
    .option('--scheduler-config <FILE>', 'a KubeSchedulerConfiguration: profiles, plugins, weights and their arguments')
    .option('--kubeconfig <FILE>', "open the lab to kubectl: write this kubeconfig; --port is then the API server's port")
    .action((options: ServeOptions) => serveCommand(options));
  add('conformance', "runs case files made from Kubernetes' own test tables and prints how many pass")
    .argument('<PATH...>', 'case files, or directories of them')
    .option('--json <OUT>', 'write the whole report')
    .action((paths: string[], options: { json?: string }) => {
      process.exitCode = conformanceCommand(paths, options);
    });
  add('bench', 'measures how fast the lab is; prints medians as JSON')
    .option('--json <OUT>', 'write them to a file as well')
    .option('--only <NAMES>', 'some of the measurements, by name, with commas between')
    .option('--quick', 'only what takes seconds')
    .addHelpText('after', () => `\n${benchHelp()}`)
    .action((options: BenchOptions) => benchCommand(options));
  return orrery;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `orrery run ... | head` closes the pipe early: that is no fault of anybody.
  if (error.code === 'EPIPE') process.exit();
  console.error(`orrery: cannot write the output: ${reasonOf(error)}`);
  process.exit(2);
});
// Complaints that nobody takes do not end what is being done.
process.stderr.on('error', () => undefined);

async function main(): Promise<void> {
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
}

function exitCodeFor(error: unknown): number {
  // Commander has said what was wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof StatusError) {
    console.error(error.message.replace(/^/gm, 'orrery: '));
    return 2;
  }
  console.error('orrery: this is a fault of the program; please report it with what follows');
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 3;
}

void main();

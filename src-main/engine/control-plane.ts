// The processes of the control plane that decide: one that ends forgets everything; one that is started again must be elected before it acts.
import type { Steps } from './base/in-one-go.ts';
import type { Random } from './base/random.ts';
import type { Physics } from './physics/physics.ts';
import type { Timeline } from './time/timeline.ts';

export const PROCESSES = ['kube-controller-manager', 'kube-scheduler'] as const;
export type ProcessName = (typeof PROCESSES)[number];
/** What a cluster may also do without: they can stop as well, and go on at once, as nobody else waits to lead. */
export const ADD_ONS = ['cluster-autoscaler', 'vertical-pod-autoscaler'] as const;

const OWNER = 'control-plane';
const FACT = 'physics/component';
const ELECTED = 'elected';
/** From its container's start to its first look at the lease. */
const START_UP_MS = 1_000;
/** upstream: staging/src/k8s.io/component-base/config/v1alpha1/defaults.go RecommendedDefaultLeaderElectionConfiguration */
const LEASE_MS = 15_000;
const RETRY_MS = 2_000;
/** upstream: client-go/tools/leaderelection/leaderelection.go JitterFactor: a retry comes after up to 2.2 periods */
const RETRY_MS_MAX = RETRY_MS * 2.2;

export interface ControlPlaneHost {
  /** Starts the parts of a process afresh. */
  start(process: ProcessName): Steps;
  /** Ends them: their memory and their watches go. */
  stop(process: ProcessName): void;
}

export class ControlPlane {
  readonly #timeline: Timeline;
  readonly #physics: Physics;
  readonly #host: ControlPlaneHost;

  constructor(timeline: Timeline, physics: Physics, host: ControlPlaneHost) {
    this.#timeline = timeline;
    this.#physics = physics;
    this.#host = host;
    for (const name of [...PROCESSES, ...ADD_ONS])
      if (physics.get('component', name) === undefined) physics.set('component', name, { running: true, leads: true });
    physics.listen(OWNER, 'component');
    timeline.handle(OWNER, (name, process) => {
      if (name === FACT) {
        if (isProcess(process)) this.#look(process);
      } else return this.#lead(process as ProcessName);
    });
  }

  /** Is it this process that decides now? In a world that is opened again: does it go on? */
  leads(process: ProcessName): boolean {
    return this.#physics.get('component', process)?.leads === true;
  }

  #look(process: ProcessName): void {
    const { running, leads } = this.#physics.get('component', process) ?? { running: false, leads: false };
    const election = this.#timeline.entriesOf(OWNER).find(({ name, key }) => name === ELECTED && key === process);
    if (running && !leads && election === undefined)
      this.#timeline.schedule(OWNER, ELECTED, process, electionMs(this.#timeline.stream(OWNER)));
    if (running) return;
    if (election !== undefined) this.#timeline.cancel(election.sequence);
    if (!leads) return;
    this.#host.stop(process);
    this.#physics.change('component', process, { leads: false });
  }

  #lead(process: ProcessName): Steps {
    this.#physics.change('component', process, { leads: true });
    return this.#host.start(process);
  }
}

function isProcess(name: string): name is ProcessName {
  return (PROCESSES as readonly string[]).includes(name);
}

/** A lease whose holder was not this process is waited out from the first look at it, however old it is. upstream: leaderelection.go tryAcquireOrRenew, isLeaseValid */
function electionMs(random: Random): number {
  let waitedMs = 0;
  while (waitedMs < LEASE_MS) waitedMs += random.between(RETRY_MS, RETRY_MS_MAX);
  return START_UP_MS + waitedMs;
}

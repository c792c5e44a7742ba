// `--fail node/worker-2@2m`: what breaks or is mended when, as a person types it.
import { failureKinds } from '../../../engine/failures/registry.ts';
import { durationMs } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';

export interface PlannedFailure {
  readonly action: 'fail' | 'heal';
  readonly failure: string;
  readonly target: string;
  /** After the start of the run. */
  readonly atMs: number;
  /** As it was typed. */
  readonly text: string;
}

/** Short words for failures; the full names are understood as well. */
const words: Readonly<Record<string, string>> = {
  node: 'node-power-off',
  shutdown: 'node-shutdown',
  kubelet: 'kubelet-stop',
  network: 'node-network-cut',
  zone: 'zone-outage',
  disk: 'disk-loss',
  container: 'container-crash',
  probe: 'probe-failure',
  registry: 'registry-down',
  component: 'component-stop',
};

export const failureWords = Object.keys(words).join(', ');

export const failureHelp = `What --fail breaks and --heal mends, at a virtual time after the start:
  node/NODE@TIME                             its power goes off
  shutdown/NODE@TIME                         it is told to shut down
  kubelet/NODE@TIME                          its kubelet stops; containers keep running
  network/NODE@TIME                          it is cut off from the API server
  zone/ZONE@TIME                             all of its workers lose power
  disk/VOLUME@TIME                           the disk of a persistent volume breaks
  container/NAMESPACE/POD/CONTAINER@TIME     its process crashes once
  probe/NAMESPACE/POD/CONTAINER@TIME         its probes fail
  registry/HOST@TIME                         images cannot be pulled from it, as from docker.io
  component/PROCESS@TIME                     kube-scheduler or kube-controller-manager ends, and must be elected when it is back`;

export function parsePlannedFailure(action: 'fail' | 'heal', text: string): PlannedFailure {
  const option = `--${action}`;
  const match = /^([a-z-]+)\/(.+)@([^@]+)$/.exec(text);
  const [, word = '', target = '', at = ''] = match ?? [];
  if (match === null) throw new UsageError(`${option}: "${text}" must be WHAT/TARGET@TIME, like node/worker-2@2m`);
  const failure = Object.hasOwn(words, word) ? words[word] : failureKinds.find(({ name }) => name === word)?.name;
  if (failure === undefined) throw new UsageError(`${option}: there is no failure "${word}"; there are: ${failureWords}`);
  return { action, failure, target, atMs: durationMs(at, option), text };
}

// `--load shop/web=50@2m`: how many requests a second come to a Service from when on, as a person types it.
import { readRate } from '../../../session/load-rate.ts';
import { durationMs } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';

export interface PlannedLoad {
  readonly action: 'load';
  /** `namespace/name` */
  readonly service: string;
  readonly requestsPerSecond: number;
  /** After the start of the run. */
  readonly atMs: number;
  /** As it was typed. */
  readonly text: string;
}

export const loadHelp = `What --load sends, at a virtual time after the start:
  [NAMESPACE/]SERVICE=RATE@TIME              so many requests a second from then on, as shop/web=50@2m; 0 ends them`;

export function parsePlannedLoad(text: string): PlannedLoad {
  const match = /^([a-z0-9-]+(?:\/[a-z0-9.-]+)?)=([^@]+)@([^@]+)$/.exec(text);
  const [, name = '', rate = '', at = ''] = match ?? [];
  if (match === null) throw new UsageError(`--load: "${text}" must be SERVICE=RATE@TIME, like shop/web=50@2m`);
  const atMs = durationMs(at, '--load');
  try {
    const requestsPerSecond = readRate(rate);
    return { action: 'load', service: name.includes('/') ? name : `default/${name}`, requestsPerSecond, atMs, text };
  } catch (error) {
    throw new UsageError(`--load: ${(error as Error).message}`);
  }
}

// How an administrator sets the scheduler up: the part of KubeSchedulerConfiguration that the lab follows, read and checked.
// upstream: kubescheduler.config.k8s.io/v1 types, pkg/scheduler/apis/config/v1/defaults.go, apis/config/validation
import { assert } from '../base/assert.ts';
import type { JsonObject } from '../meta/object.ts';
import { buildProfile, type Profile, type ProfileConfiguration } from './profile.ts';

export const SCHEDULER_NAME = 'default-scheduler';

export interface SchedulerConfiguration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly profiles?: readonly ProfileConfiguration[];
  /** 0: by the size of the cluster. */
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
  readonly clientConnection?: { readonly qps?: number; readonly burst?: number };
}

/** A configuration with everything that was left out, its plugins made ready. */
export interface SchedulerSettings {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly backoffMsInitial: number;
  readonly backoffMsMax: number;
  readonly callsPerSecond: number;
  readonly callsBurst: number;
}

const API_VERSION = 'kubescheduler.config.k8s.io/v1';
const KIND = 'KubeSchedulerConfiguration';

export const defaultSettings: SchedulerSettings = readSchedulerConfiguration() as SchedulerSettings;

/** What the scheduler runs with, or what is wrong, in sentences as kube-scheduler prints them. */
export function readSchedulerConfiguration(given: SchedulerConfiguration = {}): SchedulerSettings | { readonly errors: readonly string[] } {
  const { profiles = [{}], percentageOfNodesToScore = 0, clientConnection = {} } = given;
  const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = given;
  const errors: string[] = [];
  if ((given.apiVersion ?? API_VERSION) !== API_VERSION || (given.kind ?? KIND) !== KIND)
    errors.push(`no kind "${given.kind ?? ''}" is registered for version "${given.apiVersion ?? ''}": expected ${API_VERSION} ${KIND}`);
  if (podInitialBackoffSeconds <= 0)
    errors.push(`podInitialBackoffSeconds: Invalid value: ${podInitialBackoffSeconds}: must be greater than 0`);
  if (podMaxBackoffSeconds < podInitialBackoffSeconds)
    errors.push(`podMaxBackoffSeconds: Invalid value: ${podMaxBackoffSeconds}: must be greater than or equal to PodInitialBackoffSeconds`);
  errors.push(...percentageErrors(percentageOfNodesToScore, 'percentageOfNodesToScore'));
  if (profiles.length === 0) errors.push('profiles: Required value');
  const built = new Map<string, Profile>();
  for (const [index, configuration] of profiles.entries()) {
    const { schedulerName = SCHEDULER_NAME } = configuration;
    if (built.has(schedulerName)) errors.push(`profiles[${index}].schedulerName: Duplicate value: "${schedulerName}"`);
    errors.push(...percentageErrors(configuration.percentageOfNodesToScore ?? 0, `profiles[${index}].percentageOfNodesToScore`));
    const profile = buildProfile({ percentageOfNodesToScore, ...configuration, schedulerName });
    if ('errors' in profile)
      errors.push(
        ...profile.errors.map((error) => `initializing profiles: creating profile for scheduler name ${schedulerName}: ${error}`),
      );
    else built.set(schedulerName, profile);
  }
  if (errors.length > 0) return { errors };
  const { qps = 50, burst = 100 } = clientConnection;
  return {
    profiles: built,
    backoffMsInitial: podInitialBackoffSeconds * 1000,
    backoffMsMax: podMaxBackoffSeconds * 1000,
    callsPerSecond: qps,
    callsBurst: burst,
  };
}

/** For configurations that were read before: a wrong one cannot be. */
export function schedulerSettings(given: SchedulerConfiguration | undefined): SchedulerSettings {
  if (given === undefined) return defaultSettings;
  const read = readSchedulerConfiguration(given);
  assert(!('errors' in read), `scheduler configuration: ${'errors' in read ? read.errors.join('; ') : ''}`);
  return read as SchedulerSettings;
}

/** A configuration out of a file: its shape alone is taken on trust, its values are checked when it is read. */
export function asSchedulerConfiguration(object: JsonObject): SchedulerConfiguration {
  return object as unknown as SchedulerConfiguration;
}

function percentageErrors(percentage: number, field: string): readonly string[] {
  return percentage >= 0 && percentage <= 100 ? [] : [`${field}: Invalid value: ${percentage}: not in valid range [0-100]`];
}

// Documents of a manifest that are for the lab and not for the API server, so that a scenario's file can hold load and node groups:
// kind Load (named as its Service) and kind NodeGroup of orrery.dev/v1.
import type { ApplyResult } from '../contract/bridge.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { JsonObject } from '../engine/meta/object.ts';
import { StatusError } from '../engine/meta/status-error.ts';
import { readRate } from './load-rate.ts';
import { setNodeGroup } from './node-group.ts';

const LAB_API = 'orrery.dev/v1';

export function isLabDocument({ apiVersion }: JsonObject): boolean {
  return apiVersion === LAB_API;
}

/** What is refused is told as the API server's refusals are. */
export function applyLabDocument(cluster: Cluster, object: JsonObject): ApplyResult {
  const { kind, metadata, spec } = object as unknown as LabDocument;
  const name = metadata.name ?? '';
  const namespace = kind === 'Load' ? (metadata.namespace ?? 'default') : '';
  const named = { kind, namespace, name, warnings: [] };
  try {
    if (kind === 'Load') {
      const requestsPerSecond = readRate(spec?.['requestsPerSecond']);
      cluster.command({ type: 'load', service: `${namespace}/${name}`, requestsPerSecond });
    } else if (kind === 'NodeGroup') setNodeGroup(cluster, name, spec ?? {});
    else return { ...named, outcome: 'refused', message: `${LAB_API} has the kinds Load and NodeGroup, not ${kind}` };
  } catch (error) {
    // Words for a person; a fault of the program is a class of its own.
    if (!(error instanceof StatusError) && (error as Error).constructor !== Error) throw error;
    return { ...named, outcome: 'refused', message: (error as Error).message };
  }
  return { ...named, outcome: 'configured', message: '' };
}

interface LabDocument {
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly spec?: JsonObject;
}

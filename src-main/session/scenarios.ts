// The scenarios that come with the program, and how a scenario is made from manifests.
import emptyYaml from '../../assets/scenarios/empty.yaml?raw';
import webShopYaml from '../../assets/scenarios/web-shop.yaml?raw';
import { planMachines, type ScenarioPlan } from '../engine/scenario.ts';
import { parseManifest } from '../persistence/manifest.ts';

/** 2025-06-02 08:00:00 UTC, a Monday morning. */
export const EPOCH_MS = 1_748_851_200_000;
export const DEFAULT_SCENARIO = 'web-shop';

const files: Readonly<Record<string, string>> = { 'web-shop': webShopYaml, empty: emptyYaml };

export const scenarioNames: readonly string[] = Object.keys(files);

export interface ClusterSize {
  readonly zones: number;
  readonly workers: number;
}

/** Throws an error for a person when there is no such scenario. */
export function builtInScenario(name: string, seed: number, size: ClusterSize = { zones: 3, workers: 9 }): ScenarioPlan {
  const text = Object.hasOwn(files, name) ? files[name] : undefined;
  if (text === undefined) throw new Error(`There is no scenario "${name}". There are: ${scenarioNames.join(', ')}.`);
  const { documents, faults } = parseManifest(`${name}.yaml`, text);
  const fault = faults[0];
  if (fault !== undefined) throw new Error(`${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
  return {
    name,
    seed,
    epochMs: EPOCH_MS,
    region: 'orrery',
    machines: planMachines(size.zones, size.workers),
    objects: documents.map((document) => document.object),
  };
}

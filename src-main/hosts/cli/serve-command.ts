/**
 * `orrery serve`: the browser host without a browser.
 * It prints one JSON line with its address when it is ready, so that a script can wait for it.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { planMachines, type ScenarioPlan } from '../../engine/scenario.ts';
import { parseManifest } from '../../persistence/manifest.ts';
import { createLab } from '../../session/create-lab.ts';
import { builtInScenario, EPOCH_MS, scenarioNames } from '../../session/scenarios.ts';
import { serve } from '../browser/serve.ts';
import { wholeNumber } from './arguments.ts';
import { readNamedFile } from './named-file.ts';
import { UsageError } from './usage-error.ts';

/** As commander hands them over. */
export interface ServeOptions {
  readonly port?: string;
  readonly scenario?: string;
  readonly speed?: string;
}

/** Resolves when the host has ended, by SIGINT or SIGTERM. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const port = wholeNumber(options.port ?? '0', '--port', 0, 65_535);
  const speed = options.speed === undefined ? 1 : speedOf(options.speed);
  const lab = createLab(options.scenario === undefined ? { speed } : { speed, scenario: scenarioOf(options.scenario) });
  const host = await serve(lab, { port }).catch((error: Error) => {
    throw new UsageError(`cannot listen on port ${port}: ${error.message}`);
  });
  console.log(JSON.stringify({ url: host.url, origin: host.origin, token: host.token, pid: process.pid }));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await host.close();
  lab.close();
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 1_000_000)) throw new UsageError(`--speed: "${text}" must be a number from 0.1 on, or max`);
  return speed;
}

/** A manifest file, or the name of a scenario that comes with the program. */
function scenarioOf(name: string): ScenarioPlan {
  if (!existsSync(name)) {
    if (scenarioNames.includes(name)) return builtInScenario(name, 1);
    throw new UsageError(`--scenario: there is no file "${name}"; scenarios that come with the program: ${scenarioNames.join(', ')}`);
  }
  const { documents, faults } = parseManifest(name, readNamedFile(name));
  if (faults.length > 0)
    throw new UsageError(faults.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
  const objects = documents.map(({ object }) => object);
  return { name: basename(name), seed: 1, epochMs: EPOCH_MS, region: 'orrery', machines: planMachines(3, 9), objects };
}

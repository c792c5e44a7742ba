/**
 * `orrery serve`: the browser host without a browser.
 * It prints one JSON line with its address when it is ready, so that a script can wait for it.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { JsonObject } from '../../engine/meta/object.ts';
import { planMachines, type ScenarioPlan } from '../../engine/scenario.ts';
import { parseManifest } from '../../persistence/manifest.ts';
import { apiAccess } from '../../session/api-access.ts';
import { createLab } from '../../session/create-lab.ts';
import { applyLabDocument, isLabDocument } from '../../session/lab-document.ts';
import { builtInScenario, DEFAULT_SCENARIO, EPOCH_MS, scenarioNames } from '../../session/scenarios.ts';
import { serve } from '../browser/serve.ts';
import { DesktopDoor, UnwritableKubeconfig } from '../http/desktop-door.ts';
import { wholeNumber } from './arguments.ts';
import { readNamedFile, reasonOf } from './named-file.ts';
import { schedulerOf } from './scheduler-file.ts';
import { UsageError } from './usage-error.ts';

/** As commander hands them over. */
export interface ServeOptions {
  readonly port?: string;
  readonly scenario?: string;
  readonly speed?: string;
  readonly nodes?: string;
  readonly zones?: string;
  readonly seed?: string;
  readonly schedulerConfig?: string;
  readonly kubeconfig?: string;
}

/** Resolves when the host has ended, by SIGINT or SIGTERM. With a kubeconfig, the port is the API server's, and the page takes any free one. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const port = wholeNumber(options.port ?? '0', '--port', 0, 65_535);
  const speed = options.speed === undefined ? 1 : speedOf(options.speed);
  const { plan, forLab } = scenarioOf(options);
  const lab = createLab({ speed, scenario: { ...plan, ...schedulerOf(options.schedulerConfig) } });
  const results = lab.act((cluster) => forLab.map((object) => applyLabDocument(cluster, object)));
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) {
    lab.close(); // it runs already and would keep the process alive
    throw new UsageError(refused.map(({ kind, name, message }) => `--scenario: ${kind} ${name}: ${message}`).join('\n'));
  }
  const { kubeconfig } = options;
  const unheard = (error: NodeJS.ErrnoException): never => {
    lab.close(); // it runs already and would keep the process alive
    if (error instanceof UnwritableKubeconfig) throw new UsageError(`--kubeconfig: cannot write ${kubeconfig}: ${reasonOf(error.cause)}`);
    const why =
      error.code === 'EADDRINUSE' ? 'another program uses it; choose another, or leave --port out for any free one' : error.message;
    throw new UsageError(`cannot listen on port ${port}: ${why}`);
  };
  const door = kubeconfig === undefined ? null : new DesktopDoor(apiAccess(lab), kubeconfig, port);
  await door?.open().catch(unheard);
  const host = await serve(lab, door === null ? { port } : { port: 0, services: door.services }).catch(unheard);
  const page = { url: host.url, origin: host.origin, token: host.token, pid: process.pid };
  console.log(JSON.stringify(door === null ? page : { apiServer: door.address, kubeconfig, ui: host.url, ...page }));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await door?.close();
  await host.close();
  lab.close();
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 1_000_000)) throw new UsageError(`--speed: "${text}" must be a number from 0.1 on, or max`);
  return speed;
}

/** A manifest file, or the name of a scenario that comes with the program; and what in it is not for the API server. */
function scenarioOf(options: ServeOptions): { readonly plan: ScenarioPlan; readonly forLab: readonly JsonObject[] } {
  const name = options.scenario ?? DEFAULT_SCENARIO;
  const workers = wholeNumber(options.nodes ?? '9', '--nodes', 1, 5_000);
  const zones = wholeNumber(options.zones ?? String(Math.min(3, workers)), '--zones', 1, workers);
  const seed = wholeNumber(options.seed ?? '1', '--seed', 0, Number.MAX_SAFE_INTEGER);
  if (!existsSync(name)) {
    if (scenarioNames.includes(name)) return { plan: builtInScenario(name, seed, { zones, workers }), forLab: [] };
    throw new UsageError(`--scenario: there is no file "${name}"; scenarios that come with the program: ${scenarioNames.join(', ')}`);
  }
  const { documents, faults } = parseManifest(name, readNamedFile(name));
  if (faults.length > 0)
    throw new UsageError(faults.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
  const all = documents.map(({ object }) => object);
  const objects = all.filter((object) => !isLabDocument(object));
  const plan = { name: basename(name), seed, epochMs: EPOCH_MS, region: 'orrery', machines: planMachines(zones, workers), objects };
  return { plan, forLab: all.filter(isLabDocument) };
}

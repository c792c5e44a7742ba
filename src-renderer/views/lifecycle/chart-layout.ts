/**
 * Where everything in a chart's picture stands, found by the layout library in a worker so that no frame waits for it.
 * A chart is laid out once for each language and both directions; then the one that fits the room better is taken.
 */
import ElkApi, { type ELK } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { ChartGraph } from './chart-graph.ts';
import { type ChartPlan, type ChartWords, chartPlan, elkGraph } from './chart-plan.ts';

interface ScriptPolicy {
  createScriptURL(url: string): unknown;
}
interface WithTrustedTypes {
  readonly trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy };
}

const plans = new Map<string, Promise<readonly ChartPlan[]>>();
let library: ELK | undefined;

/** `key` names the chart and the words in it. */
export function layOut(key: string, graph: ChartGraph, words: ChartWords): Promise<readonly ChartPlan[]> {
  const known = plans.get(key);
  if (known !== undefined) return known;
  library ??= new ElkApi({ workerFactory: startWorker });
  const elk = library;
  const plan = Promise.all(
    (['DOWN', 'RIGHT'] as const).map(async (flow) => chartPlan(graph, words, await elk.layout(elkGraph(graph, words, flow)))),
  );
  plans.set(key, plan);
  return plan;
}

/** The plan that can be drawn largest in the room there is. */
export function bestFit(all: readonly ChartPlan[], width: number, height: number): ChartPlan | undefined {
  const scale = (plan: ChartPlan): number => Math.min(width / plan.width, height / plan.height);
  return all.toSorted((a, b) => scale(b) - scale(a))[0];
}

/** The page may start no script by its address unless a named policy vouches for it; this one vouches for a single file. */
function startWorker(): Worker {
  const { trustedTypes } = globalThis as WithTrustedTypes;
  const url = trustedTypes?.createPolicy('layout-worker', { createScriptURL: () => workerUrl }).createScriptURL(workerUrl) ?? workerUrl;
  return new Worker(url as string);
}

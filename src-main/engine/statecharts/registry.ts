// All charts, in the order the window lists them: greppable, and the property test finds every chart here.
import { attachmentChart } from './attachment.chart.ts';
import { claimChart } from './claim.chart.ts';
import { containerChart } from './container.chart.ts';
import type { Chart } from './interpreter.ts';
import { nodeChart } from './node.chart.ts';
import { podChart } from './pod.chart.ts';
import { probeChart } from './probe.chart.ts';
import { rolloutChart } from './rollout.chart.ts';
import { volumeChart } from './volume.chart.ts';

export const charts: readonly Chart[] = [
  podChart,
  containerChart,
  probeChart,
  claimChart,
  volumeChart,
  attachmentChart,
  nodeChart,
  rolloutChart,
];

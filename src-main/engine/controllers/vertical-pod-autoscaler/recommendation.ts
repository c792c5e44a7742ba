// What a container should ask for, from what it has used: target, bounds that widen while little is known, and the limits of the policy.
// upstream: kubernetes/autoscaler vertical-pod-autoscaler/pkg/recommender/logic (recommender.go, estimator.go)
import type { ContainerPolicy, ContainerRecommendation } from '../../kinds/autoscaling/vertical-pod-autoscaler.ts';
import { parseQuantity, printQuantity, quantityMilliValue, quantityValue } from '../../meta/quantity.ts';
import { CPU_CORES, MEMORY_BYTES, percentile, type UsageHistogram } from './usage-histogram.ts';

/** JSON. */
export interface ContainerHistory {
  readonly firstMs: number;
  cpu: UsageHistogram;
  memory: UsageHistogram;
}

const MARGIN = 1.15;
const CPU_MILLIS_MIN = 25;
const MEMORY_BYTES_MIN = 250 * 1024 * 1024;
const DAY_MS = 86_400_000;
const SAMPLES_A_DAY = 1440;

/** `containers`: how many share the least that a pod is given. */
export function recommend(
  containerName: string,
  history: ContainerHistory,
  nowMs: number,
  containers: number,
  policy: ContainerPolicy | undefined,
): ContainerRecommendation {
  const days = Math.min((nowMs - history.firstMs) / DAY_MS, history.cpu.total / SAMPLES_A_DAY);
  const at = (share: number, factor: number) => ({
    cpu: `${Math.round(Math.max(percentile(history.cpu, CPU_CORES, share) * 1000 * MARGIN, CPU_MILLIS_MIN / containers) * factor)}m`,
    memory: bytesText(Math.max(percentile(history.memory, MEMORY_BYTES, share) * MARGIN, MEMORY_BYTES_MIN / containers) * factor),
  });
  // Much may be too little or too much as long as little has been seen.
  const narrowing = days <= 0 ? 0 : 1 / ((1 + 0.001 / days) * (1 + 0.001 / days));
  const widening = days <= 0 ? Number.MAX_SAFE_INTEGER / 1e12 : 1 + 1 / days;
  const target = at(0.9, 1);
  const capped = (amounts: Readonly<Record<string, string>>) => withinPolicy(amounts, policy);
  return {
    containerName,
    lowerBound: capped(at(0.5, narrowing)),
    target: capped(target),
    uncappedTarget: controlled(target, policy),
    upperBound: capped(at(0.95, widening)),
  };
}

function controlled(amounts: Readonly<Record<string, string>>, policy: ContainerPolicy | undefined): Readonly<Record<string, string>> {
  const wanted = policy?.controlledResources ?? ['cpu', 'memory'];
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => wanted.includes(name)));
}

function withinPolicy(amounts: Readonly<Record<string, string>>, policy: ContainerPolicy | undefined): Readonly<Record<string, string>> {
  const limited = Object.entries(controlled(amounts, policy)).map(([name, text]): readonly [string, string] => {
    const [least, most] = [policy?.minAllowed?.[name], policy?.maxAllowed?.[name]];
    if (least !== undefined && isLess(text, least)) return [name, least];
    return most !== undefined && isLess(most, text) ? [name, most] : [name, text];
  });
  return Object.fromEntries(limited);
}

function isLess(a: string, b: string): boolean {
  return (parseQuantity(a).value?.nanos ?? 0n) < (parseQuantity(b).value?.nanos ?? 0n);
}

function bytesText(bytes: number): string {
  return printQuantity({ nanos: BigInt(Math.round(bytes)) * 1_000_000_000n, format: 'DecimalSI' });
}

/** Does what a container asks for lie outside of what is recommended? upstream: pkg/updater/priority/priority_processor.go */
export function isOutside(requests: Readonly<Record<string, string>>, { lowerBound, upperBound }: ContainerRecommendation): boolean {
  const amount = (name: string, text: string): number => (name === 'cpu' ? quantityMilliValue(text) : quantityValue(text));
  return Object.keys(lowerBound).some((name) => {
    const request = requests[name];
    if (request === undefined) return true;
    return amount(name, request) < amount(name, lowerBound[name] ?? '0') || amount(name, request) > amount(name, upperBound[name] ?? '0');
  });
}

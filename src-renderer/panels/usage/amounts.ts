/**
 * Amounts of CPU and memory as `kubectl top` writes them.
 * upstream: kubectl pkg/metricsutil/metrics_printer.go
 */
const MEBIBYTE = 2 ** 20;

export function cpuAmount(millis: number): string {
  return `${Math.round(millis)}m`;
}

export function memoryAmount(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)}Mi`;
}

/** Of what there is; '' where there is nothing. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.floor((part / whole) * 100)}%` : '';
}

// What a container says of its own end: the file it may write to, or the end of its log.
import type { ContainerState } from './kubelet-state.ts';
import type { Container } from './pod-types.ts';

/** upstream: pkg/kubelet/container/runtime.go MaxContainerTerminationMessageLength, MaxContainerTerminationMessageLogLength, MaxContainerTerminationMessageLogLines */
const FILE_LENGTH_MAX = 4096;
const LOG_LENGTH_MAX = 2048;
const LOG_LINES_MAX = 80;

export function terminationMessagePathOf({ terminationMessagePath }: Container): string {
  return terminationMessagePath ?? '/dev/termination-log';
}

/** '' when it says nothing. upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage, readLastStringFromContainerLogs */
export function terminationMessage(spec: Container, { files, log = [] }: ContainerState, exitCode: number): string {
  const path = terminationMessagePathOf(spec);
  // hasOwn: the path may be named like what every object inherits.
  const written = files !== null && Object.hasOwn(files, path) ? (files[path] ?? '') : '';
  if (written !== '') return written.slice(-FILE_LENGTH_MAX);
  if (spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) return '';
  const lines = log.slice(-LOG_LINES_MAX).map(({ text }) => `${text}\n`);
  return lines.join('').slice(-LOG_LENGTH_MAX);
}

// GET pods/log: what a container has written. upstream: pkg/registry/core/pod/rest/log.go, pkg/kubelet/kubelet_pods.go validateContainerLogStatus
import { formatTimestamp, parseTimestamp } from '../../../base/timestamp.ts';
import type { Pod } from '../../../kinds/core/pod.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid } from '../../../meta/field-error.ts';
import { badRequest, invalid } from '../../../meta/status-error.ts';
import type { Call } from '../call.ts';
import type { ContainerAccess, ContainerLog, LogLine } from '../container-access.ts';
import type { Present } from '../read.ts';
import { isSet, numberParameter, parameter, type RestRequest, signedParameter, textAnswer } from '../rest-request.ts';
import { type PodContainer, podContainer, requireReachable } from './pod-container.ts';
import type { SubresourceHandler } from './subresource.ts';

export const log: SubresourceHandler = {
  name: 'log',
  methods: ['GET'],
  answer: (call, present) => {
    requireLogOptions(call);
    const found = logOfCall(call, present);
    if (found === null) return textAnswer(200, '');
    const { containers, unixMs } = present;
    return textAnswer(200, textOf(selected(found.lines, call.request, containers, unixMs), call.request, containers));
  },
};

/** What a container writes from now on, asked for again and again; the first answer is what the query selects of what there is. */
export class LogFollower {
  readonly #call: Call;
  readonly #present: () => Present;
  #run: string | undefined;
  #seen = 0;

  /** Throws StatusError when there is no such log. */
  constructor(call: Call, present: () => Present) {
    this.#call = call;
    this.#present = present;
    requireLogOptions(call);
    podContainer(call);
  }

  /** The text since the last call; null when the container's run has ended, and nothing more can come. */
  next(): string | null {
    const present = this.#present();
    const { request } = this.#call;
    const found = logOfCall(this.#call, present);
    if (found === null) return '';
    if (this.#run === undefined) {
      this.#run = found.run;
      this.#seen = found.total;
      const text = textOf(selected(found.lines, request, present.containers, present.unixMs), request, present.containers);
      return text === '' && !found.running ? null : text;
    }
    if (found.run !== this.#run) return null;
    const fresh = found.total - this.#seen;
    this.#seen = found.total;
    if (fresh === 0) return found.running ? '' : null;
    return textOf(found.lines.slice(-fresh), request, present.containers);
  }
}

/** Throws StatusError: 422, or 400 for what is no number. upstream: pkg/apis/core/validation ValidatePodLogOptions */
function requireLogOptions({ request, name }: Call): void {
  const errors: FieldError[] = [];
  for (const [option, least, detail] of NUMBERS) {
    const given = signedParameter(request, option);
    if (given !== undefined && given < least) errors.push(fieldInvalid(new FieldPath(option), given, detail));
  }
  if (parameter(request, 'sinceSeconds') !== undefined && parameter(request, 'sinceTime') !== undefined)
    errors.push(fieldForbidden(new FieldPath(''), 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
}

const NUMBERS = [
  ['tailLines', 0, 'must be greater than or equal to 0'],
  ['limitBytes', 1, 'must be greater than 0'],
  ['sinceSeconds', 1, 'must be greater than 0'],
] as const;

/** null: the pod is on no node yet, and has written nothing. Throws StatusError when there is no such log. */
function logOfCall(call: Call, { containers }: Present): ContainerLog | null {
  const target = podContainer(call);
  // upstream: LogLocation answers with an empty body
  if ((target.pod.spec.nodeName ?? '') === '') return null;
  requireReachable(target, containers);
  const previous = isSet(call.request, 'previous');
  const found = previous || isRunningOrEnded(target) ? containers.logOf(target.pod.metadata.uid, target.container, previous) : null;
  if (found === null) throw badRequest(whyNot(target, previous));
  return found;
}

/** The lines that the query asks for. */
function selected(lines: readonly LogLine[], request: RestRequest, { epochMs }: ContainerAccess, unixMs: number): readonly LogLine[] {
  const seconds = numberParameter(request, 'sinceSeconds');
  const since = seconds === undefined ? parseTimestamp(parameter(request, 'sinceTime') ?? '') : unixMs - seconds * 1000;
  const recent = since === null ? lines : lines.filter(({ atMs }) => epochMs + atMs >= since);
  const tail = numberParameter(request, 'tailLines');
  return tail === undefined ? recent : recent.slice(Math.max(0, recent.length - tail));
}

function textOf(lines: readonly LogLine[], request: RestRequest, { epochMs }: ContainerAccess): string {
  const stamped = isSet(request, 'timestamps');
  const text = lines.map((line) => `${stamped ? `${lineTime(epochMs + line.atMs)} ` : ''}${line.text}\n`).join('');
  const limit = numberParameter(request, 'limitBytes');
  return limit === undefined ? text : text.slice(0, limit);
}

/** upstream: pkg/kubelet/kuberuntime/logs timeFormatOut, types.RFC3339NanoFixed */
function lineTime(unixMs: number): string {
  return formatTimestamp(unixMs).replace('Z', `.${String(unixMs % 1000).padStart(3, '0')}000000Z`);
}

function isRunningOrEnded({ pod, container }: PodContainer): boolean {
  const state = statusOf(pod, container)?.state;
  return state?.running !== undefined || state?.terminated !== undefined || statusOf(pod, container)?.lastState?.terminated !== undefined;
}

function statusOf({ status }: Pod, name: string) {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])];
  return all.find((one) => one.name === name);
}

function whyNot({ pod, container }: PodContainer, previous: boolean): string {
  const subject = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (previous) return `previous terminated ${subject} not found`;
  const waiting = statusOf(pod, container)?.state?.waiting;
  if (waiting === undefined) return `${subject} is not available`;
  if (waiting.reason === 'ErrImagePull') return `${subject} is waiting to start: image can't be pulled`;
  if (waiting.reason === 'ImagePullBackOff') return `${subject} is waiting to start: trying and failing to pull image`;
  return `${subject} is waiting to start: ${waiting.reason ?? ''}`;
}

// Turns the name of a pod's priority class into the number the scheduler compares. upstream: plugin/pkg/admission/priority/admission.go
import { podKind } from '../../kinds/core/pod.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import { type PriorityClass, priorityClassKind } from '../../kinds/scheduling/priority-class.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout, nameBeforeCreation, sharedChange, withSpec } from './admission-plugin.ts';

export const priority: AdmissionPlugin = {
  name: 'Priority',
  kinds: ['Pod', 'PriorityClass.scheduling.k8s.io'],
  admit: admitPod,
  validate: validateClass,
};

const DEFAULT_PRIORITY = 0;
const DEFAULT_PREEMPTION = 'PreemptLowerPriority';

function admitPod(request: AdmissionRequest, reader: AdmissionReader): AdmissionRequest['object'] {
  if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return request.object;
  const pod = request.object;
  const refuse = (why: string) => forbidden({ group: '', resource: 'pods' }, nameBeforeCreation(pod), why);
  const className = pod.spec.priorityClassName ?? '';
  const found = className === '' ? defaultClass(reader) : reader.find(priorityClassKind, className);
  if (className !== '' && found === undefined) throw refuse(`no PriorityClass with name ${className} was found`);
  const value = found?.value ?? DEFAULT_PRIORITY;
  const preemption = found?.preemptionPolicy ?? DEFAULT_PREEMPTION;
  const { priority: givenValue, preemptionPolicy: givenPreemption } = pod.spec;
  if (givenValue !== undefined && givenValue !== value)
    throw refuse(
      `the integer value of priority (${givenValue}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  if (givenPreemption !== undefined && givenPreemption !== preemption)
    throw refuse(
      `the string value of PreemptionPolicy (${givenPreemption}) must not be provided in pod spec; priority admission controller computed ${preemption} from the given PriorityClass name`,
    );
  const spec = prioritised(pod.spec, { className: found?.metadata.name ?? '', value, preemption });
  return withSpec(pod, spec);
}

interface Priority {
  readonly className: string;
  readonly value: number;
  readonly preemption: string;
}

const prioritised = sharedChange<PodSpec, Priority>(
  (spec, { className, value, preemption }) => ({
    ...spec,
    ...(className === '' ? {} : { priorityClassName: className }),
    priority: value,
    preemptionPolicy: preemption,
  }),
  ({ className, value, preemption }) => `${className} ${value} ${preemption}`,
);

/** Of several defaults the one with the lowest value counts. upstream: getDefaultPriorityClass */
function defaultClass(reader: AdmissionReader): PriorityClass | undefined {
  const defaults = reader.list(priorityClassKind).filter(({ globalDefault }) => globalDefault === true);
  return defaults.reduce<PriorityClass | undefined>(
    (lowest, next) => (lowest === undefined || next.value < lowest.value ? next : lowest),
    undefined,
  );
}

/** There may be only one default class. upstream: validatePriorityClass */
function validateClass(request: AdmissionRequest, reader: AdmissionReader): void {
  if (request.operation === 'DELETE' || !isAbout(request, priorityClassKind) || request.object.globalDefault !== true) return;
  const { name } = request.object.metadata;
  const other = reader.list(priorityClassKind).find((given) => given.globalDefault === true && given.metadata.name !== name);
  if (other === undefined) return;
  const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
  throw forbidden({ group: 'scheduling.k8s.io', resource: 'priorityclasses' }, name, why);
}

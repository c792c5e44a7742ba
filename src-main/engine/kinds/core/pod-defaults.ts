// Fills in what a pod's author may leave out. Pods made from one template hand in the very same spec and get the very same filled-in spec back.
// upstream: pkg/apis/core/v1/defaults.go (release 1.33)
import type * as core from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';
import { canonicalQuantity } from '../../meta/quantity.ts';
import { imageTag } from './image-name.ts';
import {
  type Container,
  type LifecycleHandler,
  mapShared,
  type PodSpec,
  type Probe,
  type ResourceRequirements,
  type Volume,
} from './pod-spec.ts';
import { defaultVolume } from './volume-defaults.ts';

/** The defaults of a pod: those of a template and what only a pod gets. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  return remembered(podSpecs, spec, (given) => podOnly(defaultTemplateSpec(given)));
}

/** The defaults of any pod spec, in templates too; pod-level resources are dropped as long as their feature is off. upstream: SetDefaults_PodSpec */
export function defaultTemplateSpec(spec: PodSpec): PodSpec {
  return remembered(templateSpecs, spec, fillTemplateSpec);
}

const podSpecs = new WeakMap<PodSpec, PodSpec>();
const templateSpecs = new WeakMap<PodSpec, PodSpec>();

function remembered(cache: WeakMap<PodSpec, PodSpec>, spec: PodSpec, fill: (spec: PodSpec) => PodSpec): PodSpec {
  let filled = cache.get(spec);
  if (filled === undefined) {
    filled = fill(spec);
    cache.set(spec, filled);
    cache.set(filled, filled);
  }
  return filled;
}

function fillTemplateSpec(spec: PodSpec): PodSpec {
  const { resources: _alpha, ...modelled } = spec;
  const account = nonEmpty(spec.serviceAccountName) ?? nonEmpty(spec.serviceAccount);
  const lists: { containers?: readonly Container[]; initContainers?: readonly Container[]; volumes?: readonly Volume[] } = {};
  // A spec without containers is refused, but by validation, which wants a list to look at.
  lists.containers = mapShared(spec.containers ?? [], defaultContainer);
  if (spec.initContainers !== undefined) lists.initContainers = mapShared(spec.initContainers, defaultContainer);
  if (spec.volumes !== undefined) lists.volumes = mapShared(spec.volumes, defaultVolume);
  const next = {
    ...modelled,
    ...lists,
    dnsPolicy: nonEmpty(spec.dnsPolicy) ?? 'ClusterFirst',
    restartPolicy: nonEmpty(spec.restartPolicy) ?? 'Always',
    schedulerName: nonEmpty(spec.schedulerName) ?? 'default-scheduler',
    securityContext: spec.securityContext ?? {},
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
  };
  return sameMembers(next, spec) ? spec : next;
}

/** upstream: SetDefaults_Pod */
function podOnly(spec: PodSpec): PodSpec {
  const change = (container: Container): Container => {
    const requested = requestsFromLimits(container);
    return spec.hostNetwork === true ? onHostPorts(requested) : requested;
  };
  const containers = Array.isArray(spec.containers) ? mapShared(spec.containers, change) : spec.containers;
  const init = spec.initContainers === undefined ? undefined : mapShared(spec.initContainers, change);
  if (containers === spec.containers && init === spec.initContainers && spec.enableServiceLinks !== undefined) return spec;
  return { ...spec, containers, ...(init && { initContainers: init }), enableServiceLinks: spec.enableServiceLinks ?? true };
}

function requestsFromLimits(container: Container): Container {
  const { limits, requests } = container.resources ?? {};
  if (limits === undefined || Object.keys(limits).every((name) => requests?.[name] !== undefined)) return container;
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } };
}

function onHostPorts(container: Container): Container {
  if (container.ports === undefined) return container;
  const ports = mapShared(container.ports, (port) => ((port.hostPort ?? 0) === 0 ? { ...port, hostPort: port.containerPort } : port));
  return ports === container.ports ? container : { ...container, ports };
}

/** upstream: SetDefaults_Container */
export function defaultContainer(container: Container): Container {
  const filled: { -readonly [Key in keyof Container]: Container[Key] } = {
    ...container,
    imagePullPolicy: nonEmpty(container.imagePullPolicy) ?? (imageTag(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent'),
    resources: defaultResources(container.resources),
    terminationMessagePath: nonEmpty(container.terminationMessagePath) ?? '/dev/termination-log',
    terminationMessagePolicy: nonEmpty(container.terminationMessagePolicy) ?? 'File',
  };
  if (container.ports !== undefined) filled.ports = mapShared(container.ports, (port) => withDefault(port, 'protocol', 'TCP'));
  if (container.env !== undefined) filled.env = mapShared(container.env, defaultEnv);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (probe !== undefined) filled[name] = defaultProbe(probe);
  }
  if (container.lifecycle !== undefined) filled.lifecycle = defaultLifecycle(container.lifecycle);
  return sameMembers(filled, container) ? container : filled;
}

/** upstream: SetDefaults_Probe */
function defaultProbe(probe: Probe): Probe {
  const filled = {
    ...defaultHandler(probe),
    timeoutSeconds: positive(probe.timeoutSeconds) ?? 1,
    periodSeconds: positive(probe.periodSeconds) ?? 10,
    successThreshold: positive(probe.successThreshold) ?? 1,
    failureThreshold: positive(probe.failureThreshold) ?? 3,
    ...(probe.grpc === undefined ? {} : { grpc: withDefault(probe.grpc, 'service', '') }),
  };
  return sameMembers(filled, probe) ? probe : filled;
}

function defaultLifecycle(lifecycle: Value<core.Lifecycle>): Value<core.Lifecycle> {
  const { postStart, preStop } = lifecycle;
  const filled = {
    ...lifecycle,
    ...(postStart && { postStart: defaultHandler(postStart) }),
    ...(preStop && { preStop: defaultHandler(preStop) }),
  };
  return sameMembers(filled, lifecycle) ? lifecycle : filled;
}

/** upstream: SetDefaults_HTTPGetAction */
function defaultHandler<T extends Pick<LifecycleHandler, 'httpGet'>>(handler: T): T {
  if (handler.httpGet === undefined) return handler;
  const httpGet = withDefault(withDefault(handler.httpGet, 'path', '/'), 'scheme', 'HTTP');
  return httpGet === handler.httpGet ? handler : { ...handler, httpGet };
}

function defaultEnv(variable: Value<core.EnvVar>): Value<core.EnvVar> {
  const { valueFrom } = variable;
  if (valueFrom?.fieldRef === undefined) return variable;
  const fieldRef = withDefault(valueFrom.fieldRef, 'apiVersion', 'v1');
  return fieldRef === valueFrom.fieldRef ? variable : { ...variable, valueFrom: { ...valueFrom, fieldRef } };
}

function defaultResources(resources: ResourceRequirements | undefined): ResourceRequirements {
  if (resources === undefined) return {};
  const filled = { ...resources };
  for (const list of ['limits', 'requests'] as const) {
    const given = resources[list];
    if (given === undefined) continue;
    const next = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, canonicalQuantity(String(text))]));
    if (!sameMembers(next, given)) Object.assign(filled, { [list]: next });
  }
  return sameMembers(filled, resources) ? resources : filled;
}

/** The object with a member filled in where it is absent or empty. */
function withDefault<T extends object, Key extends keyof T & string>(object: T, key: Key, value: T[Key] & string): T {
  const given: unknown = object[key];
  return (given === undefined || given === '') && given !== value ? { ...object, [key]: value } : object;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

// Zero is Go's absent number; a negative one stays and is refused by validation.
function positive(number: number | undefined): number | undefined {
  return number === 0 ? undefined : number;
}

/** Do both hold the very same members? Then the given object can be kept, and stays shared. */
export function sameMembers(a: object, b: object): boolean {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) if (left[key] !== right[key]) return false;
  for (const key in right) if (!(key in left)) return false;
  return true;
}

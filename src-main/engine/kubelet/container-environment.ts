// The environment of a container's processes: what its specification says, what its sources held when it was started, and the Services of its namespace.
// upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/kubelet/envvars/envvars.go FromServices
import { compareText } from '../base/compare-text.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import { downwardField } from './downward-field.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import type { Container } from './pod-types.ts';
import { configMapData, secretData } from './source-files.ts';

type Variable = NonNullable<Container['env']>[number];
export type Environment = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z_.-][A-Za-z0-9_.-]*$/;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What config maps and secrets say now; undefined when the container asks none of them. A process keeps what it was started with. */
export function sourcedEnvironment(world: KubeletWorld, object: Pod, container: Container): Environment | undefined {
  const found: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef !== undefined ? configMapData(world, object, configMapRef.name) : secretData(world, object, secretRef?.name);
    for (const [key, value] of Object.entries(data)) if (NAME.test(`${prefix}${key}`)) found[`${prefix}${key}`] = value;
  }
  for (const { name, valueFrom } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    const reference = configMapKeyRef ?? secretKeyRef;
    if (reference === undefined) continue;
    const data =
      configMapKeyRef !== undefined ? configMapData(world, object, configMapKeyRef.name) : secretData(world, object, reference.name);
    const value = data[reference.key];
    if (value !== undefined) found[name] = value;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/** One variable; of those that nobody asks for by name, none is made. */
export function environmentVariable(
  name: string,
  object: Pod,
  pod: PodState,
  container: Container,
  sourced: Environment | undefined,
): string | undefined {
  if (name === 'HOSTNAME') return hostname(object);
  const variable = container.env?.findLast((one) => one.name === name);
  if (variable === undefined) return name === 'PATH' ? PATH : name === 'HOME' ? '/root' : sourced?.[name];
  return variableValue(variable, object, pod, container, sourced);
}

/** All of them, in the order in which `env` shows them. */
export function wholeEnvironment(
  object: Pod,
  pod: PodState,
  container: Container,
  sourced: Environment | undefined,
  services: readonly Service[],
): ReadonlyMap<string, string> {
  const all = new Map([
    ['PATH', PATH],
    ['HOSTNAME', hostname(object)],
  ]);
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, object, pod, container, sourced);
    if (value !== undefined) all.set(variable.name, value);
  }
  for (const [name, value] of Object.entries(sourced ?? {})) if (!all.has(name)) all.set(name, value);
  for (const [name, value] of services.flatMap(serviceVariables)) if (!all.has(name)) all.set(name, value);
  all.set('HOME', all.get('HOME') ?? '/root');
  return all;
}

function hostname({ spec, metadata }: Pod): string {
  return spec.hostname ?? metadata.name;
}

function variableValue(
  { name, value, valueFrom }: Variable,
  object: Pod,
  pod: PodState,
  container: Container,
  sourced: Environment | undefined,
): string | undefined {
  if (valueFrom === undefined) return expanded(value ?? '', name, object, pod, container, sourced);
  if (valueFrom.fieldRef !== undefined) return downwardField(valueFrom.fieldRef.fieldPath, object, pod);
  if (valueFrom.resourceFieldRef !== undefined) return resourceField(container, valueFrom.resourceFieldRef);
  return sourced?.[name];
}

/** `$(OTHER)` for what is declared before; `$$` is a dollar. upstream: third_party/forked/golang/expansion */
function expanded(text: string, own: string, object: Pod, pod: PodState, container: Container, sourced: Environment | undefined): string {
  if (!text.includes('$')) return text;
  const before = (container.env ?? []).slice(
    0,
    (container.env ?? []).findIndex((one) => one.name === own),
  );
  return filledIn(text, (name) => {
    const variable = before.findLast((one) => one.name === name);
    return variable === undefined ? sourced?.[name] : variableValue(variable, object, pod, container, sourced);
  });
}

/** What no variable is meant by stays as it is. */
function filledIn(text: string, meaning: (name: string) => string | undefined): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (meaning(name) ?? whole),
  );
}

/** Where in a volume a mount leads, with the container's variables filled in, and those that have no value. upstream: pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts */
export function subPathOf(
  text: string,
  object: Pod,
  pod: PodState,
  container: Container,
  sourced: Environment | undefined,
): { readonly path: string; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const path = filledIn(text, (name) => {
    const variable = container.env?.findLast((one) => one.name === name);
    const value = (variable === undefined ? sourced?.[name] : variableValue(variable, object, pod, container, sourced)) ?? '';
    if (value === '') missing.add(name);
    return value;
  });
  return { path, missing: [...missing].sort(compareText) };
}

/** upstream: pkg/api/v1/resource ExtractContainerResourceValue */
function resourceField({ resources }: Container, reference: { readonly resource: string; readonly divisor?: string }): string | undefined {
  const [side, name = ''] = [
    reference.resource.slice(0, reference.resource.indexOf('.')),
    reference.resource.slice(reference.resource.indexOf('.') + 1),
  ];
  const amounts = side === 'limits' ? resources?.limits : resources?.requests;
  const text = amounts?.[name];
  if (text === undefined) return side === 'requests' ? '0' : undefined;
  const divisor = reference.divisor === undefined || reference.divisor === '0' ? '1' : reference.divisor;
  return String(
    name === 'cpu'
      ? Math.ceil(quantityMilliValue(text) / quantityMilliValue(divisor))
      : Math.ceil(quantityValue(text) / quantityValue(divisor)),
  );
}

function serviceVariables({ metadata, spec }: Service): readonly (readonly [string, string])[] {
  const { clusterIP = '', ports = [] } = spec;
  const [first] = ports;
  if (clusterIP === '' || clusterIP === 'None' || first === undefined) return [];
  const name = variableName(metadata.name);
  const url = (port: (typeof ports)[number]): string => `${(port.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${port.port}`;
  return [
    [`${name}_SERVICE_HOST`, clusterIP],
    [`${name}_SERVICE_PORT`, String(first.port)],
    ...ports
      .filter((port) => (port.name ?? '') !== '')
      .map((port) => [`${name}_SERVICE_PORT_${variableName(port.name ?? '')}`, String(port.port)] as const),
    [`${name}_PORT`, url(first)],
    ...ports.flatMap((port) => {
      const prefix = `${name}_PORT_${port.port}_${port.protocol ?? 'TCP'}`;
      return [
        [prefix, url(port)],
        [`${prefix}_PROTO`, (port.protocol ?? 'TCP').toLowerCase()],
        [`${prefix}_PORT`, String(port.port)],
        [`${prefix}_ADDR`, clusterIP],
      ] as const;
    }),
  ];
}

function variableName(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

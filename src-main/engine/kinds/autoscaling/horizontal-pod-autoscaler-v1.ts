// autoscaling/v1 of a HorizontalPodAutoscaler: one CPU target as a field, and what else there is in annotations, so that nothing is lost on the way there and back.
// upstream: pkg/apis/autoscaling/v1/conversion.go
import type { ApiObject, JsonObject, JsonValue } from '../../meta/object.ts';
import type { KindVersion } from '../kind.ts';

export const autoscalingV1: KindVersion = { version: 'v1', fromStored, toStored };

const PREFIX = 'autoscaling.alpha.kubernetes.io';
const NAMES = {
  metrics: `${PREFIX}/metrics`,
  current: `${PREFIX}/current-metrics`,
  conditions: `${PREFIX}/conditions`,
  behavior: `${PREFIX}/behavior`,
};

type Document = ApiObject & { readonly spec?: JsonObject; readonly status?: JsonObject };

function fromStored(object: ApiObject): ApiObject {
  const { spec = {}, status, metadata } = object as Document;
  const { metrics, behavior, ...rest } = spec;
  const specs = listOf(metrics);
  const target = percentOf(specs, 'target');
  const others = specs.filter((metric) => !isCpuPercent(metric));
  const { currentMetrics, conditions, ...counts } = status ?? {};
  const current = listOf(currentMetrics);
  const used = percentOf(current, 'current');
  const notes: Record<string, string> = { ...metadata.annotations };
  if (others.length > 0) notes[NAMES.metrics] = JSON.stringify(others.map((metric) => flattened(metric, 'target')));
  if (current.length > 0) notes[NAMES.current] = JSON.stringify(current.map((metric) => flattened(metric, 'current')));
  if (listOf(conditions).length > 0) notes[NAMES.conditions] = JSON.stringify(conditions);
  if (behavior !== undefined) notes[NAMES.behavior] = JSON.stringify(behavior);
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(metadata, notes),
    spec: { ...rest, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...counts, ...(used === undefined ? {} : { currentCPUUtilizationPercentage: used }) },
  } as ApiObject;
}

function toStored(object: ApiObject): ApiObject {
  const { spec = {}, status, metadata } = object as Document;
  const notes: Record<string, string> = { ...metadata?.annotations };
  const taken = (name: string): JsonValue | undefined => {
    const text = notes[name];
    delete notes[name];
    return text === undefined ? undefined : parsed(text);
  };
  const [metrics, current, conditions, behavior] = [NAMES.metrics, NAMES.current, NAMES.conditions, NAMES.behavior].map(taken);
  const { targetCPUUtilizationPercentage: target, ...rest } = spec;
  const { currentCPUUtilizationPercentage: _used, ...counts } = status ?? {};
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target ?? null } } };
  const specs = [...listOf(metrics).map((metric) => raised(metric, 'target')), ...(typeof target === 'number' ? [cpu] : [])];
  const measured = listOf(current).map((metric) => raised(metric, 'current'));
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(metadata, notes),
    spec: { ...rest, ...(specs.length === 0 ? {} : { metrics: specs }), ...(isObject(behavior) ? { behavior } : {}) },
    ...(status === undefined
      ? {}
      : {
          status: { ...counts, ...(measured.length > 0 && { currentMetrics: measured }), ...(Array.isArray(conditions) && { conditions }) },
        }),
  } as ApiObject;
}

type Side = 'target' | 'current';

const PARTS = ['resource', 'containerResource', 'pods', 'object', 'external'] as const;

/** `{ target: { averageUtilization: 50 } }` was `{ targetAverageUtilization: 50 }` once. */
function flattened(metric: JsonObject, side: Side): JsonObject {
  const part = PARTS.find((name) => isObject(metric[name]));
  if (part === undefined) return metric;
  const { [side]: values, metric: identifier, describedObject, ...rest } = metric[part] as JsonObject;
  const { name, selector } = isObject(identifier) ? identifier : {};
  const flat: Record<string, JsonValue> = { ...rest };
  if (describedObject !== undefined) flat['target'] = describedObject;
  if (name !== undefined) flat['metricName'] = name;
  if (selector !== undefined) flat[part === 'external' ? 'metricSelector' : 'selector'] = selector;
  for (const [field, value] of Object.entries(isObject(values) ? values : {}))
    if (field !== 'type') flat[part === 'object' && field === 'averageValue' ? field : `${side}${capital(field)}`] = value;
  return { type: metric['type'] ?? '', [part]: flat };
}

/** The way back. */
function raised(metric: JsonObject, side: Side): JsonObject {
  const part = PARTS.find((name) => isObject(metric[name]));
  if (part === undefined) return metric;
  const whole: Record<string, JsonValue> = {};
  const values: Record<string, JsonValue> = {};
  const identifier: Record<string, JsonValue> = {};
  for (const [field, value] of Object.entries(metric[part] as JsonObject)) {
    const inner = FIELDS.find((one) => field === one || field === `${side}${capital(one)}`);
    if (field === 'target') whole['describedObject'] = value;
    else if (field === 'metricName') identifier['name'] = value;
    else if (field === 'selector' || field === 'metricSelector') identifier['selector'] = value;
    else if (inner !== undefined) values[inner] = value;
    else whole[field] = value;
  }
  if (side === 'target') values['type'] = typeOf(values);
  if (Object.keys(identifier).length > 0) whole['metric'] = identifier;
  return { type: metric['type'] ?? '', [part]: { ...whole, [side]: values } };
}

const FIELDS = ['averageUtilization', 'averageValue', 'value'] as const;

function typeOf(values: JsonObject): string {
  if (values['averageUtilization'] !== undefined) return 'Utilization';
  return values['averageValue'] === undefined ? 'Value' : 'AverageValue';
}

function percentOf(metrics: readonly JsonObject[], side: Side): JsonValue | undefined {
  for (const { type, resource } of metrics) {
    if (type !== 'Resource' || !isObject(resource) || resource['name'] !== 'cpu') continue;
    const values = resource[side];
    if (isObject(values) && values['averageUtilization'] !== undefined) return values['averageUtilization'];
  }
  return undefined;
}

function isCpuPercent(metric: JsonObject): boolean {
  return percentOf([metric], 'target') !== undefined;
}

function withAnnotations(metadata: ApiObject['metadata'], notes: Readonly<Record<string, string>>): ApiObject['metadata'] {
  const { annotations: _annotations, ...rest } = metadata ?? {};
  return (Object.keys(notes).length === 0 ? rest : { ...rest, annotations: notes }) as ApiObject['metadata'];
}

/** What cannot be read is left out, as upstream leaves it out. */
function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function capital(field: string): string {
  return field.slice(0, 1).toUpperCase() + field.slice(1);
}

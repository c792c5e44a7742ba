// How many endpoints of each Service were ready over time: what its users felt, beside what the cluster did.
import type { AvailabilityPoint, AvailabilityRecord, StepTone } from '../../contract/timeline.ts';
import type { Delta } from '../../engine/api/store.ts';
import type { EndpointSlice } from '../../engine/kinds/discovery/endpoint-slice.ts';
import type { StepDraft } from './step-draft.ts';

export const POINTS_MAX = 400;
export const SERVICES_MAX = 500;
const SERVICE_LABEL = 'kubernetes.io/service-name';
/** No pods are behind it: nothing in the cluster makes its address come or go. */
const API_SERVER = 'default/kubernetes';

interface Line {
  readonly slices: Map<string, readonly [ready: number, all: number]>;
  points: AvailabilityPoint[];
  /** Number of its newest point among those of all Services. */
  newest: number;
}

export class Availability {
  nextPoint = 1;
  readonly #lines = new Map<string, Line>();

  /** Folds a change of an EndpointSlice and tells what it means for the Service. */
  fold({ type, key, object, atMs }: Delta): readonly StepDraft[] {
    const slice = object as EndpointSlice;
    const name = slice.metadata.labels?.[SERVICE_LABEL];
    if (name === undefined) return [];
    const service = `${slice.metadata.namespace}/${name}`;
    if (service === API_SERVER) return [];
    const line = this.#line(service);
    if (line === undefined) return [];
    if (type === 'DELETED') line.slices.delete(key);
    else line.slices.set(key, countsOf(slice));
    let ready = 0;
    let all = 0;
    for (const [sliceReady, sliceAll] of line.slices.values()) {
      ready += sliceReady;
      all += sliceAll;
    }
    const last = line.points.at(-1);
    if (last !== undefined && last[1] === ready && last[2] === all) return [];
    if (last?.[0] === atMs) line.points[line.points.length - 1] = [atMs, ready, all];
    else line.points.push([atMs, ready, all]);
    if (line.points.length > POINTS_MAX) line.points = thinned(line.points);
    line.newest = this.nextPoint;
    this.nextPoint += 1;
    return told(service, last?.[1] ?? 0, ready, all);
  }

  /** Puts what others saw before these began in front. */
  remember(earlier: Availability): void {
    for (const [service, { points }] of earlier.#lines) {
      const line = this.#line(service);
      if (line === undefined) return;
      const last = points.at(-1);
      const later = line.points.filter(([atMs]) => last === undefined || atMs > last[0]);
      line.points = [...points, ...later];
      if (line.points.length > POINTS_MAX) line.points = thinned(line.points);
      line.newest = this.nextPoint;
      this.nextPoint += 1;
    }
  }

  /** Services with a point of this number or a later one. */
  since(point: number): readonly AvailabilityRecord[] {
    return [...this.#lines].flatMap(([key, { points, newest }]) => (newest < point ? [] : [{ key, points: [...points] }]));
  }

  #line(service: string): Line | undefined {
    const known = this.#lines.get(service);
    if (known !== undefined || this.#lines.size >= SERVICES_MAX) return known;
    const line: Line = { slices: new Map(), points: [], newest: 0 };
    this.#lines.set(service, line);
    return line;
  }
}

function countsOf({ endpoints }: EndpointSlice): readonly [number, number] {
  let ready = 0;
  // upstream: discovery/v1 types.go: a nil ready condition is to be read as true
  for (const { conditions } of endpoints ?? []) if (conditions?.ready !== false) ready += 1;
  return [ready, endpoints?.length ?? 0];
}

function told(key: string, before: number, ready: number, all: number): readonly StepDraft[] {
  if (before === ready) return [];
  const [what, tone]: readonly [string, StepTone] =
    ready === 0 ? ['down', 'bad'] : before === 0 ? ['up', 'good'] : ready < before ? ['fewer', 'bad'] : ['more', 'good'];
  return [{ lane: 'services', tone, what: `service.${what}`, kind: 'Service', key, values: { ready, all } }];
}

/** The older half in pairs: of two moments the worse one is kept, because an outage must not disappear. */
function thinned(points: readonly AvailabilityPoint[]): AvailabilityPoint[] {
  const half = points.length >> 1;
  const older: AvailabilityPoint[] = [];
  for (let at = 0; at < half; at += 2) {
    const first = points[at] as AvailabilityPoint;
    const second = points[at + 1] ?? first;
    older.push(at + 1 < half && second[1] < first[1] ? [first[0], second[1], second[2]] : first);
  }
  return [...older, ...points.slice(half)];
}
